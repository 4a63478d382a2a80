# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about what keeps running when one thing fails: a host, a rack, a supply, a member of a pair."""

from collections.abc import Iterator, Mapping, Sequence

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Rule
from inventories.model import Device, Host, Rack, Room, Service, Site
from inventories.registry import rule
from inventories.rules.levels import STRICT

_REDUNDANT = 2


def _machines(book: Book, service: Service) -> Sequence[Host] | None:
    """Return the physical hosts under a service, each once; None when one of them is not known."""
    machines: dict[str, Host] = {}
    for name in service.hosts:
        host = book.sole(Host, name)
        passed: set[str] = set()
        while host is not None and host.virtual_on is not None and host.name not in passed:
            passed.add(host.name)
            host = book.sole(Host, host.virtual_on)
        if host is None or host.name in passed:
            return None
        machines[host.name] = host
    return tuple(machines.values())


def _strict_and_redundant(book: Book) -> Iterator[tuple[Record[Service], Service, Sequence[Host]]]:
    """Yield the services of level 3 and above that run on several machines, with these."""
    for record, service in book.valid(Service):
        machines = _machines(book, service) if service.mlps_level >= STRICT else None
        if machines is not None and len(machines) >= _REDUNDANT:
            yield record, service, machines


@rule(
    "INV-HA-001",
    "warning",
    title=Text(
        en="Every service of MLPS level 3 or above runs on at least two physical hosts.",
        zh="等保三级及以上的业务至少运行在两台物理主机上。",
    ),
    why=Text(
        en="One failing host must not stop what the authority depends on.",
        zh="单台主机故障不应中断重要业务。",
    ),
    hint="let a second host run it",
)
def graded_services_are_redundant(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services of level 3 or above with less than two hosts; virtual machines count as what they run on."""
    for record, service in book.valid(Service):
        if service.mlps_level < STRICT:
            continue
        count = len(set(service.hosts))
        machines = _machines(book, service)
        under = ""
        if machines is not None and len(machines) < count:
            count, under = len(machines), " physical"
        if count < _REDUNDANT:
            message = f"service {record.id!r} has MLPS level {service.mlps_level} and runs on {count}{under} host(s)"
            yield this.found(record.place("hosts"), message)


@rule(
    "INV-HA-002",
    "warning",
    title=Text(en="Every room of grade A or B has at least two mains feeds.", zh="A 级和 B 级机房至少有两路市电。"),
    why=Text(
        en="GB 50174-2017 asks for them; with one, a cut in the street stops the room.",
        zh="GB 50174-2017 有此要求；只有一路市电时，外部停电就会使机房停机。",
    ),
    hint="bring in a second mains feed",
)
def graded_rooms_have_two_feeds(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rooms of grade A or B that state a single feed."""
    for record, site in book.valid(Site):
        for room in site.rooms:
            if room.grade != "C" and len(room.feeds) == 1:
                place = record.place("rooms", room.id, "feeds")
                yield this.found(place, f"room {room.id!r} has grade {room.grade} and a single feed")


@rule(
    "INV-HA-003",
    "warning",
    title=Text(
        en="The hosts of a service of MLPS level 3 or above stand in different racks.",
        zh="等保三级及以上业务的主机分布在不同机柜。",
    ),
    why=Text(
        en="A rack fails as a whole: its power strip, its switch, the hand that pulls a cable.",
        zh="配电单元、接入交换机或一次误拔线，都会使整个机柜停摆。",
    ),
    hint="move one of them to another rack",
)
def graded_services_span_racks(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services of level 3 or above whose machines are all in one rack, where the racks are stated."""
    for record, service, machines in _strict_and_redundant(book):
        racks = {(host.site, host.room, host.rack) for host in machines}
        _, room, rack = next(iter(racks))
        if len(racks) == 1 and rack is not None:
            message = (
                f"all {len(machines)} hosts of service {record.id!r} (MLPS level {service.mlps_level}) stand in rack "
                f"{rack!r} of room {room!r}"
            )
            yield this.found(record.place("hosts"), message)


@rule(
    "INV-HA-004",
    "warning",
    title=Text(
        en="The hosts of a service of MLPS level 3 or above do not all hang on one UPS or feed.",
        zh="等保三级及以上业务的主机不全依赖同一台 UPS 或同一路市电。",
    ),
    why=Text(
        en="Several hosts are no redundancy when one breaker stops them all.",
        zh="一个断路器就能使其全部停机，主机再多也不算冗余。",
    ),
    hint="let the racks hang on two supplies, or move a host to where another supply feeds it",
)
def graded_services_span_supplies(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services of level 3 or above for which one UPS or feed stops all machines."""
    rooms = {(site.id, room.id): room for _, site in book.valid(Site) for room in site.rooms}
    for record, service, machines in _strict_and_redundant(book):
        common = frozenset.intersection(*(_weak_points(rooms, host) for host in machines))
        if common:
            _, room_id, what = min(common)
            message = (
                f"all {len(machines)} hosts of service {record.id!r} (MLPS level {service.mlps_level}) stop when "
                f"{what} of room {room_id!r} fails"
            )
            yield this.found(record.place("hosts"), message)


def _weak_points(rooms: Mapping[tuple[str, str], Room], host: Host) -> frozenset[tuple[str, str, str]]:
    """Return what alone stops ``host`` when it fails: site, room, and the UPS or feed in words; none if not known."""
    room = rooms.get((host.site, host.room or ""))
    if room is None:
        return frozenset()
    rack = next((rack for rack in room.racks if rack.id == host.rack), None)
    return frozenset((host.site, room.id, what) for what in _stopping(room, rack))


def _stopping(room: Room, rack: Rack | None) -> frozenset[str]:
    """Return the UPSes and feeds of which each is indispensable to ``rack``.

    A rack that names no supply hangs on all UPSes, in a room without UPS on all feeds. A generator makes up for feeds.
    """
    feeds = tuple(feed.id for feed in room.feeds)
    drawn = {ups.id: ups.feeds or feeds for ups in room.ups}
    supply = rack.supply if rack is not None and rack.supply else tuple(drawn) or feeds
    stopping: list[frozenset[str]] = []
    for name in supply:
        behind = drawn.get(name, (name,))
        on_feed = {f"feed {behind[0]!r}"} if len(behind) == 1 and room.genset is None else set()
        stopping.append(frozenset(on_feed | {f"UPS {name!r}"} if name in drawn else on_feed))
    return frozenset.intersection(*stopping) if stopping else frozenset()


@rule(
    "INV-HA-005",
    "warning",
    title=Text(
        en="The members of a VRRP or standby pair stand in different racks.", zh="VRRP 或双机热备的成员位于不同机柜。"
    ),
    why=Text(
        en="One rack that loses power would take both.",
        zh="同一机柜断电，两台设备会一起停机。",
    ),
    hint="move one of them to another rack",
)
def pairs_stand_apart(this: Rule, book: Book) -> Iterator[Finding]:
    """Find devices in the same rack as another one of their pair."""
    first: dict[tuple[str, str, str | None, str], str] = {}
    for record, device in book.valid(Device):
        if device.pair is not None and device.rack is not None:
            spot = (device.pair, device.site, device.room, device.rack)
            other = first.setdefault(spot, record.id)
            if other != record.id:
                message = f"device {record.id!r} stands in the same rack as {other!r} of its pair {device.pair!r}"
                yield this.found(record.place("rack"), message)


@rule(
    "INV-HA-006",
    "warning",
    title=Text(en="A VRRP or standby pair has more than one member.", zh="VRRP 或双机热备至少有两台成员。"),
    why=Text(
        en="A pair of one is a second device that was forgotten, or a name that was mistyped.",
        zh="只有一台成员，不是漏登记了另一台，就是组名写错。",
    ),
    hint="give the other member the same pair, or drop it",
)
def pairs_have_members(this: Rule, book: Book) -> Iterator[Finding]:
    """Find pairs that a single device names; invalid ones count."""
    members: dict[str, list[Record[Device]]] = {}
    for record in book.of(Device):
        named = record.node.entries.get("pair")
        if named is not None and isinstance(named.value, str):
            members.setdefault(named.value, []).append(record)
    for pair, records in members.items():
        if len(records) == 1 and records[0].model is not None and not book.may_declare(pair):
            yield this.found(records[0].place("pair"), f"pair {pair!r} has the single member {records[0].id!r}")


@rule(
    "INV-HA-007",
    "warning",
    title=Text(en="The members of a stack are of one platform and one version.", zh="堆叠成员的平台和版本一致。"),
    why=Text(
        en="A stack of different systems splits at the next restart.",
        zh="系统不一致的堆叠，下次重启时就会分裂。",
    ),
    hint="correct the entry, or bring the members to the same version",
)
def stacks_are_alike(this: Rule, book: Book) -> Iterator[Finding]:
    """Find devices that differ from others of their site and stack in platform or, where stated, ``os_version``."""
    first: dict[tuple[str, str, str], tuple[str, str]] = {}
    for record, device in book.valid(Device):
        if device.stack is None:
            continue
        for field, value in (("platform", device.platform), ("os_version", device.os_version)):
            if value is None:
                continue
            name, theirs = first.setdefault((device.site, device.stack, field), (device.name, value))
            if value != theirs:
                message = (
                    f"device {device.name!r} has {field} {value!r}, {name!r} of its stack {device.stack!r} {theirs!r}"
                )
                yield this.found(record.place(field), message)
                break
