# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about what entries refer to: it must exist. What is declared but invalid counts, it has findings of its own."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inventories.book import Book, Record, models
from inventories.findings import Finding, Rule, did_you_mean
from inventories.platforms import Platform, known_platforms
from inventories.registry import rule


@rule("INV-REF-001", "error", "declare the site, or name one that is declared")
def sites_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every host and device stands in a declared site."""
    known = _ids(book.sites)
    for record in book.assets:
        if record.model is not None and record.model.site not in known:
            yield _unknown(this, record, ("site",), f"site {record.model.site!r}", known)


@rule("INV-REF-002", "error", "declare the room in its site, or name one of the site's rooms")
def rooms_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every room named by a host or device is a room of its site."""
    rooms = {site.id: {room.id for room in site.rooms} for site in models(book.sites)}
    for record in book.assets:
        asset = record.model
        if asset is not None and asset.room is not None and asset.room not in rooms.get(asset.site, {asset.room}):
            yield _unknown(this, record, ("room",), f"room {asset.room!r} of site {asset.site!r}", rooms[asset.site])


@rule("INV-REF-003", "error", "declare the contact, or name one that is declared")
def owners_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every owner of a host, device or service is a declared contact."""
    known = _ids(book.contacts)
    for record in book.owned:
        owner = record.model.owner if record.model is not None else None
        if owner is not None and owner not in known:
            yield _unknown(this, record, ("owner",), f"contact {owner!r}", known)


@rule("INV-REF-004", "error", "declare the host, or name one that is declared")
def service_hosts_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Each host that a service runs on is declared."""
    known = _ids(book.hosts)
    for record in book.services:
        for position, host in enumerate(record.model.hosts if record.model else ()):
            if host not in known:
                yield _unknown(this, record, ("hosts", position), f"host {host!r}", known)


@rule("INV-REF-005", "error", "declare the service, or name one that is declared")
def dependencies_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Each service that a service depends on is declared."""
    known = _ids(book.services)
    for record in book.services:
        for position, service in enumerate(record.model.depends_on if record.model else ()):
            if service not in known:
                yield _unknown(this, record, ("depends_on", position), f"service {service!r}", known)


@rule("INV-PLT-001", "error", "use a platform of inventories/platforms.yml")
def platforms_known(this: Rule, book: Book) -> Iterator[Finding]:
    """Every platform of a host or device is one that edufleet knows."""
    platforms = known_platforms()
    tables: tuple[tuple[Iterable[Record[Any]], Mapping[str, Platform]], ...] = (
        (book.hosts, platforms.hosts),
        (book.devices, platforms.devices),
    )
    for records, known in tables:
        for record in records:
            if record.model is not None and record.model.platform not in known:
                yield _unknown(this, record, ("platform",), f"platform {record.model.platform!r}", set(known))


def _ids(records: Iterable[Record[Any]]) -> set[str]:
    return {record.id for record in records}


def _unknown(this: Rule, record: Record[Any], path: tuple[str | int, ...], what: str, known: set[str]) -> Finding:
    given = what.split("'")[1]
    message = f"{record.kind} {record.id!r}: {what} does not exist"
    return this.found(record.place(*path), message, did_you_mean(given, sorted(known)))
