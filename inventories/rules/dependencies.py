# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about what services need of each other."""

from collections.abc import Iterator, Mapping

from inventories.base import Text
from inventories.book import Book
from inventories.findings import Finding, Rule
from inventories.model import Host, Service
from inventories.registry import rule
from inventories.rules.circles import circles

_WATCHING = frozenset({"monitoring", "logging", "backup"})
_WATCHED = frozenset({"application", "datastore"})


@rule(
    "INV-DEP-001",
    "error",
    title=Text(en="No service depends on itself, directly or through others.", zh="业务不得直接或间接依赖自身。"),
    why=Text(
        en="After a full stop, none of them could be started first.",
        zh="全部停机后，没有一个能先启动。",
    ),
    hint="cut the circle: one of them must be able to start without the others",
)
def dependencies_have_no_circle(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services from which following ``depends_on`` leads back to them."""
    needs = {record.id: (record, service.depends_on) for record, service in book.valid(Service)}
    for circle in circles({name: depends_on for name, (_, depends_on) in needs.items()}):
        record, depends_on = needs[circle[-2]]
        place = record.place("depends_on", depends_on.index(circle[-1]))
        yield this.found(place, f"services depend on each other: {' -> '.join(circle)}")


@rule(
    "INV-DEP-002",
    "warning",
    title=Text(
        en="Monitoring, logging and backup do not depend on the applications and data stores they watch over.",
        zh="监控、日志和备份不依赖其所监管的应用和数据存储。",
    ),
    why=Text(
        en="They would fail together, and nobody would hear of it or could restore it.",
        zh="否则会同时故障，既无人知晓，也无法恢复。",
    ),
    hint="let it do without; a data store of its own is of the same kind as it",
)
def watchers_stand_alone(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services of these kinds that need one of kind application or datastore, directly or through others."""
    services = {service.id: service for _, service in book.valid(Service)}
    for record, service in book.valid(Service):
        if service.kind not in _WATCHING:
            continue
        for position, name in enumerate(service.depends_on):
            way = _way_to_watched(services, name)
            if way:
                kind = services[way[-1]].kind
                message = f"{service.kind} service {record.id!r} depends on {kind} {' <- '.join(reversed(way))}"
                yield this.found(record.place("depends_on", position), message)


def _way_to_watched(services: Mapping[str, Service], start: str) -> list[str]:
    """Return the services from ``start`` along ``depends_on`` to the nearest one that is watched; empty if none."""
    before: dict[str, str | None] = {start: None}
    for name in (waiting := [start]):
        service = services.get(name)
        if service is None:
            continue
        if service.kind in _WATCHED:
            way = [name]
            while (above := before[way[0]]) is not None:
                way.insert(0, above)
            return way
        further = [needed for needed in dict.fromkeys(service.depends_on) if needed not in before]
        before |= dict.fromkeys(further, name)
        waiting += further
    return []


@rule(
    "INV-DEP-003",
    "warning",
    title=Text(
        en="Monitoring runs at more than one site, where there are several.",
        zh="有多个站点时，监控部署在两个以上站点。",
    ),
    why=Text(
        en="From inside a site nobody sees that it is cut off.",
        zh="站点断网时，站内的监控发不出告警。",
    ),
    hint="let a host at another site watch too",
)
def monitoring_sees_a_site_fail(this: Rule, book: Book) -> Iterator[Finding]:
    """Find out that all monitoring services together run at one site while others run elsewhere too."""
    sites = {host.name: host.site for _, host in book.valid(Host)}
    watching = [record for record, service in book.valid(Service) if service.kind == "monitoring"]
    seeing: set[str] = set()
    running: set[str] = set()
    for _, service in book.valid(Service):
        at = {sites[name] for name in service.hosts if name in sites}
        running |= at
        if service.kind == "monitoring":
            seeing |= at
    if len(seeing) == 1 and len(running) > 1:
        message = f"all monitoring runs at site {min(seeing)!r}, but services run at {len(running)} sites"
        yield this.found(watching[0].place("hosts"), message)
