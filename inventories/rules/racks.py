# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about where machines stand: racks, rack units, and what a virtual machine runs on."""

from collections.abc import Iterator, Mapping

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Rule
from inventories.model import Asset, Host, Rack, Site
from inventories.registry import rule
from inventories.rules.circles import circles
from inventories.rules.references import unless_declared

_Room = tuple[str, str | None]


@rule(
    "INV-RACK-001",
    "error",
    title=Text(
        en="The rack of a host or device is a rack of its room, where the room states its racks.",
        zh="机房已登记机柜时，主机和设备所写的机柜属于该机房。",
    ),
    why=Text(
        en="Nobody finds a machine in a rack that does not exist, and its power is counted nowhere.",
        zh="机柜不存在，就找不到设备，其用电也无处计入。",
    ),
    hint="declare the rack in its room, or name one of the room's racks",
)
def racks_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every rack named by a host or device is one of its room, where the room states racks."""
    racks = _racks(book)
    for record, asset in book.assets():
        known = racks.get((asset.site, asset.room))
        if asset.rack is not None and known and asset.rack not in known:
            what = f"rack {asset.rack!r} of room {asset.room!r}"
            yield from unless_declared(this, book, record, ("rack",), asset.rack, known, what)


def _racks(book: Book) -> Mapping[_Room, Mapping[str, Rack]]:
    """Return the racks of the rooms by site and room."""
    return {
        (site.id, room.id): {rack.id: rack for rack in room.racks}
        for _, site in book.valid(Site)
        for room in site.rooms
    }


@rule(
    "INV-RACK-002",
    "error",
    title=Text(en="No host or device stands above the top of its rack.", zh="主机和设备不超出机柜高度。"),
    why=Text(
        en="The position or the height is wrong, so the elevation of the rack is too.",
        zh="说明 U 位或高度有误，机柜立面图也随之出错。",
    ),
    hint="correct u_position, u_height or the units of the rack",
)
def rack_units_are_within_the_rack(this: Rule, book: Book) -> Iterator[Finding]:
    """No unit that a host or device occupies is above the units of its rack."""
    racks = _racks(book)
    for record, asset in book.assets():
        if asset.u_position is None or asset.rack is None:
            continue
        rack = racks.get((asset.site, asset.room), {}).get(asset.rack)
        top = asset.u_position + asset.u_height - 1
        if rack is not None and top > rack.units:
            message = f"{record.kind} {record.id!r} reaches unit {top} of rack {rack.id!r}, which has {rack.units}"
            yield this.found(record.place("u_position"), message)


@rule(
    "INV-RACK-003",
    "error",
    title=Text(en="No two hosts or devices occupy the same rack unit.", zh="任意两台主机或设备不占用同一 U 位。"),
    why=Text(
        en="One of the two stands elsewhere, and whoever is sent to it pulls the wrong plug.",
        zh="其中一台必在别处，派去处理的人会拔错设备。",
    ),
    hint="correct u_position or u_height of one of them",
)
def rack_units_are_used_once(this: Rule, book: Book) -> Iterator[Finding]:
    """No rack unit is occupied twice; each host or device is reported once."""
    used: dict[tuple[str, str | None, str, int], Record[Asset]] = {}
    for record, asset in book.assets():
        if asset.u_position is None or asset.rack is None:
            continue
        units = range(asset.u_position, asset.u_position + asset.u_height)
        others = [used.setdefault((asset.site, asset.room, asset.rack, unit), record) for unit in units]
        unit, other = next(((u, o) for u, o in zip(units, others, strict=True) if o is not record), (0, record))
        if other is not record:
            message = f"unit {unit} of rack {asset.rack!r} is already occupied by {other.id!r}"
            yield this.found(record.place("u_position"), message)


@rule(
    "INV-VM-001",
    "error",
    title=Text(
        en="No host is a virtual machine of itself, directly or through others.",
        zh="主机不得直接或间接作为自身的虚拟机。",
    ),
    why=Text(
        en="At the bottom there must be a machine; power and placement are counted there.",
        zh="最底层必须有一台物理机，用电和位置都计在它上面。",
    ),
    hint="name the physical host it runs on",
)
def virtual_machines_end_at_a_machine(this: Rule, book: Book) -> Iterator[Finding]:
    """Following ``virtual_on`` never leads back."""
    virtual = {record.id: (record, host.virtual_on) for record, host in book.valid(Host) if host.virtual_on is not None}
    for circle in circles({name: (below,) for name, (_, below) in virtual.items()}):
        record, _ = virtual[circle[-2]]
        message = f"hosts are virtual machines of each other: {' -> '.join(circle)}"
        yield this.found(record.place("virtual_on"), message)
