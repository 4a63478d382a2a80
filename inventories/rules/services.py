# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about the grading of services (定级备案), and what their level asks of zones, data stores and people."""

from collections.abc import Iterator

from inventories.base import Text
from inventories.book import Book
from inventories.findings import Finding, Place, Rule
from inventories.model import Host, Service, Site, Vlan
from inventories.registry import rule
from inventories.rules.levels import FILED, STRICT
from inventories.rules.wording import few

# Days between two assessments by level; from background knowledge, not verified against the regulation.
_ASSESSED_EVERY = {2: 731, 3: 366, 4: 366}
_ADMINISTRATORS = 3


@rule(
    "INV-SVC-001",
    "warning",
    title=Text(
        en="Every service of MLPS level 2 or above states its filing and its next assessment.",
        zh="等保二级及以上的业务写明备案情况和下次测评日期。",
    ),
    why=Text(
        en="A service that is not filed is operated against the law, and a date nobody wrote down is missed.",
        zh="未备案即违规运行；没写下来的日期迟早会错过。",
    ),
    hint="add filing: {filed: ..., assessed: ..., next_assessment: ...}",
)
def graded_services_are_filed(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services of level 2 or above without filing, and filings without next assessment."""
    for record, service in book.valid(Service):
        if service.mlps_level < FILED:
            continue
        if service.filing is None:
            message = f"service {record.id!r} has MLPS level {service.mlps_level} and no filing"
            yield this.found(record.place(), message)
        elif service.filing.next_assessment is None:
            yield this.found(record.place("filing"), f"the filing of service {record.id!r} has no next_assessment")


@rule(
    "INV-SVC-002",
    "warning",
    title=Text(en="No assessment is overdue.", zh="没有逾期的等级测评。"),
    why=Text(
        en="A service whose assessment is overdue fails every supervision.",
        zh="测评逾期的业务通不过任何督导检查。",
    ),
    hint="have it assessed, then state assessed and next_assessment",
)
def assessments_are_not_overdue(this: Rule, book: Book) -> Iterator[Finding]:
    """Find next assessments before today (the authority's ``as_of``, else the day it is)."""
    for record, service in book.valid(Service):
        due = service.filing.next_assessment if service.filing is not None else None
        if due is not None and due < book.today:
            message = f"the assessment of service {record.id!r} was due on {due}, {(book.today - due).days} days ago"
            yield this.found(record.place("filing", "next_assessment"), message)


@rule(
    "INV-SVC-003",
    "warning",
    title=Text(
        en="Level 3 is assessed every year, level 2 every two years.",
        zh="等保三级每年测评一次，二级每两年测评一次。",
    ),
    why=Text(
        en="The date that is planned must be one the rules allow. (The periods are unverified: ask your assessor.)",
        zh="计划日期须符合规定周期。（周期未经核实，以主管部门和测评机构要求为准。）",
    ),
    hint="plan the next assessment earlier",
)
def assessments_are_frequent_enough(this: Rule, book: Book) -> Iterator[Finding]:
    """Find next assessments over two years, from level 3 up one, after the last, or else after the filing."""
    for record, service in book.valid(Service):
        most = _ASSESSED_EVERY.get(service.mlps_level)
        filing = service.filing
        if most is None or filing is None or filing.next_assessment is None:
            continue
        last = filing.assessed or filing.filed
        days = (filing.next_assessment - last).days
        if days > most:
            message = (
                f"service {record.id!r} has MLPS level {service.mlps_level}; from {last} to its next assessment it is "
                f"{days} days, more than {most}"
            )
            yield this.found(record.place("filing", "next_assessment"), message)


@rule(
    "INV-SVC-004",
    "warning",
    title=Text(
        en="The VLANs of a service's hosts are protected for at least its MLPS level.",
        zh="业务主机所在 VLAN 的防护等级不低于业务的等保级别。",
    ),
    why=Text(
        en="A service is as safe as the weakest zone it stands in.",
        zh="业务的安全程度取决于其所在的最弱区域。",
    ),
    hint="move the host to a zone of that level, or protect the zone and raise the mlps_level of the VLAN",
)
def zones_fit_the_level(this: Rule, book: Book) -> Iterator[Finding]:
    """Find hosts in VLANs, by address or interface, of a lower level than their service; each VLAN is reported once."""
    for record, service in book.valid(Service):
        reported: set[tuple[str, str]] = set()
        for position, name in enumerate(service.hosts):
            host = book.sole(Host, name)
            site = book.sole(Site, host.site) if host is not None else None
            if host is None or site is None:
                continue
            weak = [vlan for vlan in site.vlans if vlan.mlps_level < service.mlps_level and _reaches(host, vlan)]
            for vlan in weak:
                if (site.id, vlan.id) not in reported:
                    reported.add((site.id, vlan.id))
                    message = (
                        f"service {record.id!r} has MLPS level {service.mlps_level}, but its host {name!r} is in VLAN "
                        f"{vlan.id!r} of site {site.id!r}, which is protected for level {vlan.mlps_level}"
                    )
                    yield this.found(record.place("hosts", position), message)


def _reaches(host: Host, vlan: Vlan) -> bool:
    """Tell whether ``host`` names ``vlan`` at an interface or has an address in it."""
    if any(vlan.id in interface.vlans for interface in host.interfaces):
        return True
    addresses = [host.address, *(address.ip for interface in host.interfaces for address in interface.addresses)]
    return any(address in prefix for prefix in vlan.prefixes for address in addresses)


@rule(
    "INV-SVC-005",
    "warning",
    title=Text(
        en="No service of MLPS level 3 or above depends on a data store of lower level.",
        zh="等保三级及以上的业务不依赖级别更低的数据存储。",
    ),
    why=Text(
        en="Its data would be protected less than it has to be.",
        zh="否则其数据得不到应有的保护。",
    ),
    hint="grade the data store as high as what it holds",
)
def data_stores_fit_the_level(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services of level 3 or above that depend on a service of kind datastore and lower level."""
    for record, service in book.valid(Service):
        for position, name in enumerate(service.depends_on if service.mlps_level >= STRICT else ()):
            store = book.sole(Service, name)
            if store is not None and store.kind == "datastore" and store.mlps_level < service.mlps_level:
                message = (
                    f"service {record.id!r} has MLPS level {service.mlps_level} and depends on data store {name!r} "
                    f"of level {store.mlps_level}"
                )
                yield this.found(record.place("depends_on", position), message)


@rule(
    "INV-SVC-006",
    "warning",
    title=Text(
        en="Every service of MLPS level 3 or above names three different administrators.",
        zh="等保三级及以上的业务指定三名不同的管理员（三员分立）。",
    ),
    why=Text(
        en="Who runs a system must neither audit it nor decide on its protection.",
        zh="系统管理、审计管理和安全管理不得由同一人兼任。",
    ),
    hint="name system, audit and security administrators, here or in the defaults of the region",
)
def administrators_are_separate(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services of level 3 or above whose administrators are not three; what is inherited is reported once."""
    lacking: dict[Place, list[str]] = {}
    for record, service in book.valid(Service):
        named = service.administrators
        if service.mlps_level >= STRICT and len({named.system, named.audit, named.security} - {None}) < _ADMINISTRATORS:
            lacking.setdefault(record.place("administrators"), []).append(record.id)
    for place, services in lacking.items():
        yield this.found(place, f"three different administrators are not named for service {few(services)}")
