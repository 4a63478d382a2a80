# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Hosts, devices, their interfaces, addresses and cables as NetBox objects."""

from collections.abc import Mapping, Sequence

from inventories.model import Asset, Device, Host, Inventory
from inventories.netbox.draft import Custom, Draft, slug
from inventories.netbox.objects import Origin, Ref, Value
from inventories.netbox.places import ACTIVE, rack, room_ref, site_ref
from inventories.netbox.ports import add_cables, add_ports, address_ref
from inventories.platforms import known_platforms
from inventories.variables import PREFIX, variables

VARS = PREFIX + "vars"
"""Custom field with the variables that files give in ``vars``, by name."""

SERVER = "server"
"""Role of hosts; NetBox asks for one."""

_PATHS: Mapping[str, tuple[str, ...]] = {
    "site": ("site",), "location": ("room",), "rack": ("rack",), "position": ("u_position",),
    "platform": ("platform",), "serial": ("serial",), "primary_ip4": ("address",), "primary_ip6": ("address",),
    **{PREFIX + name: (name,) for name in (
        "region", "room", "rack", "u_position", "importance", "owner", "rota", "groups", "power_w", "time_sources",
        "stratum", "last_verified",
    )},
}  # fmt: skip
_HOST_PATHS: Mapping[str, tuple[str, ...]] = {
    "device": ("virtual_on",), "vcpus": ("hardware", "cpus"), PREFIX + "cpus": ("hardware", "cpus"),
    PREFIX + "memory_gib": ("hardware", "memory_gib"), PREFIX + "virtual_on": ("virtual_on",),
}  # fmt: skip
_DEVICE_PATHS: Mapping[str, tuple[str, ...]] = {
    "role": ("role",), "manufacturer": ("vendor",), "part_number": ("model",),
    **{PREFIX + name: (name,) for name in ("os_version", "stack", "pair")},
    PREFIX + "management_protocol": ("management", "protocol"), PREFIX + "management_port": ("management", "port"),
}  # fmt: skip

_UNSPECIFIED = "unspecified"


def add_assets(inventory: Inventory, assets: Sequence[Asset], draft: Draft) -> None:
    """Add ``assets`` and the cables between them."""
    virtual = {host.name for host in inventory.hosts if host.virtual_on}
    carriers = {host.virtual_on for host in inventory.hosts if host.virtual_on} - virtual
    for asset in assets:
        if isinstance(asset, Host) and asset.virtual_on:
            ref = _virtual(inventory, asset, asset.virtual_on in carriers, draft)
        else:
            ref = _physical(inventory, asset, asset.name in carriers, draft)
        add_ports(inventory.site(asset.site), ref, asset, draft)
    add_cables(inventory, {asset.name for asset in assets} - virtual, draft)


def _physical(inventory: Inventory, asset: Asset, carrier: bool, draft: Draft) -> Ref:  # noqa: FBT001 - private
    values: dict[str, Value] = {
        "name": asset.name,
        "device_type": _type(asset, draft),
        "role": _role(asset.role if isinstance(asset, Device) else SERVER, draft),
        "platform": _platform(asset, draft),
        "serial": asset.serial or "",
        "site": site_ref(asset.site),
        "location": room_ref(asset.site, asset.room) if asset.room else None,
        "rack": rack(asset.site, asset.room, asset.rack, draft) if asset.rack else None,
        "position": asset.u_position if asset.rack else None,
    }
    initial: dict[str, Value] = dict(ACTIVE)
    if asset.rack is None:
        values["face"] = None
    elif asset.u_position is not None:
        initial["face"] = "front"
    if carrier:
        values["cluster"] = _cluster(asset.name, asset.site, draft)
    native = {"name", "site", "platform", "serial", "address", "u_height", "vendor", "model", "role", "room", "rack"}
    if asset.rack:
        native.add("u_position")
    later = {f"primary_ip{asset.address.version}": address_ref(inventory.site(asset.site), asset.address)}
    custom = _custom(inventory, asset, native)
    return draft.add("dcim.device", values, custom, initial=initial, later=later, origin=_origin(asset))


def _virtual(inventory: Inventory, host: Host, placed: bool, draft: Draft) -> Ref:  # noqa: FBT001 - private
    """Add a virtual machine; one of another virtual machine, which is not ``placed``, has only its site."""
    carrier = inventory.host(host.virtual_on) if placed and host.virtual_on else None
    values: dict[str, Value] = {
        "name": host.name,
        "role": _role(SERVER, draft),
        "platform": _platform(host, draft),
        "serial": host.serial or "",
        "vcpus": host.hardware.cpus,
        "site": site_ref(host.site),
        "cluster": _cluster(carrier.name, carrier.site, draft) if carrier else None,
        "device": Ref("dcim.device", (carrier.name,)) if carrier else None,
    }
    native = {"name", "site", "platform", "serial", "address", "cpus"} | ({"virtual_on"} if carrier else set())
    later = {f"primary_ip{host.address.version}": address_ref(inventory.site(host.site), host.address)}
    custom = _custom(inventory, host, native)
    return draft.add("virtualization.virtualmachine", values, custom, initial=ACTIVE, later=later, origin=_origin(host))


def _custom(inventory: Inventory, asset: Asset, native: set[str]) -> Custom:
    """Return the variables that no field of NetBox holds."""
    said = {name: value for name, value in variables(inventory, asset).items() if name not in asset.vars}
    custom = {name: value for name, value in said.items() if name.removeprefix(PREFIX) not in native}
    return {**custom, VARS: dict(asset.vars) or None}


def _type(asset: Asset, draft: Draft) -> Ref:
    """Add the device type; a model that is said to have several heights is one type for each."""
    vendor = asset.vendor if isinstance(asset, Device) else _UNSPECIFIED
    stated = asset.model if isinstance(asset, Device) else None
    maker = draft.add("dcim.manufacturer", {"name": vendor, "slug": slug(vendor)})
    model = stated or f"{_UNSPECIFIED} {asset.u_height}U"
    there = draft.get(Ref("dcim.devicetype", (maker.key, slug(model))))
    if there is not None and there.values["u_height"] != asset.u_height:
        model = f"{model} {asset.u_height}U"
    return draft.add(
        "dcim.devicetype",
        {
            "manufacturer": maker,
            "model": model,
            "slug": slug(model),
            "part_number": stated or "",
            "u_height": asset.u_height,
        },
    )


def _role(role: str, draft: Draft) -> Ref:
    return draft.add("dcim.devicerole", {"name": role, "slug": role})


def _platform(asset: Asset, draft: Draft) -> Ref:
    known = known_platforms()
    platform = (known.hosts if isinstance(asset, Host) else known.devices)[asset.platform]
    return draft.add("dcim.platform", {"name": platform.name, "slug": asset.platform})


def _cluster(carrier: str, site: str, draft: Draft) -> Ref:
    kind = draft.add("virtualization.clustertype", {"name": "hypervisor", "slug": "hypervisor"})
    values: dict[str, Value] = {"name": carrier, "type": kind, "scope": site_ref(site)}
    return draft.add("virtualization.cluster", values, initial=ACTIVE)


def _origin(asset: Asset) -> Origin:
    paths = _HOST_PATHS if isinstance(asset, Host) else _DEVICE_PATHS
    return Origin(kind=type(asset), id=asset.name, region=asset.region, paths={**_PATHS, **paths})
