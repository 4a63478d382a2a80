# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""NetBox's kinds of objects as far as they are used here, and the object that stands for something of ours.

Names, required fields and references are those of the OpenAPI schema of NetBox 4.7.3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from inventories.base import Frozen
from inventories.model import Listed
from inventories.model.base import VarValue

TAG = "edufleet"
"""Slug of the tag on every object that edufleet made; only such objects are ever deleted."""

CUSTOM = "custom_fields."
"""What the name of a custom field begins with in a change."""

Key = tuple[object, ...]
"""The natural key of an object: the values of its kind's ``key``, references as the keys of what they name."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An object named by its natural key, not by its number in one NetBox."""

    kind: str
    key: Key

    @property
    def label(self) -> str:
        """The object for messages, e.g. ``dcim.rack core-dc/core-dc1/R03``."""
        return f"{self.kind} {'/'.join(dict.fromkeys(str(leaf) for leaf in _leaves(self.key) if leaf is not None))}"


Value = str | int | float | bool | Ref | tuple["str | Ref", ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of NetBox object.

    ``id`` is its content type. ``refs`` are the kinds that its fields refer to. ``generic`` are fields that NetBox
    splits into ``_type`` and ``_id``. ``marked`` kinds have tags and custom fields.
    """

    id: str
    endpoint: str
    key: tuple[str, ...]
    refs: Mapping[str, str] = field(default_factory=dict)
    generic: tuple[str, ...] = ()
    marked: bool = True

    def key_of(self, values: Mapping[str, Value]) -> Key:
        """Return the natural key of an object of this kind with ``values``."""
        return tuple(_part(name, values[name]) for name in self.key)


_SITE = {"site": "dcim.site"}
_PLACE = {**_SITE, "location": "dcim.location"}
_VLANS = {"untagged_vlan": "ipam.vlan", "tagged_vlans": "ipam.vlan", "primary_mac_address": "dcim.macaddress"}
_PRIMARY = {"primary_ip4": "ipam.ipaddress", "primary_ip6": "ipam.ipaddress"}
_RUN = {"role": "dcim.devicerole", "platform": "dcim.platform", "cluster": "virtualization.cluster", **_PRIMARY}

KINDS: Mapping[str, Kind] = MappingProxyType({kind.id: kind for kind in (
    Kind(id="extras.tag", endpoint="extras/tags", key=("slug",), marked=False),
    Kind(id="extras.customfield", endpoint="extras/custom-fields", key=("name",), marked=False),
    Kind(id="dcim.region", endpoint="dcim/regions", key=("slug",), refs={"parent": "dcim.region"}),
    Kind(id="dcim.site", endpoint="dcim/sites", key=("slug",), refs={"region": "dcim.region"}),
    Kind(id="tenancy.contact", endpoint="tenancy/contacts", key=("name",)),
    Kind(id="ipam.vrf", endpoint="ipam/vrfs", key=("name",)),
    Kind(id="ipam.role", endpoint="ipam/roles", key=("slug",)),
    Kind(id="ipam.vlangroup", endpoint="ipam/vlan-groups", key=("slug",), generic=("scope",)),
    Kind(id="ipam.vlan", endpoint="ipam/vlans", key=("group", "name"),
         refs={**_SITE, "group": "ipam.vlangroup", "role": "ipam.role"}),
    Kind(id="ipam.prefix", endpoint="ipam/prefixes", key=("vrf", "prefix"), generic=("scope",),
         refs={"vrf": "ipam.vrf", "vlan": "ipam.vlan", "role": "ipam.role"}),
    Kind(id="dcim.location", endpoint="dcim/locations", key=("site", "slug"), refs=_SITE),
    Kind(id="dcim.rack", endpoint="dcim/racks", key=("site", "location", "name"), refs=_PLACE),
    Kind(id="dcim.powerpanel", endpoint="dcim/power-panels", key=("site", "name"), refs=_PLACE),
    Kind(id="dcim.powerfeed", endpoint="dcim/power-feeds", key=("power_panel", "name"),
         refs={"power_panel": "dcim.powerpanel", "rack": "dcim.rack"}),
    Kind(id="dcim.manufacturer", endpoint="dcim/manufacturers", key=("slug",)),
    Kind(id="dcim.devicetype", endpoint="dcim/device-types", key=("manufacturer", "slug"),
         refs={"manufacturer": "dcim.manufacturer"}),
    Kind(id="dcim.devicerole", endpoint="dcim/device-roles", key=("slug",)),
    Kind(id="dcim.platform", endpoint="dcim/platforms", key=("slug",)),
    Kind(id="virtualization.clustertype", endpoint="virtualization/cluster-types", key=("slug",)),
    Kind(id="virtualization.cluster", endpoint="virtualization/clusters", key=("name",), generic=("scope",),
         refs={"type": "virtualization.clustertype"}),
    Kind(id="dcim.device", endpoint="dcim/devices", key=("name",),
         refs={**_PLACE, **_RUN, "rack": "dcim.rack", "device_type": "dcim.devicetype"}),
    Kind(id="virtualization.virtualmachine", endpoint="virtualization/virtual-machines", key=("name",),
         refs={**_SITE, **_RUN, "device": "dcim.device"}),
    Kind(id="dcim.interface", endpoint="dcim/interfaces", key=("device", "name"),
         refs={"device": "dcim.device", **_VLANS}),
    Kind(id="virtualization.vminterface", endpoint="virtualization/interfaces", key=("virtual_machine", "name"),
         refs={"virtual_machine": "virtualization.virtualmachine", **_VLANS}),
    Kind(id="dcim.macaddress", endpoint="dcim/mac-addresses", key=("assigned_object", "mac_address"),
         generic=("assigned_object",)),
    Kind(id="ipam.ipaddress", endpoint="ipam/ip-addresses", key=("vrf", "address"), generic=("assigned_object",),
         refs={"vrf": "ipam.vrf"}),
    Kind(id="dcim.cable", endpoint="dcim/cables", key=("label",)),
)})  # fmt: skip
"""Every kind that is used, what is referred to before what refers to it; addresses come last, see ``Item.later``."""

TERMINATIONS = ("a_terminations", "b_terminations")
"""Fields of a cable: lists of pairs of object type and number."""


class Origin(Frozen):
    """The entry of the inventory that an object stands for; ``paths`` are where it writes what is in a field."""

    kind: type[Listed]
    id: str
    region: str
    paths: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Item:
    """An object as the inventory wants it.

    ``initial`` is what NetBox is told where it says nothing, and may then be changed there. ``custom`` are the custom
    fields. ``later`` can be said only when the objects it refers to exist, which refer to this one.
    """

    kind: Kind
    values: Mapping[str, Value]
    initial: Mapping[str, Value] = field(default_factory=dict)
    custom: Mapping[str, VarValue | Mapping[str, VarValue]] = field(default_factory=dict)
    later: Mapping[str, Ref] = field(default_factory=dict)
    origin: Origin | None = None

    @cached_property
    def ref(self) -> Ref:
        """The item by its natural key."""
        return Ref(self.kind.id, self.kind.key_of(self.values))

    def refs(self) -> Iterator[Ref]:
        """Yield everything it refers to."""
        for value in (*self.values.values(), *self.later.values()):
            yield from referred(value)


def referred(value: Value) -> Iterator[Ref]:
    """Yield the references in a value."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, tuple):
        yield from (inner for inner in value if isinstance(inner, Ref))


def _part(name: str, value: Value) -> object:
    """Return a value as a part of a key: an address without its prefix length, which may change."""
    if isinstance(value, Ref):
        return value.key
    return value.split("/")[0] if name == "address" and isinstance(value, str) else value


def _leaves(key: Key) -> Iterator[object]:
    for part in key:
        if isinstance(part, tuple):
            yield from _leaves(part)
        else:
            yield part
