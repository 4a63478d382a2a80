# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a reader is told first, worked out once for every output format: tallies, orders, and what needs attention."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.reports.model import (
    CheckReport,
    ClauseReport,
    HostReport,
    Inspection,
    ReachStatus,
    RegionReport,
    RuleReport,
)
from inventories.base import Text
from probes.verdict import CheckResult, Room, State
from security.verdict import Outcome, Result, Severity

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
OUTCOMES: tuple[Outcome, ...] = ("fail", "error", "not_evaluated", "manual", "pass", "not_applicable")
STATES: tuple[State, ...] = ("critical", "warning", "unknown", "ok")
REACHES: tuple[ReachStatus, ...] = ("unreachable", "interrupted", "partial", "complete")
"""Each from what matters most to what matters least: the order of every list and bar."""

RUNS_OUT_SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class HostLine:
    """One host with its figures; ``number`` is its place in the document and so its anchor."""

    number: int
    host: HostReport
    outcomes: Mapping[Outcome, int]
    fails: Mapping[Severity, int]
    failed: tuple[tuple[Severity, Result], ...]
    """What fails, the most severe first."""
    fullest: Room | None

    @property
    def undecided(self) -> int:
        """Results that say neither pass nor fail although the rule applies."""
        return self.outcomes["error"] + self.outcomes["not_evaluated"] + self.outcomes["manual"]

    @property
    def attention(self) -> bool:
        """Whether somebody should look now: critical health, or a finding of critical severity."""
        return self.host.health_state == "critical" or self.fails["critical"] > 0


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule over all hosts; ``number`` is its place in the document and so its anchor."""

    number: int
    rule: RuleReport
    outcomes: Mapping[Outcome, int]
    failing: tuple[HostLine, ...]


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause with the results of the rules that give evidence for it."""

    clause: ClauseReport
    rules: tuple[RuleLine, ...]
    outcomes: Mapping[Outcome, int]
    failing: int
    """Hosts on which at least one of its rules fails."""


@dataclass(frozen=True, slots=True)
class RegionLine:
    """One region, ``depth`` levels below the top of what was inspected."""

    depth: int
    region: RegionReport


@dataclass(frozen=True, slots=True)
class Trouble:
    """A health check that is not ok, and where."""

    line: HostLine
    check: CheckResult


@dataclass(frozen=True, slots=True)
class Stock:
    """A file system, and where."""

    line: HostLine
    room: Room

    @property
    def days_left(self) -> float | None:
        """Days until it is full as likely as not (P50); None when that cannot be said or is beyond the horizon."""
        return self.room.trend.p50 if self.room.trend else None


@dataclass(frozen=True, slots=True)
class Gap:
    """Results of one host that have the same outcome for the same reason."""

    message: Text
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """An inspection in the order people read it: the worst first."""

    hosts: tuple[HostLine, ...]
    """In the document's order."""
    worst_first: tuple[HostLine, ...]
    """Those that need attention, then those not inspected to the end, then by number of findings."""
    unfinished: tuple[HostLine, ...]
    """Hosts the inspection did not come to the end of."""
    attention: tuple[HostLine, ...]
    troubles: tuple[Trouble, ...]
    checks: tuple[CheckReport, ...]
    """The health checks that are not ok somewhere."""
    rules: tuple[RuleLine, ...]
    """Every rule, in the document's order."""
    findings: tuple[RuleLine, ...]
    """Rules that fail somewhere: by severity, then by number of hosts."""
    clauses: tuple[ClauseLine, ...]
    stocks: tuple[Stock, ...]
    """File systems (bytes and inodes), fullest first."""
    regions: tuple[RegionLine, ...]


