# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Regions, sites, rooms, racks, power, networks and contacts as NetBox objects.

A thing is named by its id, which is what other entries, tickets and plates say; its description has both languages.
"""

from collections.abc import Mapping

from inventories.errors import BadInput
from inventories.model import ROOT, Contact, Inventory, Region, Room, Site, Vlan, Vrf
from inventories.model.base import Network
from inventories.netbox.draft import LONGEST_SLUG, Draft, both
from inventories.netbox.objects import Origin, Ref, Value
from inventories.variables import PREFIX

ACTIVE: Mapping[str, Value] = {"status": "active"}
"""NetBox asks for a status, which the inventory does not know."""

_RACK: Mapping[str, Value] = {**ACTIVE, "width": 19}


def add_places(inventory: Inventory, draft: Draft) -> None:
    """Add everything of the inventory that is not an asset and has a place in NetBox."""
    for contact in inventory.contacts:
        _contact(contact, draft)
    for vrf in inventory.vrfs:
        _vrf(vrf, draft)
    for region in inventory.regions:
        _region(region, draft)
    for site in inventory.sites:
        _site(site, draft)


def region_ref(path: str) -> Ref:
    """Return the region of that path. NetBox has no slashes in slugs.

    >>> region_ref("qinghe/lushan").key
    ('qinghe--lushan',)
    """
    return Ref("dcim.region", ("root" if path == ROOT else path.replace("/", "--"),))


def site_ref(site: str) -> Ref:
    """Return the site of that id."""
    return Ref("dcim.site", (site,))


def room_ref(site: str, room: str) -> Ref:
    """Return the location that a room is."""
    return Ref("dcim.location", (site_ref(site).key, room))


def rack(site: str, room: str | None, name: str, draft: Draft) -> Ref:
    """Return the rack, of usual size when the room does not list it."""
    location = room_ref(site, room) if room is not None else None
    ref = Ref("dcim.rack", (site_ref(site).key, location.key if location else None, name))
    if draft.get(ref) is None:
        values: Mapping[str, Value] = {"site": site_ref(site), "location": location, "name": name}
        draft.add("dcim.rack", values, initial={**_RACK, "u_height": 42})
    return ref


def vrf_ref(vrf: str | None) -> Ref | None:
    """Return the routing instance; None is the global one."""
    return Ref("ipam.vrf", (vrf,)) if vrf is not None else None


def vlan_ref(site: str, vlan: str) -> Ref:
    """Return a VLAN of a site."""
    return Ref("ipam.vlan", ((site,), vlan))


def _contact(contact: Contact, draft: Draft) -> None:
    values = {
        "name": contact.id,
        "title": both(contact.department),
        "phone": contact.phone or "",
        "email": contact.email or "",
        "description": both(contact.name),
    }
    paths = {"phone": ("phone",), "email": ("email",)}
    draft.add("tenancy.contact", values, origin=_origin(contact, paths))


def _vrf(vrf: Vrf, draft: Draft) -> None:
    values = {"name": vrf.id, "rd": vrf.rd, "description": both(vrf.name)}
    paths = {"rd": ("rd",), PREFIX + "internet": ("internet",)}
    draft.add("ipam.vrf", values, {PREFIX + "internet": vrf.internet}, origin=_origin(vrf, paths))


def _region(region: Region, draft: Draft) -> None:
    ref = region_ref(region.path)
    text = str(ref.key[-1])
    if len(text) > LONGEST_SLUG:
        raise BadInput(f"region {region.path!r} has a path too long for NetBox ({LONGEST_SLUG} characters)")
    draft.add(
        "dcim.region",
        {
            "name": region.path.rpartition("/")[2] if region.path != ROOT else text,
            "slug": text,
            "parent": region_ref(region.parent) if region.parent is not None else None,
            "description": both(region.name),
        },
        {PREFIX + "region_level": region.level},
    )
    for network in region.prefixes:
        _container(network, ref, draft)


def _site(site: Site, draft: Draft) -> None:
    ref = draft.add(
        "dcim.site",
        {
            "name": site.id,
            "slug": site.id,
            "region": region_ref(site.region),
            "description": both(site.name),
        },
        {PREFIX + "link": site.link},
        initial=ACTIVE,
        origin=_origin(site, {PREFIX + "link": ("link",)}),
    )
    for network in site.prefixes:
        _container(network, ref, draft)
    if site.vlans:
        draft.add("ipam.vlangroup", {"name": site.id, "slug": site.id, "scope": ref})
    for vlan in site.vlans:
        _vlan(site, vlan, draft)
    for room in site.rooms:
        _room(site, room, draft)


def _container(network: Network, scope: Ref, draft: Draft) -> None:
    values: Mapping[str, Value] = {"prefix": str(network), "vrf": None, "vlan": None, "role": None, "scope": scope}
    draft.put("ipam.prefix", values, {"status": "container"})


def _vlan(site: Site, vlan: Vlan, draft: Draft) -> None:
    role = draft.add("ipam.role", {"name": vlan.purpose, "slug": vlan.purpose})
    paths = {"vid": ("vid",), "role": ("purpose",), PREFIX + "mlps_level": ("mlps_level",)}
    ref = draft.add(
        "ipam.vlan",
        {
            "group": Ref("ipam.vlangroup", (site.id,)),
            "site": site_ref(site.id),
            "vid": vlan.vid,
            "name": vlan.id,
            "role": role,
        },
        {
            PREFIX + "mlps_level": vlan.mlps_level,
            PREFIX + "gateway": tuple(str(address) for address in vlan.gateway) or None,
        },
        initial=ACTIVE,
        origin=_origin(site, {name: ("vlans", vlan.id, *path) for name, path in paths.items()}),
    )
    for network in vlan.prefixes:
        values: Mapping[str, Value] = {
            "prefix": str(network),
            "vrf": vrf_ref(vlan.vrf),
            "vlan": ref,
            "role": role,
            "scope": site_ref(site.id),
        }
        draft.put("ipam.prefix", values, ACTIVE)


def _room(site: Site, room: Room, draft: Draft) -> None:
    numbers = {
        "grade": room.grade,
        "it_kw": room.it_kw,
        "genset_kw": room.genset.kw if room.genset else None,
        "genset_hours": room.genset.hours if room.genset else None,
        "cooling_kw": room.cooling.kw if room.cooling else None,
        "cooling_units": room.cooling.units if room.cooling else None,
    }
    paths = {
        "grade": ("grade",), "it_kw": ("it_kw",), "genset_kw": ("genset", "kw"), "genset_hours": ("genset", "hours"),
        "cooling_kw": ("cooling", "kw"), "cooling_units": ("cooling", "units"),
    }  # fmt: skip
    ref = draft.add(
        "dcim.location",
        {
            "site": site_ref(site.id),
            "name": room.id,
            "slug": room.id,
            "description": both(room.name),
        },
        {PREFIX + name: value for name, value in numbers.items()},
        initial=ACTIVE,
        origin=_origin(site, {PREFIX + name: ("rooms", room.id, *path) for name, path in paths.items()}),
    )
    for label, supplies in (("feeds", room.feeds), ("ups", room.ups)):
        for supply in supplies:
            draft.add(
                "dcim.powerpanel",
                {"site": site_ref(site.id), "location": ref, "name": f"{room.id}/{supply.id}", "description": label},
                {PREFIX + "kw": supply.kw},
                origin=_origin(site, {PREFIX + "kw": ("rooms", room.id, label, supply.id, "kw")}),
            )
    for one in room.racks:
        here = ("rooms", room.id, "racks", one.id)
        made = draft.add(
            "dcim.rack",
            {
                "site": site_ref(site.id),
                "location": ref,
                "name": one.id,
                "u_height": one.units,
            },
            {PREFIX + "kw": one.kw},
            initial=_RACK,
            origin=_origin(site, {"u_height": (*here, "units"), PREFIX + "kw": (*here, "kw")}),
        )
        supplied = one.supply or tuple(supply.id for supply in room.ups or room.feeds)
        for number, supply_id in enumerate(supplied):
            panel = Ref("dcim.powerpanel", (site_ref(site.id).key, f"{room.id}/{supply_id}"))
            feed: dict[str, Value] = {
                "power_panel": panel,
                "rack": made,
                "name": one.id,
            }
            draft.add("dcim.powerfeed", feed, initial={**ACTIVE, "type": "redundant" if number else "primary"})


def _origin(entry: Contact | Vrf | Site, paths: Mapping[str, tuple[str, ...]]) -> Origin:
    return Origin(kind=type(entry), id=entry.id, region=entry.region, paths=paths)
