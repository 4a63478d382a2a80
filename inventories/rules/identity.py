# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about what must be unique, and what must not be written down at all."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from inventories.book import Book, Record
from inventories.errors import at
from inventories.findings import Finding, Rule
from inventories.model import KINDS, Device, Group, Host
from inventories.registry import rule

_SECRET = re.compile(r"passw|passphrase|secret|token|api_?key|private_?key|community")


@rule("INV-ID-001", "error", "give each its own name")
def unique_names(this: Rule, book: Book) -> Iterator[Finding]:
    """Names are unique in the whole inventory: those of each kind, hosts and devices together; groups may recur."""
    spaces: list[Sequence[Record[Any]]] = [book.of(kind) for kind in KINDS if kind not in (Group, Host, Device)]
    spaces.append([*book.of(Host), *book.of(Device)])
    for records in spaces:
        first: dict[str, Record[Any]] = {}
        for record in records:
            other = first.setdefault(record.id, record)
            if other is not record:
                yield this.found(record.place(), f"{record.kind} {record.id!r} is already {_where(other)}")


@rule("INV-ID-002", "error", "give each its own address")
def unique_addresses(this: Rule, book: Book) -> Iterator[Finding]:
    """No two hosts or devices have the same management address."""
    first: dict[str, Record[Any]] = {}
    for record, asset in book.assets():
        other = first.setdefault(str(asset.address), record)
        if other is not record:
            message = f"{asset.address} is already the address of {other.id!r}, {_where(other)}"
            yield this.found(record.place("address"), message)


@rule("INV-SEC-001", "error", "keep the secret elsewhere and name the place, e.g. <name>_file: /etc/...")
def no_plaintext_secret(this: Rule, book: Book) -> Iterator[Finding]:
    """No variable of a host or device is named like a secret, unless it names the file that has it."""
    for record, asset in book.assets():
        for name in asset.vars:
            if _SECRET.search(name) and not name.endswith("_file"):
                yield this.found(record.place("vars", name), f"{name!r} looks like a secret in plain text")


def _where(record: Record[Any]) -> str:
    place = record.place()
    return f"at {at(place.file, place.line)}"
