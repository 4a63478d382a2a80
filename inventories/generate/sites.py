# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The region, site, people and rooms of a made-up place, as YAML text."""

from math import ceil
from random import Random

from inventories.base import Text
from inventories.generate.equipment import rack_name
from inventories.generate.plan import Place
from inventories.model import LinkClass

_LINES: dict[LinkClass, tuple[tuple[int, ...], int]] = {
    "lan": ((10_000,), 1),
    "fiber": ((100, 200, 500, 1000), 6),
    "leased": ((50, 100), 9),
    "lte": ((20, 50), 60),
    "satellite": ((8, 16), 700),
}
"""Of each class of line: the usual bandwidths, Mbit/s, and the usual round trip, ms."""
CLOSET_RACK_UNITS = 24
OFFICE_RACK_KW = 4
CENTRE_RACK_KW = 5
_PROVIDERS = ("carrier-a", "carrier-b", "carrier-c")


def said(text: Text) -> str:
    """Return a bilingual text as a flow mapping.

    >>> said(Text(en="Portal", zh="门户"))
    '{en: Portal, zh: 门户}'
    """
    return f"{{en: {text.en}, zh: {text.zh}}}"


def listed(values: tuple[str, ...]) -> str:
    """Return a flow sequence; IPv6 texts are quoted, as colons ask for it.

    >>> listed(("10.0.0.0/8", "2001:db8::/32"))
    '[10.0.0.0/8, "2001:db8::/32"]'
    """
    return f"[{', '.join(f'{chr(34)}{value}{chr(34)}' if ':' in value else value for value in values)}]"


def region(place: Place) -> str:
    """Return the section that says which region this is."""
    text = f"region:\n  level: {place.level}\n  name: {said(place.name)}\n"
    return text if place.level == "school" else f"{text}  prefixes: {listed(place.block.region)}\n"


def contact(contact_id: str, name: Text, number: int) -> str:
    """Return one contact; its telephone leads nowhere."""
    return (
        f"  {contact_id}:\n    name: {said(name)}\n"
        f'    phone: "000-{number // 10_000:04}-{number % 10_000:04}"\n    email: {contact_id}@edu.example\n'
    )


def site(place: Place, rooms: str, room: str, random: Random) -> str:
    """Return the site of ``place`` with its uplinks, VLANs and ``rooms``; assets stand in ``room`` by default."""
    lines = [
        f"sites:\n  {place.id}:\n    name: {said(place.name)}\n    link: {place.link}\n",
        f"    prefixes: {listed(place.block.site)}\n    defaults: {{room: {room}}}\n    uplinks:\n",
    ]
    for number, provider in enumerate(random.sample(_PROVIDERS, 2 if place.above is None else 1), 1):
        mbps, latency = _LINES[place.link]
        to = f", to: {place.above.id}" if place.above is not None else ""
        width = random.choice(mbps) if place.level == "school" else 10_000
        lines.append(
            f"      wan{number}: {{link: {place.link}, mbps: {width}, latency_ms: {latency}, "
            f"provider: {provider}{to}}}\n"
        )
    lines.append("    vlans:\n")
    for vlan in place.block.plan:
        if vlan == "exam" and place.kind is not None and place.kind.code in "pt":
            continue
        lines.append(
            f"      {vlan}:\n        prefixes: {listed(place.block.prefixes(vlan))}\n"
            f"        gateway: [{place.block.address(vlan, 1)}]\n"
        )
    return "".join(lines) + rooms


def closet(racks: int) -> str:
    """Return the rooms of a school: one closet."""
    return (
        f"    rooms:\n      closet: {{grade: C, it_kw: {3 * racks}, "
        f"racks: {{{_racks(racks)}: {{units: {CLOSET_RACK_UNITS}}}}}}}\n"
    )


def office_room(racks: int) -> str:
    """Return the rooms of a city or county: a basic room with one UPS."""
    kw = OFFICE_RACK_KW * racks
    return (
        f"    rooms:\n      dc:\n        grade: C\n        it_kw: {kw}\n"
        f"        racks: {{{_racks(racks)}: {{kw: {OFFICE_RACK_KW}}}}}\n        feeds: {{a: {{kw: {3 * kw}}}}}\n"
        f"        ups: {{ups-a: {{kw: {1.25 * kw:g}}}}}\n        cooling: {{kw: {kw}, units: 2}}\n"
    )


def centre_room(racks: int) -> str:
    """Return the rooms of the province: a fault-tolerant room with two feeds, two UPSes and a generator."""
    kw = CENTRE_RACK_KW * racks
    units = max(2, ceil(kw / 30) + 1)
    return (
        f"    rooms:\n      dc:\n        grade: A\n        it_kw: {kw}\n"
        f"        racks: {{{_racks(racks)}: {{kw: {CENTRE_RACK_KW}}}}}\n"
        f"        feeds: {{a: {{kw: {3 * kw}}}, b: {{kw: {3 * kw}}}}}\n"
        f"        ups: {{ups-a: {{kw: {1.25 * kw:g}, feeds: [a]}}, ups-b: {{kw: {1.25 * kw:g}, feeds: [b]}}}}\n"
        f"        genset: {{kw: {3 * kw}, hours: 24}}\n        cooling: {{kw: 30, units: {units}}}\n"
    )


def _racks(number: int) -> str:
    return rack_name(0) if number == 1 else f"{rack_name(0)}..{rack_name(number - 1)}"
