# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about who answers for things, who is called when they fail, and whether they can be found."""

from collections.abc import Iterator
from datetime import datetime, time
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Rule
from inventories.model import WEEK, Asset, Calendar, Contact, Host, Rota, Service, Site
from inventories.oncall import uncovered, weekly_gaps
from inventories.registry import rule
from inventories.rules.levels import FILED
from inventories.rules.wording import few

_IMPORTANT = frozenset({"high", "critical"})
_ATTENDED = frozenset({"exam", "peak"})


@rule(
    "INV-OWN-001",
    "warning",
    title=Text(en="Every host, device and service has an owner.", zh="主机、设备和业务都有责任人。"),
    why=Text(
        en="What nobody answers for is neither maintained nor switched off.",
        zh="无人负责的资产既无人维护，也无人下线。",
    ),
    hint="name a contact as owner, here or in the defaults of the region",
)
def everything_has_an_owner(this: Rule, book: Book) -> Iterator[Finding]:
    """Find hosts, devices and services without owner."""
    owned: Iterator[tuple[Record[Any], Asset | Service]] = chain(book.assets(), book.valid(Service))
    for record, entry in owned:
        if entry.owner is None:
            yield this.found(record.place(), f"{record.kind} {record.id!r} has no owner")


@rule(
    "INV-OWN-002",
    "warning",
    title=Text(
        en="Hosts and devices of high importance and services of MLPS level 2 or above have a rota.",
        zh="重要程度为高及以上的主机和设备、等保二级及以上的业务都有值班表。",
    ),
    why=Text(
        en="An alert that calls nobody is seen in the morning.",
        zh="告警找不到值班人，就要等到第二天才有人发现。",
    ),
    hint="name a rota, here or in the defaults of the region",
)
def what_matters_has_a_rota(this: Rule, book: Book) -> Iterator[Finding]:
    """Find assets of high or critical importance and services of level 2 or above without rota."""
    needing: Iterator[tuple[Record[Any], Asset | Service]] = chain(
        ((record, asset) for record, asset in book.assets() if asset.importance in _IMPORTANT),
        ((record, service) for record, service in book.valid(Service) if service.mlps_level >= FILED),
    )
    for record, entry in needing:
        if entry.rota is None:
            yield this.found(record.place(), f"{record.kind} {record.id!r} has no rota: nobody is called")


@rule(
    "INV-LOC-001",
    "warning",
    title=Text(
        en="Of hosts and devices of high importance room, rack and rack unit are stated.",
        zh="重要程度为高及以上的主机和设备写明机房、机柜和 U 位。",
    ),
    why=Text(
        en="At night somebody else is sent to it and has to find it.",
        zh="夜间赶到现场的往往是别人，必须找得到设备。",
    ),
    hint="state room, rack and u_position",
)
def what_matters_can_be_found(this: Rule, book: Book) -> Iterator[Finding]:
    """Find assets of high or critical importance without location; virtual ones and rooms without racks need less."""
    without_racks = {(site.id, room.id) for _, site in book.valid(Site) for room in site.rooms if not room.racks}
    for record, asset in book.assets():
        if asset.importance not in _IMPORTANT or (isinstance(asset, Host) and asset.virtual_on is not None):
            continue
        asked = ("room",) if (asset.site, asset.room) in without_racks else ("room", "rack", "u_position")
        missing = [name for name in asked if getattr(asset, name) is None]
        if missing:
            message = f"{record.kind} {record.id!r} is of {asset.importance} importance and has no {', '.join(missing)}"
            yield this.found(record.place(), message)


