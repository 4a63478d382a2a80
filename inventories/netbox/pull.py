# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Where a NetBox says something else than the inventory: the edits that would make the inventory say it too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from inventories.editing.edits import Edit
from inventories.editing.splice import Value, same
from inventories.model import Device, Host, Inventory
from inventories.netbox.assets import SERVER, VARS
from inventories.netbox.objects import CUSTOM, Item, Origin, Ref
from inventories.netbox.plan import Change, plan
from inventories.netbox.snapshot import Present, Snapshot
from inventories.platforms import known_platforms
from inventories.variables import PREFIX

VIRTUAL = "virtualization.virtualmachine"

# Fields that follow from others: from rack and unit, and from the host of a virtual machine.
_FOLLOWS = frozenset({"face", "cluster"})


@dataclass(frozen=True, slots=True)
class Proposals:
    """What to write into the inventory, and ``left``: what differs and cannot be written, as sentences."""

    edits: tuple[Edit, ...]
    left: tuple[str, ...]


def pull(inventory: Inventory, wanted: Sequence[Item], present: Snapshot) -> Proposals:
    """Compare ``wanted``, which is ``inventory`` in NetBox's terms, with what is there.

    What NetBox does not have is none of pull's business: push makes it.
    """
    items = {item.ref: item for item in wanted}
    edits: list[Edit] = []
    left: list[str] = []
    for (ref, _), change in _differences(wanted, present).items():
        origin = items[ref].origin
        found = tuple(_edits(origin, change, present)) if origin is not None else ()
        edits += found
        if not found:
            left.append(f"{ref.label}: {change.field} is {_said(change.before)}, not {_said(change.after)}")
    serials = {str(item.values["serial"]): item for item in wanted if item.values.get("serial")}
    for one in chain(present.of("dcim.device"), present.of(VIRTUAL)):
        if one.ref in items:
            continue
        same_serial = serials.get(one.record["serial"] or "")
        if same_serial is not None:
            left.append(f"{one.ref.label} is not in the inventory: it has the serial of {same_serial.ref.label}")
            continue
        entry = _new(inventory, one, present)
        if isinstance(entry, Edit):
            edits.append(entry)
        else:
            left.append(f"{one.ref.label} is not in the inventory: {entry}")
    return Proposals(tuple(edits), tuple(left))


def _differences(wanted: Sequence[Item], present: Snapshot) -> dict[tuple[Ref, str], Change]:
    """Return by object and field what differs on objects that both have."""
    initial = {item.ref: item.initial for item in wanted}
    return {
        (operation.ref, change.field): change
        for operation in plan(wanted, present).operations
        if operation.number is not None and operation.ref in initial
        for change in operation.changes
        if change.field not in _FOLLOWS and change.field not in initial[operation.ref]
    }


def _edits(origin: Origin, change: Change, present: Snapshot) -> Iterator[Edit]:
    """Yield what the entry would say if it said what NetBox says; nothing where that follows from elsewhere."""
    said: dict[tuple[str, ...], Value] = {}
    if change.field == CUSTOM + VARS:
        before, after = change.before or {}, change.after or {}
        for name in sorted(before.keys() | after.keys()):
            if not same(before.get(name), after.get(name)):
                said["vars", name] = before.get(name)
    elif change.field == "device_type" and (there := present.find(change.before)) is not None:
        wanted = {"manufacturer": _maker(there, present), "part_number": there.record["part_number"] or None}
        said = {origin.paths[name]: value for name, value in wanted.items() if name in origin.paths}
        said["u_height",] = _plain(there.record["u_height"])
    elif (path := origin.paths.get(change.field.removeprefix(CUSTOM))) is not None:
        said[path] = _plain(change.before)
    for path, value in said.items():
        yield Edit(origin.kind, origin.id, origin.region, path, value)


def _new(inventory: Inventory, one: Present, present: Snapshot) -> Edit | str:
    """Return the entry that an object would be, or why it cannot be one."""
    entry = {name: _plain(present.value(one, name)) for name in ("site", "platform", "serial")}
    entry["address"] = _plain(present.value(one, "primary_ip4")) or _plain(present.value(one, "primary_ip6"))
    role = _plain(present.value(one, "role"))
    host = one.kind.id == VIRTUAL or role == SERVER
    if one.kind.id == VIRTUAL:
        entry["virtual_on"] = _plain(present.value(one, "device"))
    else:
        fields = {"room": "location", "rack": "rack", "u_position": "position"}
        entry |= {name: _plain(present.value(one, field)) for name, field in fields.items()}
        entry |= _model(one, present)
    if not host:
        entry["role"] = role
    known = known_platforms()
    site = next((site for site in inventory.sites if site.id == entry["site"]), None)
    if one.record["status"]["value"] != "active":
        return "it is not active"
    if site is None:
        return f"its site {entry['site']!r} is not either"
    if entry["address"] is None:
        return "it has no primary address"
    if entry["platform"] not in (known.hosts if host else known.devices):
        return f"its platform {entry['platform']!r} is not known"
    kind = Host if host else Device
    own = {name: value for name, value in entry.items() if value is not None and name in kind.model_fields}
    return Edit(kind, str(one.key[-1]), one.custom.get(PREFIX + "region") or site.region, (), own)


def _model(one: Present, present: Snapshot) -> dict[str, Any]:
    """Return vendor, model and height, as the device type has them."""
    there = present.find(Ref("dcim.devicetype", _key(present.value(one, "device_type"))))
    if there is None:
        return {}
    return {
        "vendor": _maker(there, present),
        "model": there.record["part_number"] or there.record["model"],
        "u_height": _plain(there.record["u_height"]),
    }


def _maker(device_type: Present, present: Snapshot) -> str | None:
    maker = present.find(Ref("dcim.manufacturer", _key(present.value(device_type, "manufacturer"))))
    return str(maker.record["name"]) if maker is not None else None


def _key(value: object) -> tuple[object, ...]:
    return value.key if isinstance(value, Ref) else ()


def _said(value: object) -> str:
    return value.label if isinstance(value, Ref) else repr(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of any field
    """Return a value of NetBox as a file of the inventory says it: names, whole numbers, None for an empty text."""
    match value:
        case Ref(kind="dcim.macaddress"):
            return str(value.key[-1]).lower()
        case Ref():
            return value.key[-1]
        case float() if value.is_integer():
            return int(value)
        case tuple():
            return [_plain(one) for one in value]
    return None if value == "" else value
