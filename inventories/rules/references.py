# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about what entries refer to: it must exist. What is declared but invalid counts, it has findings of its own."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Place, Rule, did_you_mean
from inventories.model import (
    KINDS,
    Backup,
    Calendar,
    Certificate,
    Contact,
    Device,
    Group,
    Host,
    Listed,
    Rota,
    Secret,
    Service,
    Site,
    Vrf,
)
from inventories.registry import rule
from inventories.variables import PREFIX

# INV-REF-003 to INV-REF-005 are retired: INV-REF-001 says what they said.

# The fields by which an entry of one kind names entries of another: the dotted path of the field, and what it names.
REFERENCES: Mapping[type[Listed], Mapping[str, type[Listed]]] = {
    Rota: {"shifts.contacts": Contact, "escalation": Contact},
    Site: {"uplinks.to": Site, "vlans.vrf": Vrf},
    Service: {
        "hosts": Host,
        "owner": Contact,
        "rota": Rota,
        "administrators.system": Contact,
        "administrators.audit": Contact,
        "administrators.security": Contact,
        "depends_on": Service,
        "calendar": Calendar,
        "backup": Backup,
    },
    Backup: {"target": Site, "copy_of": Backup},
    Certificate: {"services": Service, "owner": Contact},
    Host: {"site": Site, "owner": Contact, "rota": Rota, "groups": Group, "virtual_on": Host},
    Device: {"site": Site, "owner": Contact, "rota": Rota, "groups": Group, "management.credential": Secret},
}

_OTHERS_VARIABLES = (PREFIX, "ansible_")
# Beyond that many names, looking for a similar one takes longer than anybody wants to wait.
_MOST_COMPARED = 1000


def unless_declared(
    this: Rule,
    book: Book,
    record: Record[Any],
    path: tuple[str | int, ...],
    name: str,
    known: Collection[str],
    what: str,
) -> Iterator[Finding]:
    """Yield the finding that ``what``, which is called ``name`` at ``path``, is not ``known``, if that is so.

    It is not where a file that could not be read may declare the name.
    """
    if name not in known and not book.may_declare(name):
        hint = did_you_mean(name, sorted(known)) if len(known) <= _MOST_COMPARED else None
        yield this.found(record.place(*path), f"{record.kind} {record.id!r}: {what} does not exist", hint)


@rule(
    "INV-REF-001",
    "error",
    title=Text(en="Whatever an entry names is declared.", zh="条目引用的名称都已声明。"),
    why=Text(
        en="A name that leads nowhere is a typing error or a thing that was forgotten.",
        zh="指向不明的名称不是写错，就是漏登记。",
    ),
    hint="declare it, or name one that is declared",
)
def references_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Whatever ``REFERENCES`` lists exists; what many entries inherit is reported with the first of them."""
    known = {kind: {record.id for record in book.of(kind)} for kind in KINDS}
    reported: set[tuple[Place, str]] = set()
    for kind, fields in REFERENCES.items():
        checks = [(dotted.split("."), target.label, known[target]) for dotted, target in fields.items()]
        for record, entry in book.valid(kind):
            for path, label, names in checks:
                # Nearly always all is well, and the way there is of no interest.
                if len(path) == 1 and names.issuperset(_as_tuple(getattr(entry, path[0]))):
                    continue
                for value, at in _values(entry, path):
                    if value not in names and (spot := (record.place(*at), value)) not in reported:
                        reported.add(spot)
                        yield from unless_declared(this, book, record, at, value, names, f"{label} {value!r}")


def _as_tuple(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else value


def _values(entry: object, path: Sequence[str]) -> Sequence[tuple[str, tuple[str | int, ...]]]:
    """Return the names at ``path`` in ``entry``, each with the way to it; parts in between are followed one by one."""
    value = getattr(entry, path[0])
    if value is None:
        return ()
    if isinstance(value, str):
        return ((value, (path[0],)),)
    if not isinstance(value, tuple):
        return [(name, (path[0], *at)) for name, at in _values(value, path[1:])]
    if len(path) == 1:
        return [(name, (path[0], position)) for position, name in enumerate(value)]
    return [
        (name, (path[0], position, *at)) for position, part in enumerate(value) for name, at in _values(part, path[1:])
    ]


@rule(
    "INV-REF-002",
    "error",
    title=Text(
        en="Every room named by a host or device is a room of its site.", zh="主机和设备所写的机房属于其所在站点。"
    ),
    why=Text(en="Nobody finds a machine in a room that does not exist.", zh="机房不存在，就找不到设备。"),
    hint="declare the room in its site, or name one of the site's rooms",
)
def rooms_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every room named by a host or device is a room of its site."""
    rooms = {site.id: {room.id for room in site.rooms} for _, site in book.valid(Site)}
    for record, asset in book.assets():
        if asset.room is not None and asset.room not in rooms.get(asset.site, {asset.room}):
            what = f"room {asset.room!r} of site {asset.site!r}"
            yield from unless_declared(this, book, record, ("room",), asset.room, rooms[asset.site], what)


