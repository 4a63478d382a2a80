# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a NetBox has: its answers, read into the terms in which the inventory says what it wants."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inventories.errors import CouldNotFinish
from inventories.netbox.objects import TAG, TERMINATIONS, Item, Key, Kind, Ref, Value, referred

Record = Mapping[str, Any]
"""An object as NetBox's API answers it."""


@dataclass(frozen=True, slots=True)
class Present:
    """An object that is there, under its number."""

    kind: Kind
    id: int
    key: Key
    record: Record

    @property
    def ref(self) -> Ref:
        """The object by its natural key."""
        return Ref(self.kind.id, self.key)

    @property
    def ours(self) -> bool:
        """Whether edufleet made it."""
        return TAG in self.tags

    @property
    def tags(self) -> tuple[str, ...]:
        """Slugs of its tags."""
        return tuple(tag["slug"] for tag in self.record.get("tags") or ())

    @property
    def custom(self) -> Mapping[str, Any]:
        """Its custom fields, those without a value as None."""
        return self.record.get("custom_fields") or {}


class Snapshot:
    """Everything a NetBox has of the kinds that are used; filled kind by kind in the order of ``KINDS``."""

    def __init__(self) -> None:
        self._by_id: dict[tuple[str, int], Present] = {}
        self._by_ref: dict[Ref, Present] = {}

    def add(self, kind: Kind, records: Iterable[Record]) -> None:
        """Add the objects of one kind. Of several with one natural key, one that edufleet made is the one."""
        for record in records:
            here = f"{kind.id} number {record.get('id')}"
            values = {name: self._value(kind, record, name, here) for name in kind.key}
            present = Present(kind, record["id"], kind.key_of(values), record)
            self._by_id[kind.id, present.id] = present
            there = self._by_ref.get(present.ref)
            if there is None or (present.ours and not there.ours):
                self._by_ref[present.ref] = present

    def find(self, ref: Ref) -> Present | None:
        """Return the object of a natural key."""
        return self._by_ref.get(ref)

    def of(self, kind: str) -> Iterator[Present]:
        """Yield the objects of a kind."""
        return (present for present in self._by_id.values() if present.kind.id == kind)

    def all(self) -> Iterator[Present]:
        """Yield every object."""
        return iter(self._by_id.values())

    def value(self, present: Present, name: str) -> Value:
        """Return a field of an object; CouldNotFinish when NetBox's answer has no such field."""
        return self._value(present.kind, present.record, name, present.ref.label)

    def refs(self, present: Present, item: Item | None) -> Iterator[Ref]:
        """Yield what an object refers to once ``item`` is as the inventory wants it."""
        managed = {*item.values, *item.later} if item is not None else set()
        ends = TERMINATIONS if present.kind.id == "dcim.cable" else ()
        for name in (*present.kind.refs, *present.kind.generic, *ends):
            if name not in managed:
                yield from referred(self.value(present, name))
        if item is not None:
            yield from item.refs()

    def _value(self, kind: Kind, record: Record, name: str, here: str) -> Value:
        try:
            if name in kind.generic:
                return self._ref(record[f"{name}_type"], record[f"{name}_id"])
            if name in TERMINATIONS:
                ends = [self._ref(end["object_type"], end["object_id"]) for end in record[name]]
                return tuple(end for end in ends if end is not None)
            value: Value = self._plain(kind.refs.get(name), record[name])
        except (KeyError, TypeError) as problem:
            raise CouldNotFinish(
                f"NetBox's answer for {here} has no usable field {name!r}",
                hint="edufleet knows the API of NetBox 4.5 to 4.7; see docs/how-to/use-with-netbox.md",
            ) from problem
        return value

    def _plain(self, target: str | None, raw: Any) -> Any:  # noqa: ANN401 - JSON
        """Return a plain value, the value of a choice, or what a reference to ``target`` names."""
        if isinstance(raw, list):
            found = [self._plain(target, inner) for inner in raw]
            return tuple(sorted(found, key=repr))
        if not isinstance(raw, dict):
            return raw
        return raw["value"] if target is None else self._ref(target, raw["id"])

    def _ref(self, kind: str | None, number: int | None) -> Ref | None:
        if kind is None or number is None:
            return None
        present = self._by_id.get((kind, number))
        # What is of a kind that is not used here has a key that nothing of ours has.
        return present.ref if present is not None else Ref(kind, (f"#{number}",))