def overview(inspection: Inspection) -> Overview:
    """Work out all that the faces of an inspection show beyond the document itself."""
    severity = {rule.id: rule.severity for rule in inspection.rules}
    hosts = tuple(_host_line(number, host, severity) for number, host in enumerate(inspection.hosts))
    rules = _rule_lines(inspection, hosts)
    failing = (line for line in rules if line.failing)
    troubles = [Trouble(line, check) for line in hosts for check in line.host.health if check.state != "ok"]
    troubled = {trouble.check.check for trouble in troubles}
    stocks = (Stock(line, room) for line in hosts for room in line.host.capacity if room.kind != "memory")
    return Overview(
        hosts=hosts,
        worst_first=tuple(
            sorted(hosts, key=lambda x: (not x.attention, _reach_rank(x.host), -x.outcomes["fail"], x.number))
        ),
        unfinished=tuple(
            sorted((x for x in hosts if x.host.reach.status != "complete"), key=lambda x: _reach_rank(x.host))
        ),
        attention=tuple(line for line in hosts if line.attention),
        troubles=tuple(sorted(troubles, key=lambda x: (STATES.index(x.check.state), x.check.check))),
        checks=tuple(check for check in inspection.checks if check.id in troubled),
        rules=rules,
        findings=tuple(sorted(failing, key=lambda x: (SEVERITIES.index(x.rule.severity), -len(x.failing)))),
        clauses=_clause_lines(inspection, rules),
        stocks=tuple(sorted(stocks, key=lambda x: -x.room.used_ratio)),
        regions=tuple(_tree(inspection.regions)),
    )


def soon_full(stocks: tuple[Stock, ...]) -> tuple[Stock, ...]:
    """Return what is likely full within :data:`RUNS_OUT_SOON_DAYS`, the first to be full first."""
    days = [(stock.days_left, stock) for stock in stocks]
    soon = [(left, stock) for left, stock in days if left is not None and left <= RUNS_OUT_SOON_DAYS]
    return tuple(stock for _, stock in sorted(soon, key=lambda item: item[0]))


def gaps(host: HostReport, outcome: Outcome) -> tuple[Gap, ...]:
    """Return the results of a host with ``outcome``, gathered by reason, the most frequent first."""
    by_message: dict[Text, list[Result]] = {}
    for result in host.baseline:
        if result.outcome == outcome:
            by_message.setdefault(result.message, []).append(result)
    ordered = sorted(by_message.items(), key=lambda item: -len(item[1]))
    return tuple(Gap(message, tuple(results)) for message, results in ordered)


def _reach_rank(host: HostReport) -> int:
    return REACHES.index(host.reach.status)


def _host_line(number: int, host: HostReport, severity: Mapping[str, Severity]) -> HostLine:
    disks = [room for room in host.capacity if room.kind != "memory"]
    failed = [(severity[result.rule], result) for result in host.baseline if result.outcome == "fail"]
    return HostLine(
        number=number,
        host=host,
        outcomes=Counter(result.outcome for result in host.baseline),
        fails=Counter(level for level, _ in failed),
        failed=tuple(sorted(failed, key=lambda item: SEVERITIES.index(item[0]))),
        fullest=max(disks, key=lambda room: room.used_ratio, default=None),
    )


def _rule_lines(inspection: Inspection, hosts: tuple[HostLine, ...]) -> tuple[RuleLine, ...]:
    outcomes: dict[str, Counter[Outcome]] = {rule.id: Counter() for rule in inspection.rules}
    failing: dict[str, list[HostLine]] = {rule.id: [] for rule in inspection.rules}
    for line in hosts:
        for result in line.host.baseline:
            outcomes[result.rule][result.outcome] += 1
            if result.outcome == "fail":
                failing[result.rule].append(line)
    return tuple(
        RuleLine(number, rule, outcomes[rule.id], tuple(failing[rule.id]))
        for number, rule in enumerate(inspection.rules)
    )


def _clause_lines(inspection: Inspection, rules: tuple[RuleLine, ...]) -> tuple[ClauseLine, ...]:
    by_id = {line.rule.id: line for line in rules}
    lines = []
    for clause in inspection.clauses:
        # A clause may name rules that this inspection did not evaluate: they give no evidence here.
        evidence = tuple(by_id[rule] for rule in clause.rules if rule in by_id)
        outcomes: Counter[Outcome] = Counter()
        for line in evidence:
            outcomes.update(line.outcomes)
        failing = len({host.number for line in evidence for host in line.failing})
        lines.append(ClauseLine(clause, evidence, outcomes, failing))
    return tuple(lines)


def _tree(regions: tuple[RegionReport, ...]) -> Iterator[RegionLine]:
    """Yield regions depth first; those without a host in this inspection are left out."""
    known = {region.path for region in regions}
    children: dict[str | None, list[RegionReport]] = {}
    for region in regions:
        children.setdefault(region.parent if region.parent in known else None, []).append(region)

    def below(parent: str | None, depth: int) -> Iterator[RegionLine]:
        for region in children.get(parent, ()):
            if region.summary.hosts.total:
                yield RegionLine(depth, region)
            yield from below(region.path, depth + 1)

    return below(None, 0)
