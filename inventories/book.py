# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventory as it was written: one record per entry, its resolved values and where each of them stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Generic, TypeVar

from inventories.findings import Place, Report
from inventories.model import KINDS, Asset, Authority, Device, Entry, Host, Inventory, Listed, Region
from inventories.reading.source import Node

M_co = TypeVar("M_co", bound=Entry, covariant=True)
L = TypeVar("L", bound=Listed)


@dataclass(frozen=True, slots=True)
class Record(Generic[M_co]):
    """One entry: ``node`` holds its values after inheritance, ``model`` is None when they do not make a valid one."""

    kind: str
    id: str
    region: str
    node: Node
    model: M_co | None

    def place(self, *path: str | int) -> Place:
        """Return where the value at ``path`` is written, which may be in a file above; without path, the entry."""
        node, keys = find(self.node, path)
        return node.place if keys else node.key_place


@dataclass(slots=True)
class Book:
    """Everything that was read, valid or not, in inventory order, and what was found wrong while reading."""

    today: date
    """Against which due dates are checked: the authority's ``as_of``, else the day of reading."""
    authority: Record[Authority] | None = None
    regions: list[Record[Region]] = field(default_factory=list)
    listed: dict[type[Listed], list[Record[Any]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    # Directories that hold entries or regions without saying which region they are, and where that shows.
    undeclared: dict[str, Place] = field(default_factory=dict)
    # The text of each file that could not be read to its end; None where not even that is known.
    unread: dict[str, str | None] = field(default_factory=dict)
    # True when reading ended early because too much is wrong.
    stopped: bool = False
    report: Report = field(default_factory=Report)
    _by_id: dict[type[Listed], dict[str, Record[Any]]] = field(default_factory=dict)
    # Dozens of rules go through them: as lists that takes a fifth of the time.
    _valid: dict[type[Listed], list[tuple[Record[Any], Any]]] = field(default_factory=dict)

    def of(self, kind: type[L]) -> list[Record[L]]:
        """Return the records of one kind."""
        return self.listed[kind]

    def records(self) -> Iterator[Record[Any]]:
        """Yield all records: regions, then what is listed."""
        yield from self.regions
        for records in self.listed.values():
            yield from records

    def by_id(self, kind: type[L]) -> Mapping[str, Record[L]]:
        """Return the records of one kind by id, the first of each; only for a book that is read to its end."""
        if kind not in self._by_id:
            self._by_id[kind] = {record.id: record for record in reversed(self.listed[kind])}
        return self._by_id[kind]

    def valid(self, kind: type[L]) -> Iterator[tuple[Record[L], L]]:
        """Yield the records of one kind that make a valid entry, with it; only for a book that is read to its end."""
        if kind not in self._valid:
            self._valid[kind] = [(record, record.model) for record in self.listed[kind] if record.model is not None]
        return iter(self._valid[kind])

    def assets(self) -> Iterator[tuple[Record[Asset], Asset]]:
        """Yield the valid hosts, then the valid devices."""
        return chain(self.valid(Host), self.valid(Device))

    def sole(self, kind: type[L], entry_id: str | None) -> L | None:
        """Return the valid entry of that id, None when there is none."""
        record = self.by_id(kind).get(entry_id or "")
        return record.model if record is not None else None

    def may_declare(self, name: str) -> bool:
        """Tell whether ``name`` may be declared where reading failed, so that nobody can say it is missing."""
        return self.stopped or any(text is None or name in text for text in self.unread.values())

    def inventory(self, authority: Authority) -> Inventory:
        """Return the resolved inventory of a book without errors."""
        listed: dict[str, Any] = {kind.section: models(records) for kind, records in self.listed.items()}
        return Inventory.model_construct(authority=authority, regions=models(self.regions), **listed)


def models(records: Sequence[Record[M_co]]) -> tuple[M_co, ...]:
    """Return the valid entries among ``records``."""
    return tuple(record.model for record in records if record.model is not None)


def find(node: Node, path: tuple[str | int, ...]) -> tuple[Node, tuple[str, ...]]:
    """Return the node at ``path``, or the last one on the way there, and the keys that lead to it.

    A number counts the entries of a mapping too.
    """
    keys: list[str] = []
    for step in path:
        inner = node.value
        if isinstance(inner, dict):
            key = list(inner)[step] if isinstance(step, int) else step
            below = inner.get(key)
        elif isinstance(inner, list) and isinstance(step, int):
            key, below = str(step), inner[step]
        else:
            break
        if below is None:
            break
        keys.append(key)
        node = below
    return node, tuple(keys)
