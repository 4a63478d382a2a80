# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Hosts and devices of a made-up place, and where in its racks they stand."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil
from random import Random
from typing import TypeVar

from inventories.generate.plan import Place

T = TypeVar("T")

_SYSTEMS = {"debian13": 50, "openeuler2203": 15, "kylin10": 15, "ubuntu2404": 12, "rocky9": 8}


@dataclass(frozen=True, slots=True)
class Make:
    """A device as it can be bought: who makes it, which platform runs on it, and the power it draws."""

    vendor: str
    platform: str
    model: str
    watts: int


_SWITCHES = {
    Make("huawei", "huawei", "S5735-L24T4S", 35): 40,
    Make("h3c", "hp_comware", "S5130S-28P", 35): 35,
    Make("ruijie", "ruijie_os", "RG-S5750-28GT", 40): 25,
}
_CORES = {
    Make("huawei", "huawei_vrpv8", "S6730-H24X6C", 220): 60,
    Make("h3c", "hp_comware", "S6520X-30QC", 200): 40,
}
_FIREWALLS = {Make("hillstone", "hillstone_stoneos", "SG-6000-A1000", 120): 1}
_ACCESS_POINTS = {
    Make("huawei", "huawei", "AirEngine-5761-11", 15): 60,
    Make("ruijie", "ruijie_os", "RG-AP820-L", 15): 40,
}
_LEADING_OF_A_SCHOOL: Sequence[tuple[str, str, dict[Make, int]]] = (
    ("gw", "egress", _SWITCHES),
    ("core", "core", _SWITCHES),
)
_LEADING: Sequence[tuple[str, str, dict[Make, int]]] = (
    ("egr", "egress", _CORES),
    ("egr", "egress", _CORES),
    ("core", "core", _CORES),
    ("core", "core", _CORES),
    ("fw", "firewall", _FIREWALLS),
    ("fw", "firewall", _FIREWALLS),
)
_SHARE_OF_SWITCHES = 0.6
_WATTS_OF_A_HOST = 400
_WATTS_OF_A_DEVICE = 60


@dataclass(frozen=True, slots=True)
class Server:
    """One host: virtual machines are ``on`` another, the others stand in a rack."""

    name: str
    on: str | None = None
    groups: tuple[str, ...] = ()
    stratum: int | None = None
    time_sources: tuple[str, ...] = ()


class Racks:
    """Hands out rack units from the bottom, hosts round robin over the racks; devices go to the top."""

    def __init__(self, racks: int, units: int = 42) -> None:
        self._low = [1] * racks
        self._high = [units] * racks
        self._turn = 0
        self._device_turn = 0

    def __len__(self) -> int:
        return len(self._low)

    def host(self) -> tuple[str, int]:
        """Return rack and lowest unit for a host of two units."""
        rack = self._turn % len(self._low)
        self._turn += 1
        self._low[rack] += 2
        return rack_name(rack), self._low[rack] - 2

    def device(self) -> tuple[str, int] | None:
        """Return rack and unit for a device of one unit, None when the racks are full."""
        rack = self._device_turn % len(self._low)
        self._device_turn += 1
        if self._high[rack] < self._low[rack]:
            return None
        self._high[rack] -= 1
        return rack_name(rack), self._high[rack] + 1


def racks_for(hosts: int, devices: int, kw: float) -> int:
    """Return how many racks of ``kw`` take so many hosts and devices with room to spare; at least two."""
    watts = hosts * _WATTS_OF_A_HOST + devices * _SHARE_OF_SWITCHES * _WATTS_OF_A_DEVICE
    return max(2, ceil(watts / (700 * kw)))


def closet_racks(hosts: int, devices: int) -> int:
    """Return how many of the small racks of a school take so many hosts and devices."""
    return max(1, ceil(hosts / 5), ceil(devices / 14))


def rack_name(position: int) -> str:
    """Return what is written on the rack, counted from 0.

    >>> rack_name(0)
    'R01'
    """
    return f"R{position + 1:02}"


class Equipment:
    """Writes the assets of one place after the other; serial numbers go on from place to place."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._serials = count(1)

    def hosts(self, place: Place, servers: Sequence[Server], racks: Racks) -> Iterator[str]:
        """Yield the lines of the hosts; their addresses count from 2, after the gateway."""
        for number, server in enumerate(servers, 2):
            address = place.block.address("mgmt", number)
            yield f"  {server.name}:\n    address: {address}\n"
            if server.on is None:
                rack, unit = racks.host()
                yield f"    rack: {rack}\n    u_position: {unit}\n    u_height: 2\n    power_w: {_WATTS_OF_A_HOST}\n"
                if place.level == "province":
                    yield "    importance: high\n"
                yield f"    serial: EFS{next(self._serials):09}\n"
            else:
                yield f"    virtual_on: {server.on}\n"
            yield f"    platform: {self._one(_SYSTEMS)}\n"
            if server.groups:
                yield f"    groups: [{', '.join(server.groups)}]\n"
            if server.stratum is not None:
                yield f"    stratum: {server.stratum}\n"
            if server.time_sources:
                yield f"    time_sources: [{', '.join(server.time_sources)}]\n"

    def devices(self, place: Place, number: int, racks: Racks) -> Iterator[str]:
        """Yield the lines of ``number`` devices; their addresses count down from the end of the range."""
        names: Counter[str] = Counter()
        last = place.block.most_assets + 1
        for position in range(number):
            stem, role, makes = _part(place, position / number, position)
            names[stem] += 1
            make = self._one(makes)
            yield f"  {place.id}-{stem}{names[stem]}:\n    address: {place.block.address('mgmt', last - position)}\n"
            yield f"    vendor: {make.vendor}\n    platform: {make.platform}\n    model: {make.model}\n"
            yield f"    role: {role}\n    serial: EFN{next(self._serials):09}\n"
            spot = racks.device() if role != "wireless" else None
            if spot is not None:
                yield f"    rack: {spot[0]}\n    u_position: {spot[1]}\n    power_w: {make.watts}\n"

    def _one(self, shares: dict[T, int]) -> T:
        return self._random.choices(tuple(shares), tuple(shares.values()))[0]


def _part(place: Place, share: float, position: int) -> tuple[str, str, dict[Make, int]]:
    """Return name, role and possible makes of the device at ``position``: what leads out comes first."""
    leading = _LEADING_OF_A_SCHOOL if place.level == "school" else _LEADING
    if position < len(leading):
        return leading[position]
    return ("acc", "access", _SWITCHES) if share < _SHARE_OF_SWITCHES else ("ap", "wireless", _ACCESS_POINTS)
