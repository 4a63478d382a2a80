# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Interfaces, hardware addresses, addresses and cables as NetBox objects."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from ipaddress import ip_interface

from inventories.model import Asset, Interface, Inventory, Site, Vlan
from inventories.model.base import Address, Interfaced
from inventories.netbox.draft import Draft
from inventories.netbox.objects import Origin, Ref, Value
from inventories.netbox.places import ACTIVE, vlan_ref, vrf_ref
from inventories.variables import PREFIX

MANAGEMENT = "mgmt"
"""Interface of a management address that no interface of the inventory has."""

_PORTS = {
    "dcim.device": ("dcim.interface", "device"),
    "virtualization.virtualmachine": ("virtualization.vminterface", "virtual_machine"),
}
# NetBox asks for a type, which the inventory does not know.
_INITIAL: Mapping[str, Mapping[str, Value]] = {"dcim.interface": {"type": "other"}, "virtualization.vminterface": {}}


def add_ports(site: Site, of: Ref, asset: Asset, draft: Draft) -> None:
    """Add the interfaces of an asset, which is the object ``of``, with their addresses and the asset's own."""
    for interface in asset.interfaces:
        port = _interface(site, of, interface, asset, draft)
        for address in interface.addresses:
            _address(site, port, address, draft)
    if not any(own.ip == asset.address for interface in asset.interfaces for own in interface.addresses):
        _address(site, _bare(of, MANAGEMENT, draft), _with_length(site, asset.address), draft)


def add_cables(inventory: Inventory, ends: AbstractSet[str], draft: Draft) -> None:
    """Add the cables whose ends are both on ``ends``, names of physical assets."""
    for cable in inventory.cables:
        sides = [end.split(":", 1) for end in cable.ends]
        if all(asset in ends for asset, _ in sides):
            one, other = (_bare(Ref("dcim.device", (asset,)), name, draft) for asset, name in sides)
            draft.add(
                "dcim.cable",
                {"label": cable.id, "a_terminations": (one,), "b_terminations": (other,)},
                {PREFIX + "cable_kind": cable.kind},
                initial={"status": "connected"},
            )


def address_ref(site: Site, address: Address) -> Ref:
    """Return the IP address object of an address at a site."""
    vrf = _vrf(site, address)
    return Ref("ipam.ipaddress", (vrf.key if vrf else None, str(address)))


def _interface(site: Site, of: Ref, interface: Interface, asset: Asset, draft: Draft) -> Ref:
    ref, values = _port(of, interface.id)
    vlans = tuple(vlan_ref(site.id, vlan) for vlan in interface.vlans)
    several = len(vlans) > 1
    values["mode"] = "tagged" if several else "access" if vlans else None
    values["untagged_vlan"] = vlans[0] if vlans and not several else None
    values["tagged_vlans"] = vlans if several else ()
    if of.kind == "dcim.device":
        values["speed"] = interface.mbps * 1000 if interface.mbps is not None else None
    if interface.mac is None:
        return draft.add(ref.kind, values, initial=_INITIAL[ref.kind])
    mac = interface.mac.upper()
    draft.add("dcim.macaddress", {"mac_address": mac, "assigned_object": ref})
    origin = Origin(
        kind=type(asset),
        id=asset.name,
        region=asset.region,
        paths={"primary_mac_address": ("interfaces", interface.id, "mac")},
    )
    later = {"primary_mac_address": Ref("dcim.macaddress", (ref.key, mac))}
    return draft.add(ref.kind, values, initial=_INITIAL[ref.kind], later=later, origin=origin)


def _port(of: Ref, name: str) -> tuple[Ref, dict[str, Value]]:
    """Return an interface of an asset and what is said of every one."""
    kind, owner = _PORTS[of.kind]
    return Ref(kind, (of.key, name)), {owner: of, "name": name}


def _bare(of: Ref, name: str, draft: Draft) -> Ref:
    """Return an interface, of which nothing more is known when the inventory does not list it."""
    ref, values = _port(of, name)
    return ref if draft.get(ref) is not None else draft.add(ref.kind, values, initial=_INITIAL[ref.kind])


def _address(site: Site, port: Ref, address: Interfaced, draft: Draft) -> None:
    values: Mapping[str, Value] = {
        "address": str(address),
        "vrf": _vrf(site, address.ip),
        "assigned_object": port,
    }
    draft.add("ipam.ipaddress", values, initial=ACTIVE)


def _vrf(site: Site, address: Address) -> Ref | None:
    vlan, _ = _network(site, address)
    return vrf_ref(vlan.vrf) if vlan is not None else None


def _with_length(site: Site, address: Address) -> Interfaced:
    _, length = _network(site, address)
    return ip_interface(f"{address}/{length}")


def _network(site: Site, address: Address) -> tuple[Vlan | None, int]:
    """Return the VLAN of a site in whose range an address lies, None when there is none, and the prefix length."""
    ranges = [(network.prefixlen, vlan) for vlan in site.vlans for network in vlan.prefixes if address in network]
    length, vlan = max(ranges, key=lambda one: one[0], default=(address.max_prefixlen, None))
    return vlan, length
