# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about what keeps running when something fails, and who answers for it."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from inventories.book import Book, Record
from inventories.findings import Finding, Rule
from inventories.model import Asset, Service, Site
from inventories.registry import rule

_REDUNDANT_FROM_LEVEL = 3
_HOSTS_OF_A_REDUNDANT_SERVICE = 2


@rule("INV-HA-001", "warning", "let a second host run it")
def graded_services_are_redundant(this: Rule, book: Book) -> Iterator[Finding]:
    """Every service of MLPS level 3 or above runs on at least two hosts."""
    for record, service in book.valid(Service):
        if service.mlps_level < _REDUNDANT_FROM_LEVEL:
            continue
        count = len(set(service.hosts))
        if count < _HOSTS_OF_A_REDUNDANT_SERVICE:
            message = f"service {record.id!r} has MLPS level {service.mlps_level} and runs on {count} host(s)"
            yield this.found(record.place("hosts"), message)


@rule("INV-HA-002", "warning", "bring in a second mains feed")
def graded_rooms_have_two_feeds(this: Rule, book: Book) -> Iterator[Finding]:
    """Every room of grade A or B has at least two mains feeds (GB 50174-2017)."""
    for record, site in book.valid(Site):
        for position, room in enumerate(site.rooms):
            if room.grade != "C" and len(room.feeds) == 1:
                place = record.place("rooms", position, "feeds")
                yield this.found(place, f"room {room.id!r} has grade {room.grade} and a single feed")


@rule("INV-DEP-001", "error", "cut the circle: one of them must be able to start without the others")
def dependencies_have_no_circle(this: Rule, book: Book) -> Iterator[Finding]:
    """No service depends on itself, directly or through others."""
    services = {record.id: record for record, _ in book.valid(Service)}
    needs = {record.id: service.depends_on for record, service in book.valid(Service)}
    done: set[str] = set()
    for start in services:
        path: list[str] = []
        # Depth first without recursion: a name is entered, and left again under the None that was pushed before it.
        stack: list[str | None] = [start]
        while stack:
            name = stack.pop()
            if name is None:
                done.add(path.pop())
            elif name in path:
                circle = [*path[path.index(name) :], name]
                place = services[path[-1]].place("depends_on", needs[path[-1]].index(name))
                yield this.found(place, f"services depend on each other: {' -> '.join(circle)}")
            elif name in services and name not in done:
                path.append(name)
                stack += [None, *reversed(needs[name])]


@rule("INV-OWN-001", "warning", "name a contact as owner, here or in the defaults of the region")
def everything_has_an_owner(this: Rule, book: Book) -> Iterator[Finding]:
    """Every host, device and service has an owner."""
    owned: Iterator[tuple[Record[Any], Asset | Service]] = chain(book.assets(), book.valid(Service))
    for record, entry in owned:
        if entry.owner is None:
            yield this.found(record.place(), f"{record.kind} {record.id!r} has no owner")