@rule(
    "INV-REF-006",
    "error",
    title=Text(
        en="Every VLAN named by an interface is a VLAN of the site.", zh="接口所写的 VLAN 都是所在站点的 VLAN。"
    ),
    why=Text(en="A port in a VLAN that does not exist connects nothing.", zh="端口划入不存在的 VLAN，什么也连不通。"),
    hint="declare the VLAN in the site, or name one of the site's VLANs",
)
def vlans_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every VLAN named by an interface of a host or device is a VLAN of its site."""
    vlans = {site.id: {vlan.id for vlan in site.vlans} for _, site in book.valid(Site)}
    for record, asset in book.assets():
        known = vlans.get(asset.site)
        if known is None:
            continue
        for position, interface in enumerate(asset.interfaces):
            for index, name in enumerate(interface.vlans):
                if name not in known:
                    path = ("interfaces", position, "vlans", index)
                    what = f"VLAN {name!r} of site {asset.site!r}"
                    yield from unless_declared(this, book, record, path, name, known, what)


@rule(
    "INV-REF-007",
    "error",
    title=Text(
        en="Every time source is a host or device, a DNS name with a dot, or an address.",
        zh="时间源须为已登记的主机或设备、带点的域名或地址。",
    ),
    why=Text(
        en="A source that does not exist leaves the clock to itself, and logs cannot be put in order.",
        zh="时间源不存在，时钟就会自行漂移，日志先后无从判断。",
    ),
    hint="name a host or device, or write a whole DNS name or an address",
)
def time_sources_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every time source without dot and colon is a host or device; an inherited one is reported once."""
    known = {record.id for kind in (Host, Device) for record in book.of(kind)}
    reported: set[Place] = set()
    for record, asset in book.assets():
        for position, name in enumerate(asset.time_sources):
            if name in known or "." in name or ":" in name:
                continue
            path = ("time_sources", position)
            if (place := record.place(*path)) not in reported:
                reported.add(place)
                yield from unless_declared(this, book, record, path, name, known, f"time source {name!r}")


@rule(
    "INV-REF-008",
    "error",
    title=Text(en="Every time zone is one of the IANA database.", zh="时区名称均取自 IANA 时区库。"),
    why=Text(
        en="Shifts and windows would be read at the wrong hour, or not at all.",
        zh="否则班次和窗口会按错误的时间解读，甚至无法解读。",
    ),
    hint="write it like Asia/Shanghai or Asia/Urumqi",
)
def time_zones_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every time zone of the authority and of its rotas is in the IANA database of this machine."""
    zones: list[tuple[Record[Any], str]] = [
        (record, rota.timezone) for record, rota in book.valid(Rota) if rota.timezone is not None
    ]
    if book.authority is not None and book.authority.model is not None:
        zones.append((book.authority, book.authority.model.timezone))
    for record, zone in zones:
        if not _is_zone(zone):
            hint = did_you_mean(zone, sorted(available_timezones()))
            yield this.found(record.place("timezone"), f"time zone {zone!r} does not exist", hint)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@rule(
    "INV-REF-009",
    "error",
    title=Text(
        en="No variable has a name that belongs to edufleet or Ansible.",
        zh="变量名不得占用 edufleet 或 Ansible 的保留前缀。",
    ),
    why=Text(
        en="It would replace what the emitters derive from the entry, in one tool and not in another.",
        zh="它会覆盖导出器由条目得出的值，且各工具表现不一。",
    ),
    hint=f"choose a name that does not begin with {' or '.join(_OTHERS_VARIABLES)}",
)
def variable_names_are_free(this: Rule, book: Book) -> Iterator[Finding]:
    """No name in ``vars`` begins with ``edufleet_`` or ``ansible_``; an inherited one is reported once."""
    reported: set[Place] = set()
    for record, asset in book.assets():
        for name in asset.vars:
            if name.startswith(_OTHERS_VARIABLES) and (place := record.place("vars", name)) not in reported:
                reported.add(place)
                yield this.found(place, f"variable {name!r} has a reserved name")
