# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Compares two inventories entry by entry; an entry that only has a new name is the same entry."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from inventories.diff.changes import Change, Comparison, Meaning, comparison, risks
from inventories.model import KINDS, Asset, Cable, Certificate, Entry, Inventory, Part, Service, Site

# What follows from other entries: the change is told where it was made.
_DERIVED = frozenset({"services", "link"})
_MOVES = frozenset({"region", "site", "room", "rack", "u_position", "parent"})
_ADDRESSES = frozenset({"address", "addresses", "prefixes"})
_ANSWERING = frozenset({"owner", "rota", "administrators"})
_RANKS: Mapping[str, Sequence[object]] = {
    "importance": ("low", "normal", "high", "critical"),
    "mlps_level": (1, 2, 3, 4),
    "grade": ("C", "B", "A"),
}


def compare(old: Inventory, new: Inventory, roots: tuple[Path, Path]) -> Comparison:
    """Return what changed from ``old`` to ``new``, which were loaded from the directories ``roots``."""
    return comparison(list(_Comparer(old, new, roots).changes()))


class _Comparer:
    """Finds which entries are the same before it compares them: what refers to a renamed one did not change."""

    def __init__(self, old: Inventory, new: Inventory, roots: tuple[Path, Path]) -> None:
        self.roots = [root.absolute() for root in roots]
        self.kinds: list[tuple[str, dict[str, Entry], dict[str, Entry]]] = [
            ("authority", {"authority": old.authority}, {"authority": new.authority}),
            ("region", {one.path: one for one in old.regions}, {one.path: one for one in new.regions}),
        ]
        for kind in KINDS:
            before, after = ({_id(one): one for one in getattr(state, kind.section)} for state in (old, new))
            self.kinds.append((kind.label, before, after))
        self.renamed = {label: _renamed(before, after) for label, before, after in self.kinds}
        self.new_names = {name: new for names in self.renamed.values() for name, new in names.items()}

    def changes(self) -> Iterator[Change]:
        for label, before, after in self.kinds:
            names = self.renamed[label]
            kept = set(names.values())
            for name, entry in before.items():
                successor = after.get(names.get(name, name))
                if successor is None:
                    yield _change(label, entry, "removed", risk=risks().removed)
                    continue
                if name in names:
                    renamed = risks().renamed
                    yield _change(label, successor, "renamed", old=name, new=names[name], risk=renamed)
                yield from self._fields(label, entry, successor)
            for name, entry in after.items():
                if name not in before and name not in kept:
                    yield _change(label, entry, "added", risk=risks().added)

    def _fields(self, label: str, before: Entry, after: Entry) -> Iterator[Change]:
        skipped = {"id", "name" if isinstance(after, Asset) else "id", "path"}
        if isinstance(after, Asset):
            skipped |= _DERIVED
        for field in type(after).model_fields:
            if field not in skipped:
                weight = risks().of(label, field)
                for path, old, new in self._values(field, getattr(before, field), getattr(after, field)):
                    yield _change(label, after, _meaning(path, old, new), path=path, old=old, new=new, risk=weight)

    def _values(self, path: str, before: object, after: object) -> Iterator[tuple[str, object, object]]:
        """Yield the innermost values that differ; parts are compared by their ids."""
        if before == after:
            return
        if _parts(before) or _parts(after):
            old, new = ({part.id: part for part in parts} for parts in (_parts(before), _parts(after)))
            for name in [*old, *(name for name in new if name not in old)]:
                yield from self._values(f"{path}.{name}", old.get(name), new.get(name))
        elif isinstance(before, BaseModel) and type(before) is type(after) and not {"en", "zh"} & set(dict(before)):
            for field in type(before).model_fields:
                yield from self._values(f"{path}.{field}", getattr(before, field), getattr(after, field))
        elif isinstance(before, dict) and isinstance(after, dict):
            for name in [*before, *(name for name in after if name not in before)]:
                yield from self._values(f"{path}.{name}", before.get(name), after.get(name))
        else:
            old_value, new_value = (
                _plain(value, root) for value, root in zip((before, after), self.roots, strict=True)
            )
            if self._now(old_value) != new_value:
                yield path, old_value, new_value

    def _now(self, value: object) -> object:
        """Return a value of the old state with the names its references have now."""
        if isinstance(value, str):
            return self.new_names.get(value, value)
        return [self._now(item) for item in value] if isinstance(value, list) else value


def _renamed(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> dict[str, str]:
    """Return the new name of each entry that is the same under another one; doubtful cases stay removed and added."""
    gone = {name: _marks(entry) for name, entry in before.items() if name not in after}
    come = {name: _marks(entry) for name, entry in after.items() if name not in before}
    names: dict[str, str] = {}
    for name, marks in gone.items():
        same = [other for other, others in come.items() if marks & others]
        back = [other for other, others in gone.items() if same and others & come[same[0]]]
        if len(same) == 1 and back == [name]:
            names[name] = same[0]
    return names


def _marks(entry: Entry) -> frozenset[object]:
    """Return by what an entry is known again when its name is another one."""
    match entry:
        case Asset():
            macs = {("mac", one.mac) for one in entry.interfaces if one.mac}
            return frozenset(macs | {("serial", entry.serial) if entry.serial else ("address", entry.address)})
        case Site():
            return frozenset(("prefix", prefix) for prefix in entry.prefixes)
        case Service():
            return frozenset({("name", entry.region, entry.name.en)})
        case Certificate():
            return frozenset({("names", entry.names, entry.issuer, entry.expires)})
        case Cable():
            return frozenset({("ends", frozenset(entry.ends))})
    return frozenset({entry.model_dump_json(exclude={"id", "path"})}) if hasattr(entry, "id") else frozenset()


def _meaning(path: str, old: object, new: object) -> Meaning:
    field = path.rpartition(".")[2]
    rank = _RANKS.get(field, ())
    if old in rank and new in rank:
        return "raised" if rank.index(new) > rank.index(old) else "lowered"
    if path.partition(".")[0] in _ANSWERING:
        return "reassigned"
    if field in _MOVES:
        return "moved"
    if old is None or new is None:
        return "added" if old is None else "removed"
    return "re-addressed" if field in _ADDRESSES else "changed"


def _change(
    kind: str, entry: Entry, meaning: Meaning, *, risk: float, path: str = "", old: object = None, new: object = None
) -> Change:
    weight = risks().importance[entry.importance] if isinstance(entry, Asset) else 1
    region = str(getattr(entry, "region", None) or getattr(entry, "path", ""))
    return Change(
        meaning=meaning, kind=kind, id=_id(entry), region=region, path=path, old=old, new=new, risk=risk * weight
    )


def _id(entry: Entry) -> str:
    if isinstance(entry, Asset):
        return entry.name
    return str(getattr(entry, "id", None) or getattr(entry, "path", None) or "authority")


def _parts(value: object) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) and value and isinstance(value[0], Part) else ()


def _plain(value: object, root: Path) -> object:
    """Return ``value`` as plain data; a path under the inventory's ``root`` counts from there."""
    match value:
        case None | bool() | int() | float():
            return value
        case BaseModel():
            return {name: _plain(inner, root) for name, inner in value if inner not in (None, ())}
        case tuple():
            return [_plain(item, root) for item in value]
        case Path() if value.is_relative_to(root):
            return str(value.relative_to(root))
    return str(value)
