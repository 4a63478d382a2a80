# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What several views say of hosts, devices and racks in the same way."""

from collections.abc import Iterable
from dataclasses import dataclass

from inventories.base import Lang
from inventories.graphs.graph import Kind, Node
from inventories.graphs.words import part, say
from inventories.model import Asset, Device, Host, Rack, Room, Site

SECURITY_ROLES = frozenset({"firewall", "waf", "ips", "ids"})


def is_virtual(asset: Asset) -> bool:
    """Tell whether it is a virtual machine: it stands nowhere and draws no power of its own."""
    return isinstance(asset, Host) and asset.virtual_on is not None


def asset_node(asset: Asset, lang: Lang, group: str | None) -> Node:
    """Return the node of a host or device."""
    if isinstance(asset, Device):
        kind: Kind = "security" if asset.role in SECURITY_ROLES else "network"
        what = " ".join(word for word in (part(asset, lang), asset.vendor, asset.model) if word)
    else:
        kind = "virtual" if is_virtual(asset) else "host"
        what = f"{say(lang, 'virtual machine', '虚拟机') if kind == 'virtual' else part(asset, lang)} {asset.platform}"
    return Node(id=asset.name, lines=(asset.name, what), kind=kind, group=group, tip=_tip(asset, what, lang))


def _tip(asset: Asset, what: str, lang: Lang) -> str:
    facts = [f"{asset.name}: {what}", str(asset.address)]
    if asset.rack is not None:
        facts.append(f"{asset.rack} {units(asset.u_position, asset.u_height)}".rstrip())
    if isinstance(asset, Host):
        facts += asset.services
    if asset.power_w is not None:
        facts.append(f"{asset.power_w:g} W")
    if asset.serial is not None:
        facts.append(f"{say(lang, 'serial', '序列号')} {asset.serial}")
    return ", ".join(facts)


def units(lowest: int | None, height: int) -> str:
    """Return rack units, the lowest first; empty when it is not stated.

    >>> units(3, 1), units(3, 2), units(None, 1)
    ('U03', 'U03-04', '')
    """
    if lowest is None:
        return ""
    return f"U{lowest:02}" if height == 1 else f"U{lowest:02}-{lowest + height - 1:02}"


@dataclass(frozen=True, slots=True)
class Load:
    """Power drawn at most, kW; not ``whole``: some things do not state theirs, so that it is more."""

    kw: float
    whole: bool

    def of(self, kw: float | None, lang: Lang) -> str:
        """Return the load and what is allowed of it, kW."""
        budget = f"{kw:g} kW" if kw is not None else say(lang, "not stated", "未登记")
        over = say(lang, " - over budget", " 超出限额") if kw is not None and self.kw > kw + 1e-6 else ""
        return f"{'' if self.whole else '≥ '}{self.kw:.4g} / {budget}{over}"


def load(standing: Iterable[Asset]) -> Load:
    """Return what the things draw together; virtual machines draw nothing of their own."""
    stated = [asset.power_w for asset in standing if not is_virtual(asset)]
    return Load(sum(watts for watts in stated if watts is not None) / 1000, None not in stated)


def by_rack(standing: Iterable[Asset], room: Room) -> dict[str | None, list[Asset]]:
    """Return what stands in the room by rack, the declared racks first; None: in no rack."""
    found: dict[str | None, list[Asset]] = {rack.id: [] for rack in room.racks}
    for asset in standing:
        if asset.room == room.id:
            found.setdefault(asset.rack, []).append(asset)
    return found


def declared(room: Room, rack: str) -> Rack | None:
    """Return the rack of that name, None when the room does not list it."""
    return next((one for one in room.racks if one.id == rack), None)


def room_name(site: Site, room: Room, lang: Lang) -> str:
    """Return the site and the room in it, by name."""
    return f"{site.name.say(lang)} · {room.name.say(lang) if room.name else room.id}"
