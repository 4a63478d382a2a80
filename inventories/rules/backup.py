# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about backups: that there is one, far enough away, often enough, long enough, and tried."""

from collections.abc import Iterator, Mapping, Sequence

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Place, Rule
from inventories.model import ROOT, Backup, Host, Service, Site
from inventories.registry import rule
from inventories.rules.circles import circles
from inventories.rules.levels import STRICT
from inventories.rules.wording import few

_TESTED_WITHIN_DAYS = 365
_STRICT_EVERY_HOURS = 24
_LOGS_KEPT_DAYS = 180


def _strict(book: Book) -> Iterator[tuple[Record[Backup], Backup, Sequence[str]]]:
    """Yield the policies that services of level 3 and above use, with these."""
    using: dict[str, list[str]] = {}
    for _, service in book.valid(Service):
        if service.mlps_level >= STRICT and service.backup is not None:
            using.setdefault(service.backup, []).append(service.id)
    for record, backup in book.valid(Backup):
        if backup.id in using:
            yield record, backup, using[backup.id]


def _copies(book: Book) -> Mapping[str, Sequence[Backup]]:
    """Return the policies that copy the copies of others, by what they copy."""
    copies: dict[str, list[Backup]] = {}
    for _, backup in book.valid(Backup):
        if backup.copy_of is not None:
            copies.setdefault(backup.copy_of, []).append(backup)
    return copies


def _with_copies(policy: Backup, copies: Mapping[str, Sequence[Backup]]) -> Sequence[Backup]:
    """Return a policy and those that copy its copies, directly or through others."""
    found = {policy.id: policy}
    for one in (waiting := [policy]):
        further = [backup for backup in copies.get(one.id, ()) if backup.id not in found]
        found |= {backup.id: backup for backup in further}
        waiting += further
    return tuple(found.values())


