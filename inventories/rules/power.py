# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about power and cooling: what is drawn is within what is there, also when one unit fails (GB 50174-2017)."""

from collections.abc import Iterator

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Place, Rule, did_you_mean
from inventories.model import Asset, Host, Room, Site
from inventories.registry import rule

_UPS_MARGIN = 1.1
"""GB 50174-2017: the basic capacity E of a UPS is at least 1.1 times the load P."""
_SLACK = 1e-6
"""Kilowatts by which sums of decimal fractions may be off."""
_REDUNDANT = 2
_SOURCES_OF_GRADE_A = 3


def _rooms(book: Book) -> Iterator[tuple[Record[Site], Site, Room]]:
    for record, site in book.valid(Site):
        for room in site.rooms:
            yield record, site, room


def _drawing(book: Book) -> Iterator[tuple[Asset, float]]:
    """Yield the physical assets that state their power, with it in kW."""
    for _, asset in book.assets():
        if asset.power_w is not None and not (isinstance(asset, Host) and asset.virtual_on is not None):
            yield asset, asset.power_w / 1000


@rule(
    "INV-PWR-001",
    "warning",
    title=Text(en="What stands in a rack draws no more than the rack may.", zh="机柜内设备的总功率不超过机柜限额。"),
    why=Text(
        en="The breaker of the rack falls when all restart at once.",
        zh="设备同时重启时，机柜断路器会跳闸。",
    ),
    hint="move something to another rack, or correct power_w or the kw of the rack",
)
def racks_are_not_overloaded(this: Rule, book: Book) -> Iterator[Finding]:
    """Find racks in which the sum of ``power_w`` is more than the ``kw``, as far as both are stated."""
    drawn: dict[tuple[str, str | None, str | None], float] = {}
    for asset, kw in _drawing(book):
        spot = (asset.site, asset.room, asset.rack)
        drawn[spot] = drawn.get(spot, 0) + kw
    for record, site, room in _rooms(book):
        for rack in room.racks:
            load = drawn.get((site.id, room.id, rack.id), 0)
            if rack.kw is not None and load > rack.kw + _SLACK:
                message = (
                    f"rack {rack.id!r} of room {room.id!r} may draw {rack.kw:g} kW, what stands in it {load:.4g} kW"
                )
                yield this.found(record.place("rooms", room.id, "racks", rack.id, "kw"), message)


