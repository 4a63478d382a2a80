# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Compares sheets that somebody has filled in with the inventory: what differs is an edit, what is wrong a problem."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inventories.editing.edits import REGION, Edit
from inventories.editing.splice import Value
from inventories.findings import did_you_mean
from inventories.importer import Problem, Proposal, Proposed
from inventories.model import Asset, Inventory
from inventories.tables.cells import BadCell, Cell, alike, said, shown
from inventories.tables.columns import Column, Row, Table, headers, rows, tables

Key = tuple[str, ...]

_MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell whose value cannot be taken, and why."""

    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by name: its rows, the first being the header."""

    name: str
    rows: Iterable[Sequence[Cell | Unusable]]


def sheets(inventory: Inventory, assets: Sequence[Asset]) -> Iterator[tuple[Table, tuple[Column, ...], Sheet]]:
    """Yield the sheets that show an inventory, with ``assets`` as its hosts and devices."""
    for table in tables():
        entries = list(rows(table, inventory, assets))
        columns = headers(table, entries)
        header = [column.header for column in columns]
        filled = [[*row.key, *_cells(row, columns[len(table.keys) :])] for row in entries]
        yield table, columns, Sheet(table.name, [header, *filled])


def _cells(row: Row, columns: Sequence[Column]) -> Iterator[Cell]:
    for column in columns:
        value = row.region if column.path == REGION else row.values.get(column.header)
        yield shown(column.form, value) if value is not None else None


def propose(filled: Iterable[Sheet], inventory: Inventory) -> Proposal:
    """Return what ``filled`` sheets would change; sheets and columns that are missing leave everything as it is."""
    known = {table.name: table for table in tables()}
    order = list(known)
    comparison = _Comparison(inventory)
    given: list[Sheet] = []
    for sheet in filled:
        if sheet.name in known:
            given.append(sheet)
        else:
            hint = did_you_mean(sheet.name, known) or f"known: {', '.join(known)}"
            comparison.problems.append(Problem(sheet.name, "is no kind of entry", hint))
    for sheet in sorted(given, key=lambda sheet: order.index(sheet.name)):
        comparison.take(known[sheet.name], sheet)
    return Proposal(tuple(comparison.edits), tuple(comparison.absent), tuple(comparison.problems[:_MOST_PROBLEMS]))


