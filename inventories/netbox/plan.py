# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What is to be done that a NetBox has what the inventory wants; compares, and touches nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from inventories.editing.splice import same
from inventories.netbox.objects import CUSTOM, KINDS, TAG, Item, Ref
from inventories.netbox.snapshot import Present, Snapshot
from inventories.variables import PREFIX

Action = Literal["create", "update", "delete"]

_PRIMARY = ("primary_ip4", "primary_ip6")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an object, as it is and as it is to be."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One object to create, update or delete; ``number`` is its id where it is there already."""

    action: Action
    ref: Ref
    changes: tuple[Change, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Operations in an order in which they can be done; ``kept`` could go but for what hangs on them."""

    operations: tuple[Operation, ...]
    kept: tuple[Ref, ...] = ()


def plan(wanted: Sequence[Item], present: Snapshot) -> Plan:
    """Return what makes and changes the ``wanted`` objects, which are in the order of making; nothing is deleted."""
    return Plan(tuple(_operations(wanted, present)))


def plan_with_pruning(wanted: Sequence[Item], present: Snapshot) -> Plan:
    """Return the same, and the deletion of every object that edufleet made and the inventory no longer has.

    One on which something hangs that stays, such as a foreign interface on a device, is kept: both would go.
    """
    desired = {item.ref: item for item in wanted}
    stale = [one for one in present.all() if one.ours and one.ref not in desired]
    gone = {one.ref for one in stale}
    used = {ref for one in present.all() if one.ref not in gone for ref in present.refs(one, desired.get(one.ref))}
    order = {kind: number for number, kind in enumerate(KINDS)}
    deleted: list[Operation] = []
    kept: list[Ref] = []
    # A region's slug is longer than that of the region above.
    for one in sorted(stale, key=lambda one: (order[one.kind.id], len(one.ref.label), one.id), reverse=True):
        if one.ref in used:
            kept.append(one.ref)
            used.update(present.refs(one, None))
        else:
            deleted.append(Operation("delete", one.ref, number=one.id))
    return Plan((*_operations(wanted, present), *deleted), tuple(kept))


def _operations(wanted: Sequence[Item], present: Snapshot) -> Iterator[Operation]:
    """Yield what is to be let go, then made and changed, then what objects name as their own."""
    there = [(item, present.find(item.ref)) for item in wanted]
    released = {
        (operation.ref, change.field): operation
        for operation in _released(wanted, present)
        for change in operation.changes
    }
    yield from released.values()
    for item, one in there:
        if one is None:
            yield Operation("create", item.ref, tuple(_made(item)))
        elif changes := tuple(_changes(item, one, present)):
            yield Operation("update", item.ref, changes, one.id)
    for item, one in there:
        before = {
            name: present.value(one, name) if one is not None and (item.ref, name) not in released else None
            for name in item.later
        }
        if later := tuple(Change(name, before[name], ref) for name, ref in item.later.items() if ref != before[name]):
            yield Operation("update", item.ref, later, one.id if one is not None else None)


def _released(wanted: Sequence[Item], present: Snapshot) -> Iterator[Operation]:
    """Yield what takes a primary address from whoever has it: NetBox does not let it move to another one before."""
    known = {item.ref for item in wanted}
    moving = {item.ref for item in wanted if item.kind.id == "ipam.ipaddress" and _moves(item, present)}
    for one in (one for kind in ("dcim.device", "virtualization.virtualmachine") for one in present.of(kind)):
        for name in _PRIMARY:
            value = present.value(one, name)
            if value in moving and (one.ours or one.ref in known):
                yield Operation("update", one.ref, (Change(name, value, None),), one.id)


def _moves(address: Item, present: Snapshot) -> bool:
    """Tell whether an address is to leave the one who has it; the key of an interface begins with that of its owner."""
    one = present.find(address.ref)
    before = present.value(one, "assigned_object") if one is not None else None
    after = address.values["assigned_object"]
    return isinstance(before, Ref) and isinstance(after, Ref) and before.key[0] != after.key[0]


def _made(item: Item) -> Iterator[Change]:
    for name, value in {**item.values, **item.initial}.items():
        yield Change(name, None, value)
    for name, custom in item.custom.items():
        yield Change(CUSTOM + name, None, custom)
    if item.kind.marked:
        yield Change("tags", None, (TAG,))


def _changes(item: Item, one: Present, present: Snapshot) -> Iterator[Change]:
    for name, value in item.values.items():
        before = present.value(one, name)
        after = tuple(sorted(value, key=repr)) if isinstance(value, tuple) else value
        if not _equal(before, after):
            yield Change(name, before, value)
    for name, value in item.initial.items():
        if present.value(one, name) in (None, ""):
            yield Change(name, None, value)
    # A custom field of ours that the inventory does not state any more is emptied; others' are left alone.
    stated: Mapping[str, Any] = {name: None for name in one.custom if name.startswith(PREFIX)} | dict(item.custom)
    for name, value in stated.items() if item.kind.marked else ():
        if not same(one.custom.get(name), value):
            yield Change(CUSTOM + name, one.custom.get(name), value)


def _equal(before: object, after: object) -> bool:
    """Compare two values; NetBox says nothing and an empty text where we say the other."""
    return same(before, after) or (before in (None, "") and after in (None, ""))
