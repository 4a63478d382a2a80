# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about what entries refer to: it must exist. What is declared but invalid counts, it has findings of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from inventories.book import Book, Record
from inventories.findings import Finding, Rule, did_you_mean
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
from inventories.platforms import Platform, known_platforms
from inventories.registry import rule

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


@rule("INV-REF-001", "error", "declare it, or name one that is declared")
def references_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Whatever an entry names is declared: sites, contacts, rotas, groups, hosts, services, secrets and the like."""
    known = {kind: {record.id for record in book.of(kind)} for kind in KINDS}
    for kind, fields in REFERENCES.items():
        for dotted, target in fields.items():
            path = dotted.split(".")
            names = known[target]
            for record, entry in book.valid(kind):
                for value, at in _values(entry, path):
                    if value not in names:
                        yield _unknown(this, record, at, f"{target.label} {value!r}", names)


def _values(entry: object, path: Sequence[str]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield the names at ``path`` in ``entry``, each with the way to it; parts in between are followed one by one."""
    value = getattr(entry, path[0])
    if isinstance(value, str):
        yield value, (path[0],)
    elif isinstance(value, tuple):
        for position, inner in enumerate(value):
            if isinstance(inner, str):
                yield inner, (path[0], position)
            else:
                yield from ((name, (path[0], position, *at)) for name, at in _values(inner, path[1:]))
    elif value is not None:
        yield from ((name, (path[0], *at)) for name, at in _values(value, path[1:]))


@rule("INV-REF-002", "error", "declare the room in its site, or name one of the site's rooms")
def rooms_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every room named by a host or device is a room of its site."""
    rooms = {site.id: {room.id for room in site.rooms} for _, site in book.valid(Site)}
    for record, asset in book.assets():
        if asset.room is not None and asset.room not in rooms.get(asset.site, {asset.room}):
            yield _unknown(this, record, ("room",), f"room {asset.room!r} of site {asset.site!r}", rooms[asset.site])


@rule("INV-PLT-001", "error", "use a platform of inventories/platforms.yml")
def platforms_known(this: Rule, book: Book) -> Iterator[Finding]:
    """Every platform of a host or device is one that edufleet knows."""
    platforms = known_platforms()
    tables: tuple[tuple[Iterable[Record[Any]], Mapping[str, Platform]], ...] = (
        (book.of(Host), platforms.hosts),
        (book.of(Device), platforms.devices),
    )
    for records, known in tables:
        for record in records:
            if record.model is not None and record.model.platform not in known:
                yield _unknown(this, record, ("platform",), f"platform {record.model.platform!r}", set(known))


def _unknown(this: Rule, record: Record[Any], path: tuple[str | int, ...], what: str, known: set[str]) -> Finding:
    given = what.split("'")[1]
    message = f"{record.kind} {record.id!r}: {what} does not exist"
    return this.found(record.place(*path), message, did_you_mean(given, sorted(known)))