@rule(
    "INV-ROT-001",
    "warning",
    title=Text(
        en="The rota of a critical host or device covers every hour of the week.",
        zh="关键资产的值班表覆盖全周每一小时。",
    ),
    why=Text(
        en="What is critical fails at night and at weekends too.",
        zh="关键资产在夜间和周末同样会出故障。",
    ),
    hint="add a shift for that time",
)
def critical_assets_are_attended_always(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rotas of critical assets whose shifts leave a gap in the week."""
    critical: dict[str, list[str]] = {}
    for _, asset in book.assets():
        if asset.importance == "critical" and asset.rota is not None:
            critical.setdefault(asset.rota, []).append(asset.name)
    for record, rota in book.valid(Rota):
        gaps = weekly_gaps(rota) if rota.id in critical else ()
        if gaps:
            (first, end), hours = gaps[0], sum(end - start for start, end in gaps) / 60
            message = (
                f"rota {rota.id!r} has nobody on call for {hours:.4g} hours of the week, e.g. {_in_week(first)} to "
                f"{_in_week(end)}; critical: {few(critical[rota.id])}"
            )
            yield this.found(record.place("shifts"), message)


def _in_week(minutes: int) -> str:
    day = min(minutes // 1440, len(WEEK) - 1)
    hour, minute = divmod(minutes - day * 1440, 60)
    return f"{WEEK[day]} {hour:02}:{minute:02}"


@rule(
    "INV-ROT-002",
    "warning",
    title=Text(
        en="The rota of a service covers the exams and peaks of its calendar.",
        zh="业务的值班表覆盖其日历中的考试和重保时段。",
    ),
    why=Text(
        en="An outage in these hours cannot be made good afterwards.",
        zh="这些时段中断业务，事后无法弥补。",
    ),
    hint="add a shift for that time, or correct the time zone of the rota",
)
def peaks_are_attended(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rotas that call nobody in a part of an exam or peak of the calendar of their service, unless it is over."""
    if book.authority is None or book.authority.model is None:
        return
    served: dict[tuple[str | None, str | None], list[str]] = {}
    for _, service in book.valid(Service):
        served.setdefault((service.rota, service.calendar), []).append(service.id)
    for (rota_id, calendar_id), services in served.items():
        rota, calendar = book.sole(Rota, rota_id), book.sole(Calendar, calendar_id)
        if rota is None or calendar is None:
            continue
        gap = _first_gap(rota, calendar, book.authority.model.timezone, datetime.combine(book.today, time.min))
        if gap is not None:
            message = f"rota {rota.id!r} has nobody on call {gap}, for service {few(services)}"
            yield this.found(book.by_id(Rota)[rota.id].place("shifts"), message)


def _first_gap(rota: Rota, calendar: Calendar, zone: str, now: datetime) -> str | None:
    """Describe the first time from ``now`` on that nobody is on call in an exam or peak; None when there is none."""
    for window in calendar.windows:
        if window.kind not in _ATTENDED or window.end <= now:
            continue
        try:
            gaps = uncovered(rota, ZoneInfo(zone), max(window.start, now), window.end)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None  # INV-REF-008 says so
        if gaps:
            (start, end), hours = gaps[0], sum((end - start).total_seconds() for start, end in gaps) / 3600
            return (
                f"for {hours:.4g} hours of {window.kind} {window.id!r} of calendar {calendar.id!r}, "
                f"e.g. {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} ({zone})"
            )
    return None


@rule(
    "INV-ROT-003",
    "error",
    title=Text(en="Where contacts take turns, the rota says since when.", zh="多人轮值时，值班表写明起始日期。"),
    why=Text(
        en="Without a first day nobody can tell whose turn it is.",
        zh="没有起始日期，就算不出本周轮到谁。",
    ),
    hint="add since: a day of the week in which the first contact has its turn",
)
def turns_have_a_beginning(this: Rule, book: Book) -> Iterator[Finding]:
    """Find rotas in which a shift has several contacts and that do not say since when they take turns."""
    for record, rota in book.valid(Rota):
        turns = next((shift for shift in rota.shifts if len(shift.contacts) > 1), None)
        if turns is not None and rota.since is None:
            message = f"the contacts of shift {turns.id!r} take turns, but rota {rota.id!r} does not say since when"
            yield this.found(record.place("shifts", turns.id, "contacts"), message)


@rule(
    "INV-ROT-004",
    "warning",
    title=Text(en="Whoever is on call has a telephone number or a mail address.", zh="值班人员登记了电话或邮箱。"),
    why=Text(en="A rota of people that cannot be reached calls nobody.", zh="联系不上的值班表等于没有。"),
    hint="state phone or email of the contact",
)
def those_on_call_can_be_reached(this: Rule, book: Book) -> Iterator[Finding]:
    """Find contacts of shifts and escalations with neither phone nor email."""
    called = {
        name: rota.id
        for _, rota in book.valid(Rota)
        for name in chain(rota.escalation, *(shift.contacts for shift in rota.shifts))
    }
    for record, contact in book.valid(Contact):
        if contact.id in called and not (contact.phone or contact.email):
            message = f"contact {contact.id!r} is called by rota {called[contact.id]!r} and has no phone and no email"
            yield this.found(record.place(), message)
