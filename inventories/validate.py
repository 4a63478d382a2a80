# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Checks a whole book: what was found while reading it, then every registered rule."""

from inventories import rules
from inventories.book import Book
from inventories.findings import Finding, in_order
from inventories.registry import REGISTRY

__all__ = ["rules", "validate"]


def validate(book: Book) -> tuple[Finding, ...]:
    """Return all findings, by file and line.

    A book that could not be read to its end is not checked beyond reading: what is missing may be declared there.
    """
    findings = list(book.report.findings)
    if book.complete:
        for registered in REGISTRY.values():
            findings += registered.check(registered.rule, book)
    return in_order(findings)