@dataclass(slots=True)
class _Comparison:
    """Goes through sheets, those of entries before those of their parts."""

    inventory: Inventory
    edits: list[Proposed] = field(default_factory=list)
    absent: list[Edit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # The ids that will be there, by table; and those that a sheet has no row for.
    there: dict[str, set[Key]] = field(default_factory=dict)
    missing: dict[str, set[Key]] = field(default_factory=dict)

    def take(self, table: Table, sheet: Sheet) -> None:
        """Compare one sheet."""
        lines = iter(sheet.rows)
        columns = self._header(table, sheet.name, next(lines, ()))
        if columns is None:
            return
        now = self._now(table)
        seen: dict[Key, int] = {}
        for number, line in enumerate(lines, start=2):
            if len(self.problems) >= _MOST_PROBLEMS:
                return
            row = _Line(sheet.name, number, [c if isinstance(c, Unusable) or not _blank(c) else None for c in line])
            key = self._key(table, columns, row, seen)
            if key is None:
                continue
            seen[key] = number
            if key in now:
                self._changed(table, columns, row, now[key])
            else:
                self._new(table, columns, row, key)
        self.there[table.name] = {*now, *seen}
        gone = {key for key in now if key not in seen}
        self.missing[table.name] = gone
        above = self.missing.get(_above(table), set())
        self.absent += [
            Edit(table.kind, key[0], now[key].region, table.way(key), None)
            for key in now
            if key in gone and key[:-1] not in above
        ]

    def _now(self, table: Table) -> dict[Key, Row]:
        return {row.key: row for row in rows(table, self.inventory, self.inventory.assets)}

    def _header(self, table: Table, name: str, line: Sequence[Cell | Unusable]) -> dict[int, Column] | None:
        """Return the columns by position, None when something is wrong with them."""
        found: dict[int, Column] = {}
        before = len(self.problems)
        header = _Line(name, 1, line)
        known = [column.header for column in (*table.keys, *table.columns)]
        for index, cell in enumerate(line):
            if cell is None or cell == "":
                continue
            column = table.column(cell) if isinstance(cell, str) else None
            if column is None:
                hint = did_you_mean(str(cell), known) or f"known: {', '.join(known)}"
                self._wrong(header, index, f"unknown column {cell!r}", hint)
            elif column in found.values():
                self._wrong(header, index, f"column {cell!r} is already there", "keep one of the two")
            else:
                found[index] = column
        for column in table.keys:
            if column not in found.values():
                self._wrong(header, 0, f"column {column.header!r} is missing", "it says which entry a row is about")
        return found if len(self.problems) == before else None

    def _key(self, table: Table, columns: Mapping[int, Column], row: "_Line", seen: Mapping[Key, int]) -> Key | None:
        """Return the ids of a row, None for an empty one and for one that cannot be told from others."""
        if all(cell is None for cell in row.cells):
            return None
        at = {column: index for index, column in columns.items()}
        ids: list[str] = []
        for column in table.keys:
            value = self._said(row, at[column], column)
            if value is None:
                cell = row.cell(at[column])
                if cell is None:
                    self._wrong(row, at[column], f"{column.header} is missing", "give it, or empty the row")
                return None
            ids.append(str(value))
        key = tuple(ids)
        if key in seen:
            self._wrong(row, at[table.keys[-1]], f"{key[-1]!r} is already in row {seen[key]}", "keep one of the two")
            return None
        return key

    def _changed(self, table: Table, columns: Mapping[int, Column], row: "_Line", now: Row) -> None:
        for index, column in columns.items():
            if column in table.keys:
                continue
            value = now.region if column.path == REGION else now.values.get(column.header)
            old = said(column.form, shown(column.form, value) if value is not None else None)
            before = len(self.problems)
            new = self._said(row, index, column)
            if len(self.problems) > before or alike(old, new):
                continue
            if column.derived:
                self._wrong(row, index, f"{column.header} follows from the rest", "change what it follows from")
                continue
            path = REGION if column.path == REGION else table.path(now.key, column)
            if new == () and path[0] not in table.kind.inherits:
                new = None
            edit = Edit(table.kind, now.key[0], now.region, path, new)
            self.edits.append(Proposed(edit, {path: row.at(index)}))

    def _new(self, table: Table, columns: Mapping[int, Column], row: "_Line", key: Key) -> None:
        start = table.way(key)
        first = next(index for index, column in columns.items() if column == table.keys[-1])
        region = ""
        entry: dict[str, Any] = {}
        places = {start: row.at(first)}
        for index, column in columns.items():
            value = None if column.derived else self._said(row, index, column)
            if column.path == REGION:
                region = str(value or "")
            elif column not in table.keys and value not in {None, ()}:
                _set(entry, column.path, value)
                places[*start, *column.path] = row.at(index)
        if table.fields:
            if not self._has_place(table, columns, row, key):
                return
        elif not region:
            self._wrong(
                row, first, f"{table.kind.label} {key[0]!r} is new and has no region", "say where it is written"
            )
            return
        self.edits.append(Proposed(Edit(table.kind, key[0], region, start, entry), places))

    def _has_place(self, table: Table, columns: Mapping[int, Column], row: "_Line", key: Key) -> bool:
        """Tell whether what a new part belongs to is there or comes as well."""
        above = next(other for other in tables() if other.name == _above(table))
        if above.name not in self.there:
            self.there[above.name] = set(self._now(above))
        if key[:-1] in self.there[above.name]:
            return True
        at = next(index for index, column in columns.items() if column == table.keys[-2])
        near = [other[-1] for other in self.there[above.name] if other[:-1] == key[:-2]]
        hint = did_you_mean(key[-2], near)
        self._wrong(row, at, f"there is no {table.keys[-2].header} {key[-2]!r}", hint or f"add it to {above.name}")
        return False

    def _said(self, row: "_Line", index: int, column: Column) -> Value:
        """Return what a cell says; None for an empty one, and for one that is no use, which is told."""
        cell = row.cell(index)
        if isinstance(cell, Unusable):
            self._wrong(row, index, f"{column.header} {cell.what}", cell.hint)
            return None
        try:
            return said(column.form, cell)
        except BadCell as problem:
            self._wrong(row, index, f"{column.header} {problem.what}", problem.hint)
            return None

    def _wrong(self, row: "_Line", index: int, what: str, hint: str | None) -> None:
        self.problems.append(Problem(row.at(index), what, hint))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a sheet, and what its cells are called."""

    sheet: str
    number: int
    cells: Sequence[Cell | Unusable]

    def cell(self, index: int) -> Cell | Unusable:
        return self.cells[index] if index < len(self.cells) else None

    def at(self, index: int) -> str:
        return f"{self.sheet}!{letters(index)}{self.number}"


def letters(index: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    before, last = divmod(index, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _above(table: Table) -> str:
    return table.name.rpartition(".")[0]


def _set(entry: dict[str, Any], path: Sequence[str], value: Value) -> None:
    for key in path[:-1]:
        entry = entry.setdefault(key, {})
    entry[path[-1]] = value