@rule(
    "INV-PWR-002",
    "warning",
    title=Text(
        en="What stands in a room draws no more than the room is built for.",
        zh="机房内设备的总功率不超过设计 IT 负荷。",
    ),
    why=Text(
        en="Supply and cooling are built for that load; more of it overheats the room.",
        zh="供电和制冷都按该负荷设计，超出后机房会过热。",
    ),
    hint="move something to another room, or correct power_w or it_kw",
)
def rooms_are_not_overloaded(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rooms in which the sum of ``power_w``, as far as stated, is more than ``it_kw``."""
    drawn: dict[tuple[str, str | None], float] = {}
    for asset, kw in _drawing(book):
        drawn[asset.site, asset.room] = drawn.get((asset.site, asset.room), 0) + kw
    for record, site, room in _rooms(book):
        load = drawn.get((site.id, room.id), 0)
        if load > room.it_kw + _SLACK:
            message = f"room {room.id!r} is built for {room.it_kw:g} kW, what stands in it draws {load:.4g} kW"
            yield this.found(record.place("rooms", room.id, "it_kw"), message)


@rule(
    "INV-PWR-003",
    "warning",
    title=Text(
        en="The racks of a room are not granted more power than the room has.",
        zh="各机柜限额之和不超过机房设计 IT 负荷。",
    ),
    why=Text(
        en="Whoever fills the racks as they are granted overloads the room.",
        zh="各机柜都按限额装满时，机房就会过载。",
    ),
    hint="lower the kw of the racks, or correct it_kw",
)
def racks_fit_the_room(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rooms in which the sum of the ``kw`` of the racks, as far as stated, is more than ``it_kw``."""
    for record, _, room in _rooms(book):
        granted = sum(rack.kw for rack in room.racks if rack.kw is not None)
        if granted > room.it_kw + _SLACK:
            message = (
                f"the racks of room {room.id!r} are granted {granted:.6g} kW, the room is built for {room.it_kw:g} kW"
            )
            yield this.found(record.place("rooms", room.id, "racks"), message)


@rule(
    "INV-PWR-004",
    "warning",
    title=Text(
        en="The UPSes of a room are rated for 1.1 times its IT load.", zh="机房 UPS 容量不小于设计 IT 负荷的 1.1 倍。"
    ),
    why=Text(
        en="GB 50174-2017 asks for it; a UPS at its limit goes to bypass at the first inrush.",
        zh="GB 50174-2017 有此要求；满载的 UPS 一遇冲击就会转旁路。",
    ),
    hint="add a UPS, or correct kw or it_kw",
)
def ups_have_a_margin(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rooms with UPSes whose sum is less than 1.1 times ``it_kw``."""
    for record, _, room in _rooms(book):
        rated = sum(ups.kw for ups in room.ups)
        if room.ups and rated + _SLACK < room.it_kw * _UPS_MARGIN:
            message = f"the UPSes of room {room.id!r} are rated {rated:g} kW, less than 1.1 times {room.it_kw:g} kW"
            yield this.found(record.place("rooms", room.id, "ups"), message)


@rule(
    "INV-PWR-005",
    "warning",
    title=Text(
        en="A room of grade A or B survives the loss of one UPS.", zh="A 级和 B 级机房在任一台 UPS 故障后仍能承载负荷。"
    ),
    why=Text(
        en="These grades are redundant: about 2N for A, N+1 for B (GB 50174-2017).",
        zh="这两个等级要求冗余：A 级约为 2N，B 级约为 N+1（GB 50174-2017）。",
    ),
    hint="add a UPS",
)
def rooms_survive_a_ups(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rooms of grade A or B with UPSes that without the largest carry less than ``it_kw``."""
    for record, _, room in _rooms(book):
        if room.grade == "C" or not room.ups:
            continue
        largest = max(room.ups, key=lambda ups: ups.kw)
        left = sum(ups.kw for ups in room.ups) - largest.kw
        if left + _SLACK < room.it_kw:
            message = (
                f"room {room.id!r} of grade {room.grade} needs {room.it_kw:g} kW; without UPS {largest.id!r} it has "
                f"{left:g} kW"
            )
            yield this.found(record.place("rooms", room.id, "ups"), message)


@rule(
    "INV-PWR-006",
    "warning",
    title=Text(
        en="A room of grade A or B survives the loss of one feed.", zh="A 级和 B 级机房在任一路市电中断后仍能承载负荷。"
    ),
    why=Text(
        en="Two feeds help only when each of them, and the UPSes behind it, can carry everything.",
        zh="每一路市电及其后的 UPS 都能承载全部负荷，两路市电才有意义。",
    ),
    hint="let the UPSes draw from both feeds, or strengthen the other feed or the generator",
)
def rooms_survive_a_feed(this: Rule, book: Book) -> Iterator[Finding]:
    """Find feeds without which the rest carries less than ``it_kw``; a generator of that size makes up for a feed."""
    for record, _, room in _rooms(book):
        carried = room.genset is not None and room.genset.kw >= room.it_kw
        if room.grade == "C" or len(room.feeds) < _REDUNDANT or carried:
            continue
        for feed in room.feeds:
            left = _without_feed(room, feed.id)
            if left + _SLACK < room.it_kw:
                message = (
                    f"room {room.id!r} of grade {room.grade} needs {room.it_kw:g} kW; without feed {feed.id!r} it has "
                    f"{left:g} kW"
                )
                yield this.found(record.place("rooms", room.id, "feeds", feed.id), message)


def _without_feed(room: Room, lost: str) -> float:
    """Return the power that is left without a feed, kW: what the other feeds deliver and the UPSes on them pass on."""
    others = {feed.id: feed.kw for feed in room.feeds if feed.id != lost}
    delivered = [kw for kw in others.values() if kw is not None]
    mains = sum(delivered) if len(delivered) == len(others) else float("inf")
    if not room.ups:
        return mains
    return min(mains, sum(ups.kw for ups in room.ups if not ups.feeds or not others.keys().isdisjoint(ups.feeds)))


@rule(
    "INV-PWR-007",
    "error",
    title=Text(
        en="What a rack or UPS hangs on is a UPS or feed of its room.",
        zh="机柜和 UPS 所写的电源是本机房的 UPS 或市电。",
    ),
    why=Text(
        en="With a supply that does not exist nobody can say what stops when one fails.",
        zh="电源不存在，就无法判断一路故障会影响什么。",
    ),
    hint="declare it in the room, or name one that is declared",
)
def supplies_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Find a ``supply`` of racks and ``feeds`` of UPSes that the room does not have; a range is reported once."""
    for record, _, room in _rooms(book):
        feeds = {feed.id for feed in room.feeds}
        both = feeds | {ups.id for ups in room.ups}
        hanging = [
            *(("racks", rack.id, "supply", rack.supply, both) for rack in room.racks),
            *(("ups", ups.id, "feeds", ups.feeds, feeds) for ups in room.ups),
        ]
        reported: set[Place] = set()
        for part, name, key, supplies, known in hanging:
            for position, supply in enumerate(supplies):
                place = record.place("rooms", room.id, part, name, key, position)
                if supply not in known and place not in reported:
                    reported.add(place)
                    message = f"{supply!r}, on which {name!r} hangs, does not exist in room {room.id!r}"
                    yield this.found(place, message, did_you_mean(supply, sorted(known)))


@rule(
    "INV-PWR-008",
    "warning",
    title=Text(
        en="A room of grade A has a generator for its IT load, or a third feed.",
        zh="A 级机房配有可承载 IT 负荷的柴油发电机，或第三路市电。",
    ),
    why=Text(
        en="A fault in the grid takes two feeds at once. (From background knowledge of GB 50174-2017, unverified.)",
        zh="电网故障可能使两路市电同时中断。（依据对 GB 50174-2017 的了解，未经核实。）",
    ),
    hint="provide a generator of that size, or correct its kw",
)
def rooms_survive_the_grid(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rooms of grade A with one or two feeds and no generator of at least ``it_kw``."""
    for record, _, room in _rooms(book):
        if room.grade != "A" or not room.feeds or len(room.feeds) >= _SOURCES_OF_GRADE_A:
            continue
        if room.genset is None:
            yield this.found(record.place("rooms", room.id), f"room {room.id!r} of grade A has no generator")
        elif room.genset.kw + _SLACK < room.it_kw:
            message = (
                f"the generator of room {room.id!r} delivers {room.genset.kw:g} kW, the IT load is {room.it_kw:g} kW"
            )
            yield this.found(record.place("rooms", room.id, "genset", "kw"), message)


@rule(
    "INV-COOL-001",
    "warning",
    title=Text(
        en="A room of grade A or B stays cool without one of its cooling units.",
        zh="A 级和 B 级机房在一台空调停机时仍能带走 IT 负荷的热量。",
    ),
    why=Text(
        en="All power becomes heat, and an overheated room is down within minutes.",
        zh="电能最终都变成热量，机房过热几分钟内就会停机。",
    ),
    hint="add a cooling unit, or correct kw or units",
)
def rooms_survive_a_cooling_unit(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rooms of grade A or B whose cooling, where stated, takes away less than ``it_kw`` without one unit."""
    for record, _, room in _rooms(book):
        if room.grade == "C" or room.cooling is None:
            continue
        left = (room.cooling.units - 1) * room.cooling.kw
        if left + _SLACK < room.it_kw:
            message = (
                f"room {room.id!r} of grade {room.grade} gives off {room.it_kw:g} kW; without one of its "
                f"{room.cooling.units} cooling units it loses {left:g} kW"
            )
            yield this.found(record.place("rooms", room.id, "cooling"), message)