@rule(
    "INV-BAK-001",
    "warning",
    title=Text(
        en="Every service of MLPS level 3 or above has a backup policy.", zh="等保三级及以上的业务都有备份策略。"
    ),
    why=Text(en="What is not backed up is lost once.", zh="没有备份的数据，丢一次就再也没有了。"),
    hint="name a policy of backups as backup, here or in the defaults of the region",
)
def graded_services_are_backed_up(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services of level 3 or above that name no backup policy."""
    for record, service in book.valid(Service):
        if service.mlps_level >= STRICT and service.backup is None:
            message = f"service {record.id!r} has MLPS level {service.mlps_level} and no backup policy"
            yield this.found(record.place(), message)


@rule(
    "INV-BAK-002",
    "warning",
    title=Text(
        en="Backups are kept at another site than the service, from MLPS level 3 up in another region.",
        zh="备份存放在业务以外的站点，等保三级及以上须异地存放。",
    ),
    why=Text(
        en="A fire takes a whole site, a flood or an earthquake a whole region.",
        zh="火灾可毁掉整个站点，洪水或地震可毁掉整个地区。",
    ),
    hint="choose a policy whose target lies elsewhere, or one that copies it there (copy_of)",
)
def backups_are_kept_elsewhere(this: Rule, book: Book) -> Iterator[Finding]:
    """Find services all hosts of which are where their policy and all that copy it keep the copies.

    Where is the site; from level 3 up the region at the top, that is the first directory. An inherited policy is
    reported once.
    """
    copies = _copies(book)
    near: dict[Place, list[str]] = {}
    kept: dict[str, Sequence[Site] | None] = {}
    for record, service in book.valid(Service):
        policy = book.sole(Backup, service.backup)
        if policy is None or not service.hosts:
            continue
        if policy.id not in kept:
            kept[policy.id] = _sites(book, [backup.target for backup in _with_copies(policy, copies)])
        targets, homes = kept[policy.id], _homes(book, service)
        if targets is None or homes is None:
            continue
        spots = {_spot(site, service.mlps_level) for site in (*targets, *homes)}
        if len(spots) == 1:
            near.setdefault(record.place("backup"), []).append(record.id)
    for place, services in near.items():
        yield this.found(place, f"the only copies are kept where all hosts are, of service {few(services)}")


def _homes(book: Book, service: Service) -> Sequence[Site] | None:
    hosts = [book.sole(Host, name) for name in service.hosts]
    return _sites(book, [host.site if host is not None else None for host in hosts])


def _sites(book: Book, names: Sequence[str | None]) -> Sequence[Site] | None:
    """Return the sites, None when one of them is not known."""
    sites = [book.sole(Site, name) for name in names]
    known = [site for site in sites if site is not None]
    return known if len(known) == len(sites) else None


def _spot(site: Site, mlps_level: int) -> str:
    if mlps_level < STRICT or site.region == ROOT:
        return site.id
    return f"{site.region.partition('/')[0]}/"


@rule(
    "INV-BAK-003",
    "error",
    title=Text(en="No backup policy copies itself, directly or through others.", zh="备份策略不得直接或间接复制自身。"),
    why=Text(en="Copies of copies of nothing hold no data.", zh="循环复制的备份里没有真正的数据。"),
    hint="drop copy_of at the policy that copies the data itself",
)
def copies_begin_with_the_data(this: Rule, book: Book) -> Iterator[Finding]:
    """Find policies from which following ``copy_of`` leads back to them."""
    copying = {record.id: (record, backup.copy_of) for record, backup in book.valid(Backup) if backup.copy_of}
    for circle in circles({name: (origin,) for name, (_, origin) in copying.items()}):
        record, _ = copying[circle[-2]]
        message = f"backup policies copy each other: {' -> '.join(circle)}"
        yield this.found(record.place("copy_of"), message)


@rule(
    "INV-BAK-004",
    "warning",
    title=Text(
        en="The backups of services of MLPS level 3 or above were restored within a year.",
        zh="等保三级及以上业务的备份一年内做过恢复测试。",
    ),
    why=Text(
        en="A backup that was never restored is a hope.",
        zh="没做过恢复测试的备份，只是一种愿望。",
    ),
    hint="restore it somewhere, compare, and state the day as restore_tested",
)
def restores_are_tested(this: Rule, book: Book) -> Iterator[Finding]:
    """Find policies of services of level 3 or above whose last restore test is more than 365 days ago, or never was."""
    for record, backup, services in _strict(book):
        tested = backup.restore_tested
        if tested is None:
            message = (
                f"no restore of backup policy {backup.id!r} was ever tested; it is used by service {few(services)}"
            )
            yield this.found(record.place(), message)
        elif (book.today - tested).days > _TESTED_WITHIN_DAYS:
            message = (
                f"the last restore test of backup policy {backup.id!r} is {(book.today - tested).days} days ago; it is "
                f"used by service {few(services)}"
            )
            yield this.found(record.place("restore_tested"), message)


@rule(
    "INV-BAK-005",
    "warning",
    title=Text(
        en="Services of MLPS level 3 or above are backed up every day at least.",
        zh="等保三级及以上的业务至少每天备份一次。",
    ),
    why=Text(
        en="What was entered since the last copy has to be entered again, if anybody still knows it.",
        zh="上次备份之后录入的数据只能重新录入，前提是还有人记得。",
    ),
    hint="copy at least every 24 hours",
)
def backups_are_frequent_enough(this: Rule, book: Book) -> Iterator[Finding]:
    """Find policies of services of level 3 or above whose ``every_hours`` is more than 24."""
    for record, backup, services in _strict(book):
        if backup.every_hours > _STRICT_EVERY_HOURS:
            message = (
                f"backup policy {backup.id!r} copies every {backup.every_hours:g} hours; it is used by service "
                f"{few(services)}"
            )
            yield this.found(record.place("every_hours"), message)


@rule(
    "INV-BAK-006",
    "warning",
    title=Text(
        en="The backups of logging services are kept for 180 days at least.", zh="日志类业务的备份至少保存 180 天。"
    ),
    why=Text(
        en="Audit data have to be kept for half a year, also when the log archive is lost.",
        zh="审计数据须保存六个月以上，日志平台损毁时也不例外。",
    ),
    hint="raise retention_days to 180, or copy them to a policy that keeps them so long (copy_of)",
)
def logs_are_kept(this: Rule, book: Book) -> Iterator[Finding]:
    """Find policies of logging services that, like all that copy them, keep copies for less than 180 days."""
    copies = _copies(book)
    reported: set[str] = set()
    for _, service in book.valid(Service):
        policy = book.sole(Backup, service.backup)
        if service.kind != "logging" or policy is None or policy.id in reported:
            continue
        days = max(backup.retention_days for backup in _with_copies(policy, copies))
        if days < _LOGS_KEPT_DAYS:
            reported.add(policy.id)
            message = f"backup policy {policy.id!r} of logging service {service.id!r} keeps copies for {days} days"
            yield this.found(book.by_id(Backup)[policy.id].place("retention_days"), message)


@rule(
    "INV-BAK-007",
    "warning",
    title=Text(en="A copy of backups is kept at another site than they are.", zh="备份的副本存放在另一个站点。"),
    why=Text(
        en="Two copies in one place burn together.",
        zh="两份备份放在一处，会一起损毁。",
    ),
    hint="choose another target",
)
def copies_are_kept_apart(this: Rule, book: Book) -> Iterator[Finding]:
    """Find policies that have the same target as the policy they copy."""
    for record, backup in book.valid(Backup):
        origin = book.sole(Backup, backup.copy_of)
        if origin is not None and origin.id != backup.id and origin.target == backup.target:
            message = (
                f"backup policy {backup.id!r} keeps its copies of {origin.id!r} at the same site {backup.target!r}"
            )
            yield this.found(record.place("target"), message)
