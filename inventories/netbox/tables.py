# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""NetBox objects as the CSV files that its bulk import takes, one per kind."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from inventories.model.base import VarValue
from inventories.netbox.objects import KINDS, TAG, Item, Ref, Value

# How the import finds what a column refers to, where that is not its name.
_BY_SLUG = frozenset({
    "dcim.region", "dcim.site", "dcim.location", "dcim.manufacturer", "dcim.devicetype", "dcim.devicerole",
    "dcim.platform", "ipam.role", "ipam.vlangroup", "virtualization.clustertype",
})  # fmt: skip
Cells = Iterator[tuple[str, str]]

_OWNERS = {"dcim.interface": "device", "virtualization.vminterface": "virtual_machine"}


# What the import asks for, or takes for false where it is missing, although NetBox has a value of its own for it.
_ASKED: Mapping[str, Mapping[str, str]] = {
    "extras.tag": {"color": "9e9e9e", "weight": "1000"},
    "extras.customfield": {"search_weight": "1000", "weight": "100", "filter_logic": "loose"},
    "ipam.role": {"weight": "1000"},
    "dcim.powerfeed": {
        "supply": "ac",
        "phase": "single-phase",
        "voltage": "230",
        "amperage": "15",
        "max_utilization": "80",
    },
    "dcim.devicerole": {"color": "9e9e9e", "vm_role": "true"},
    "dcim.devicetype": {"is_full_depth": "true"},
    "ipam.vrf": {"enforce_unique": "true"},
}


def tables(items: Sequence[Item]) -> Mapping[str, bytes]:
    """Return the files by name; the numbers they begin with are the order in which they are imported."""
    by_ref = {item.ref: item for item in items}
    primary = {ref for item in items for ref in item.later.values()}
    files: dict[str, bytes] = {}
    for number, kind in enumerate(KINDS.values(), start=1):
        rows = [dict(_cells(item, by_ref, primary)) for item in items if item.kind is kind]
        if rows:
            files[f"{number:02}-{kind.endpoint.replace('/', '-')}.csv"] = _csv(rows)
    return files


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    columns = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, [*columns], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _cells(item: Item, items: Mapping[Ref, Item], primary: set[Ref]) -> Cells:
    """Yield the columns of an object with their texts."""
    for name, value in {**item.values, **item.initial}.items():
        if name == "assigned_object":
            yield from _assigned(value, items)
            yield "is_primary", _text(item.ref in primary)
        elif name in _SPECIAL and value is not None:
            yield from _SPECIAL[name](name, value, items)
        else:
            yield _column(item, name), _text(value)
    for name, custom in item.custom.items():
        yield f"cf_{name}", _custom(custom)
    if item.kind.marked:
        yield "tags", TAG
    yield from _ASKED.get(item.kind.id, {}).items()


def _column(item: Item, name: str) -> str:
    return f"{name}.slug" if item.kind.refs.get(name) in _BY_SLUG else name


def _type(name: str, value: Value, items: Mapping[Ref, Item]) -> Cells:
    """Yield a device type and its manufacturer, among whose types the import looks."""
    yield "manufacturer.slug", _text(items[_ref(value)].values["manufacturer"])
    yield f"{name}.slug", _text(value)


def _panel(name: str, value: Value, items: Mapping[Ref, Item]) -> Cells:
    """Yield a power panel and its site, among whose panels the import looks."""
    yield "site.slug", _text(items[_ref(value)].values["site"])
    yield name, _text(value)


def _rack(name: str, value: Value, items: Mapping[Ref, Item]) -> Cells:
    """Yield a rack and its location, among whose racks the import looks."""
    yield "location.slug", _text(items[_ref(value)].values["location"])
    yield name, _text(value)


def _scope(name: str, value: Value, items: Mapping[Ref, Item]) -> Cells:
    yield f"{name}_type", _ref(value).kind
    yield f"{name}_name", str(items[_ref(value)].values["name"])


def _assigned(value: Value, items: Mapping[Ref, Item]) -> Cells:
    port = items[_ref(value)]
    for kind, owner in _OWNERS.items():
        yield owner, _text(port.values[owner]) if port.kind.id == kind else ""
    yield "interface", str(port.values["name"])


def _end(name: str, value: Value, items: Mapping[Ref, Item]) -> Cells:
    (ref,) = value if isinstance(value, tuple) else ()
    port, side = items[_ref(ref)], f"side_{name[0]}"
    yield f"{side}_device", _text(port.values["device"])
    yield f"{side}_type", port.kind.id
    yield f"{side}_name", str(port.values["name"])


def _vlans(name: str, value: Value, items: Mapping[Ref, Item]) -> Cells:
    """Yield VLANs by number and their group, among whose VLANs the import looks."""
    vlans = [items[_ref(ref)] for ref in (value if isinstance(value, tuple) else (value,))]
    if vlans:
        yield "vlan_group.slug", _text(vlans[0].values["group"])
    yield name, ",".join(str(vlan.values["vid"]) for vlan in vlans)


def _ref(value: object) -> Ref:
    if not isinstance(value, Ref):
        raise TypeError(f"{value!r} is no reference")
    return value


def _text(value: Value) -> str:
    """Return a value as the import reads it; a reference is its own name or slug, the last part of its key."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Ref():
            return str(value.key[-1])
        case tuple():
            return ",".join(map(_text, value))
    return str(value)


def _custom(value: VarValue | Mapping[str, VarValue]) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_SPECIAL: Mapping[str, Callable[[str, Value, Mapping[Ref, Item]], Cells]] = {
    "device_type": _type, "power_panel": _panel, "rack": _rack, "scope": _scope, "a_terminations": _end,
    "b_terminations": _end, "untagged_vlan": _vlans, "tagged_vlans": _vlans, "vlan": _vlans,
}  # fmt: skip
"""Fields that the import takes in columns of their own form."""
