# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Checks a whole book: what was found while reading it, then every registered rule."""

from collections.abc import Mapping

from pydantic import Field

from inventories import rules
from inventories.base import Frozen
from inventories.book import Book
from inventories.findings import Finding, in_order
from inventories.registry import REGISTRY

__all__ = ["Checked", "rules", "validate"]


class Checked(Frozen):
    """What was found, and how much was looked at."""

    findings: tuple[Finding, ...] = Field(description="By file and line.")
    sizes: Mapping[str, int] = Field(description="How many regions there are, and entries of each section.")
    unread: int = Field(description="How many files could not be read.")
    stopped: bool = Field(description="Whether reading was given up, so that the rules were not asked.")

    @property
    def sound(self) -> bool:
        """Whether the inventory can be relied upon: there is no error, at most warnings."""
        return not any(finding.severity == "error" for finding in self.findings)

    @classmethod
    def of(cls, book: Book, findings: tuple[Finding, ...]) -> "Checked":
        """Return what ``findings`` say of ``book``."""
        sizes = {"regions": len(book.regions)} | {kind.section: len(records) for kind, records in book.listed.items()}
        return cls(findings=findings, sizes=sizes, unread=len(book.unread), stopped=book.stopped)


def validate(book: Book) -> tuple[Finding, ...]:
    """Return all findings, by file and line.

    When a file could not be read, the rules take what it may declare for declared; when reading was given up, they are
    not asked.
    """
    findings = list(book.report.findings)
    if not book.stopped:
        for registered in REGISTRY.values():
            findings += registered.check(registered.rule, book)
    return in_order(findings)
