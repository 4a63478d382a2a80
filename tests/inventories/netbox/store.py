# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The objects of a stand-in for NetBox, held to the published OpenAPI schema.

Every body is validated by the schema of what NetBox takes, every answer by that of what it answers
(``openapi-extract.json``); fields that NetBox would silently ignore are refused. What the schema does not say (unique
keys, what hangs on what, the form of errors) is as seen with a real NetBox 4.7.3, on which the same tests run.
"""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from inventories.netbox.objects import KINDS, Kind

_EXTRACT = json.loads((Path(__file__).parent / "openapi-extract.json").read_text(encoding="utf-8"))
_UNIQUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "extras.tag": (("name",), ("slug",)),
    "extras.customfield": (("name",),),
    "dcim.region": (("parent", "name"), ("parent", "slug")),
    "dcim.site": (("name",), ("slug",)),
    "ipam.vrf": (("rd",),),
    "ipam.role": (("name",), ("slug",)),
    "ipam.vlangroup": (("scope_type", "scope_id", "name"), ("scope_type", "scope_id", "slug")),
    "ipam.vlan": (("group", "vid"), ("group", "name")),
    "ipam.prefix": (("vrf", "prefix"),),
    "dcim.location": (("site", "parent", "name"), ("site", "parent", "slug")),
    "dcim.rack": (("location", "name"),),
    "dcim.powerpanel": (("site", "name"),),
    "dcim.powerfeed": (("power_panel", "name"),),
    "dcim.manufacturer": (("name",), ("slug",)),
    "dcim.devicetype": (("manufacturer", "model"), ("manufacturer", "slug")),
    "dcim.devicerole": (("parent", "name"), ("parent", "slug")),
    "dcim.platform": (("manufacturer", "name"), ("manufacturer", "slug")),
    "virtualization.clustertype": (("name",), ("slug",)),
    "virtualization.cluster": (("group", "name"),),
    "dcim.device": (("site", "tenant", "name"),),
    "virtualization.virtualmachine": (("cluster", "tenant", "name"),),
    "dcim.interface": (("device", "name"),),
    "virtualization.vminterface": (("virtual_machine", "name"),),
}
# Set when nothing is said, where it is neither empty nor null.
_DEFAULTS: Mapping[str, Any] = {
    "status": "active", "width": 19, "enabled": True, "enforce_unique": True, "vm_role": True, "weight": 100,
    "search_weight": 1000, "color": "9e9e9e", "start_on_boot": "off",
    "supply": "ac", "phase": "single-phase", "voltage": 120, "amperage": 15,
    "max_utilization": 80, "starting_unit": 1, "filter_logic": "loose", "ui_visible": "always", "ui_editable": "yes",
    "vid_ranges": [[1, 4094]],
}  # fmt: skip
_BY_KIND: Mapping[tuple[str, str], Any] = {
    ("dcim.rack", "u_height"): 42, ("dcim.devicetype", "u_height"): 1.0, ("dcim.powerfeed", "type"): "primary",
    ("dcim.cable", "status"): "connected",
}  # fmt: skip
_FRACTIONS = frozenset({("dcim.devicetype", "u_height"), ("dcim.device", "position"),
                        ("virtualization.virtualmachine", "vcpus")})  # fmt: skip
_OWNED = {"dcim.interface": "device", "virtualization.vminterface": "virtual_machine", "dcim.region": "parent"}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "decimal": (int, float),
    "boolean": bool,
    "json": object,
}

Values = dict[str, Any]


class RefusedError(Exception):
    """A body is not taken; ``errors`` are by field, as NetBox has them."""

    def __init__(self, errors: Mapping[str, list[str]], status: int = 400) -> None:
        super().__init__(errors)
        self.errors = errors
        self.status = status


class Store:
    """The objects by kind and number, and what may be done to them."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[int, Values]] = {kind: {} for kind in KINDS}
        self._last = 0

    def create(self, kind: Kind, body: Values) -> int:
        """Make an object; RefusedError when NetBox would refuse it."""
        schema = _EXTRACT["kinds"][kind.id]["write"]
        _validate(schema, body)
        values = {
            name: _BY_KIND.get((kind.id, name), _DEFAULTS.get(name, _empty(one)))
            for name, one in schema["properties"].items()
        }
        self._last += 1
        self._take(kind, self._last, values, body)
        return self._last

    def update(self, kind: Kind, number: int, body: Values) -> None:
        """Change an object; RefusedError when NetBox would refuse it."""
        _validate({**_EXTRACT["kinds"][kind.id]["write"], "required": []}, body)
        self._take(kind, number, self._found(kind, number), body)

    def delete(self, kind: Kind, number: int) -> None:
        """Delete an object and what belongs to it; RefusedError while something else refers to it."""
        self._found(kind, number)
        for other, name, one in list(self._referring(kind, number)):
            values = self.objects[other.id].get(one)
            if values is None:
                continue
            if _OWNED.get(other.id) == name or name in {"assigned_object", "a_terminations", "b_terminations"}:
                self.delete(other, one)
            elif name.startswith("primary_"):
                values[name] = None
            else:
                raise RefusedError({"__all__": ["Unable to delete: 1 dependent object(s) prevent deletion."]}, 409)
        self.objects[kind.id].pop(number, None)

    def answer(self, kind: Kind, number: int) -> Values:
        """Return an object as NetBox answers it."""
        schema, values = _EXTRACT["kinds"][kind.id]["read"], self.objects[kind.id][number]
        answer = {
            name: _told(one, values.get(name), name) for name, one in schema["properties"].items() if name in values
        }
        answer |= {"id": number, "display": f"{kind.id} {number}"}
        if kind.marked:
            fields = {
                one["name"] for one in self.objects["extras.customfield"].values() if kind.id in one["object_types"]
            }
            answer["custom_fields"] = {name: values["custom_fields"].get(name) for name in sorted(fields)}
        wrong = next(Draft202012Validator(schema).iter_errors(answer), None)
        assert wrong is None, f"the stand-in answers what NetBox does not: {kind.id} {wrong}"
        return answer

    def _take(self, kind: Kind, number: int, values: Values, body: Values) -> None:
        held = {name: values[name] for name in ("assigned_object_type", "assigned_object_id") if name in values}
        for name, value in body.items():
            if name == "tags":
                values["tags"] = [self._tag(tag["slug"]) for tag in value]
            elif name == "custom_fields":
                values["custom_fields"] = {**(values.get("custom_fields") or {}), **self._custom(kind, value)}
            else:
                values[name] = float(value) if (kind.id, name) in _FRACTIONS and value is not None else value
        values.setdefault("custom_fields", {})
        for name, target in self._targets(kind, values):
            if target[1] not in self.objects.get(target[0], {}):
                raise RefusedError({name: [f"Related object not found using the provided numeric ID: {target[1]}"]})
        self._check_unique(kind, number, values)
        moved = any(values[name] != before and before is not None for name, before in held.items())
        if moved and any(name.startswith("primary_") for _, name, _ in self._referring(kind, number)):
            message = "Cannot reassign IP address while it is designated as the primary IP for the parent object"
            raise RefusedError({"__all__": [message]})
        self.objects[kind.id][number] = values
        getattr(self, f"_check_{kind.id.partition('.')[2]}", lambda *_: None)(number, values)

    def _check_unique(self, kind: Kind, number: int, values: Values) -> None:
        for names in _UNIQUE.get(kind.id, ()):
            key = [values[name] for name in names]
            several = len(names) > 1 and key[0] is None and kind.id not in {"dcim.region", "ipam.prefix"}
            if key[-1] is None or (
                several and kind.id not in {"virtualization.cluster", "dcim.devicerole", "dcim.platform"}
            ):
                continue
            for other, there in self.objects[kind.id].items():
                if other != number and [there[name] for name in names] == key:
                    raise RefusedError({names[-1]: [f"{kind.id} with this {names[-1]} already exists."]})

    def _check_prefix(self, _: int, values: Values) -> None:
        values["prefix"] = str(ipaddress.ip_network(values["prefix"]))

    def _check_ipaddress(self, number: int, values: Values) -> None:
        host = values["address"].partition("/")[0]
        for other, there in self.objects["ipam.ipaddress"].items():
            if other != number and (there["vrf"], there["address"].partition("/")[0]) == (values["vrf"], host):
                raise RefusedError({"address": [f"Duplicate IP address found in global table: {there['address']}"]})

    def _check_macaddress(self, _: int, values: Values) -> None:
        values["mac_address"] = values["mac_address"].upper()

    def _check_vlan(self, _: int, values: Values) -> None:
        group = self.objects["ipam.vlangroup"].get(values["group"] or 0)
        if group is not None and group["scope_type"] == "dcim.site" and values["site"] != group["scope_id"]:
            raise RefusedError({"__all__": ["VLAN is assigned to a group of another site."]})

    def _check_device(self, number: int, values: Values) -> None:
        if values["position"] is None:
            return
        if values["rack"] is None:
            raise RefusedError({"position": ["Cannot select a rack position without assigning a rack."]})
        if not values["face"]:
            raise RefusedError({"face": ["Must specify rack face when defining rack position."]})
        units = self._units(values)
        for other, there in self.objects["dcim.device"].items():
            if other != number and there["rack"] == values["rack"] and there["position"] and units & self._units(there):
                raise RefusedError({"position": [f"U{values['position']} is already occupied"]})

    def _units(self, device: Values) -> set[int]:
        height = self.objects["dcim.devicetype"][device["device_type"]]["u_height"]
        return set(range(int(device["position"]), int(device["position"] + height)))

    def _check_virtualmachine(self, _: int, values: Values) -> None:
        if (
            values["device"] is not None
            and self.objects["dcim.device"][values["device"]]["cluster"] != values["cluster"]
        ):
            raise RefusedError({"device": ["The selected device is not assigned to this cluster."]})

    def _check_cable(self, number: int, values: Values) -> None:
        ends = [(end["object_type"], end["object_id"]) for side in "ab" for end in values[f"{side}_terminations"]]
        for other, there in self.objects["dcim.cable"].items():
            used = [(end["object_type"], end["object_id"]) for side in "ab" for end in there[f"{side}_terminations"]]
            if other != number and set(ends) & set(used):
                raise RefusedError({"__all__": ["Duplicate termination found"]})

    def _found(self, kind: Kind, number: int) -> Values:
        if number not in self.objects[kind.id]:
            raise RefusedError({"id": [f"Object with ID {number} does not exist"]})
        return self.objects[kind.id][number]

    def _tag(self, slug: str) -> Values:
        for number, tag in self.objects["extras.tag"].items():
            if tag["slug"] == slug:
                return {"id": number, "name": tag["name"], "slug": slug, "color": tag["color"]}
        raise RefusedError({"tags": [f"Related object not found using the provided attributes: {{'slug': '{slug}'}}"]})

    def _custom(self, kind: Kind, given: Values) -> Values:
        known = {one["name"]: one for one in self.objects["extras.customfield"].values()}
        for name, value in given.items():
            if name not in known or kind.id not in known[name]["object_types"]:
                raise RefusedError({"custom_fields": [f"Unknown field name '{name}' in custom field data."]})
            type_ = known[name]["type"]
            if value is not None and (
                not isinstance(value, _TYPES[type_]) or (isinstance(value, bool) and type_ in {"integer", "decimal"})
            ):
                raise RefusedError({"custom_fields": [f"Invalid value for custom field '{name}': {value!r}"]})
        return given

    def _targets(self, kind: Kind, values: Values) -> Iterator[tuple[str, tuple[str, int]]]:
        """Yield what an object refers to: field, kind and number."""
        for name, target in kind.refs.items():
            for number in values[name] if isinstance(values[name], list) else [values[name]]:
                if number is not None:
                    yield name, (target, number)
        for name in kind.generic:
            if values[f"{name}_id"] is not None:
                yield name, (values[f"{name}_type"], values[f"{name}_id"])
        for name in ("a_terminations", "b_terminations"):
            for end in values.get(name) or ():
                yield name, (end["object_type"], end["object_id"])

    def _referring(self, kind: Kind, number: int) -> Iterator[tuple[Kind, str, int]]:
        for other in KINDS.values():
            for one, values in self.objects[other.id].items():
                for name, target in self._targets(other, values):
                    if target == (kind.id, number):
                        yield other, name, one


def _validate(schema: Values, body: Values) -> None:
    errors: dict[str, list[str]] = {}
    for error in Draft202012Validator(schema).iter_errors(body):
        errors.setdefault(str(next(iter(error.absolute_path), "__all__")), []).append(error.message)
    if errors:
        raise RefusedError(errors)


def _empty(schema: Values) -> Any:
    types = schema.get("type", "null")
    if "null" in types:
        return None
    return {"string": "", "array": [], "boolean": False, "object": {}, "integer": 0, "number": 0.0}[types]


def _told(schema: Values, value: Any, name: str) -> Any:
    """Return a stored value in the form of an answer."""
    if name in {"a_terminations", "b_terminations"}:
        return [{**end, "object": {"id": end["object_id"]}} for end in value]
    if name == "tags" or value is None:
        return value
    if "value" in schema.get("properties", {}):
        return {"value": value, "label": str(value)} if value != "" else None
    if isinstance(value, list) and schema.get("items", {}).get("required") == ["id"]:
        return [{"id": one} for one in value]
    return {"id": value} if isinstance(value, int) and "object" in schema.get("type", ()) else value
