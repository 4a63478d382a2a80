# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inspection (巡检), edufleet's main job: gather, judge, remember, report."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from console import rollup
from console.judge import Past, judge, needed_collectors, series
from console.reports.model import CheckReport, ClauseReport, HostReport, Inspection, RuleReport
from fleet.capture import Capture
from fleet.collector import catalogue
from fleet.history.history import History
from fleet.history.records import EndState, HostRecord, ResultRecord, Sample
from fleet.session import Ask
from fleet.settings import Settings
from fleet.store import CaptureStore
from inventories.errors import EdufleetError
from inventories.garbage import collector_paused
from inventories.model import Host, Inventory
from probes.check import checks
from security.profile import Profile

TOOL = f"edufleet {version('edufleet')}"

HISTORY_DAYS = 400
"""How far back a trend looks: a school year and its holidays."""

Gather = Callable[[Sequence[Host], Ask], Awaitable[tuple[Capture, ...]]]
"""Puts the questions to the hosts and returns their captures in the same order."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be inspected, and by which measure."""

    inventory: Inventory
    hosts: tuple[Host, ...]
    scope: str
    """The ``--limit`` pattern; empty for the whole inventory."""
    profile: Profile


async def inspect(order: Order, gather: Gather, settings: Settings) -> Inspection:
    """Run one inspection and return its document; captures and history are kept under ``settings``.

    Whatever the hosts do is part of the document. An interruption ends the gathering, not the judging: what was
    gathered is kept and reported.
    """
    started = datetime.now(UTC)
    wanted = needed_collectors(order.profile)
    ask = Ask(tuple(collector for name, collector in catalogue().items() if name in wanted), TOOL)
    with History.open(settings) as history:
        run = history.begin("inspection", scope=order.scope, profile=order.profile.id, tool=TOOL, started=started)
        try:
            captures = await gather(order.hosts, ask)
        except EdufleetError:
            history.finish(run, "interrupted", "{}")
            raise
        hosts = _judge(order, captures, _past(history, order.hosts, started), CaptureStore(settings.captures))
        document = _document(order, run, started, hosts)
        history.record(run, *_records(run, document))
        history.finish(run, _state(document), document.summary.model_dump_json())
    return document


def _judge(
    order: Order, captures: Sequence[Capture], past: dict[str, Past], store: CaptureStore
) -> tuple[HostReport, ...]:
    with collector_paused():
        addresses = [store.put(capture) if capture.reached else None for capture in captures]
        return tuple(
            judge(host, capture, order.profile, past.get(host.name, {}), address)
            for host, capture, address in zip(order.hosts, captures, addresses, strict=True)
        )


def _past(history: History, hosts: Sequence[Host], now: datetime) -> dict[str, Past]:
    past: dict[str, dict[str, list[tuple[datetime, float]]]] = defaultdict(lambda: defaultdict(list))
    for sample in history.samples_of([host.name for host in hosts], now - timedelta(days=HISTORY_DAYS)):
        past[sample.host][sample.series].append((sample.at, sample.value))
    return dict(past)


def _document(order: Order, run: str, started: datetime, hosts: tuple[HostReport, ...]) -> Inspection:
    profile = order.profile
    return Inspection(
        tool=TOOL,
        run=run,
        started=started,
        seconds=round((datetime.now(UTC) - started).total_seconds(), 3),
        authority=order.inventory.authority.name,
        scope=order.scope,
        profile=profile.id,
        interrupted=any(host.reach.status == "interrupted" for host in hosts),
        summary=rollup.summarise(hosts),
        regions=rollup.regions(order.inventory, hosts),
        hosts=hosts,
        rules=tuple(
            RuleReport(
                id=rule.id,
                title=rule.title,
                rationale=rule.rationale,
                fix=rule.fix,
                severity=rule.severity,
                clauses=profile.clauses_of(rule.id),
            )
            for rule in profile.rules
        ),
        clauses=tuple(
            ClauseReport(
                id=clause.id,
                title=clause.title,
                status=clause.status,
                rules=clause.rules,
                question=clause.question,
                verified=clause.verified,
            )
            for clause in profile.clauses
        ),
        checks=tuple(CheckReport(id=check.id, title=check.title, runbook=check.runbook) for check in checks().values()),
    )


def _state(document: Inspection) -> EndState:
    if document.interrupted:
        return "interrupted"
    hosts = document.summary.hosts
    return "partial" if hosts.unreachable or hosts.partial else "complete"


def _records(run: str, document: Inspection) -> tuple[list[HostRecord], list[ResultRecord], list[Sample]]:
    hosts, results, samples = [], [], []
    for host in document.hosts:
        reach = host.reach
        hosts.append(HostRecord(run, host.name, reach.status, reach.cause, reach.detail, host.capture, reach.seconds))
        results += [
            ResultRecord(run, host.name, "baseline", one.rule, "", one.outcome, one.message.en) for one in host.baseline
        ]
        results += [
            ResultRecord(run, host.name, "health", one.check, one.item, one.state, one.message.en)
            for one in host.health
        ]
        samples += [Sample(host.name, series(room), document.started, room.used, room.total) for room in host.capacity]
    return hosts, results, samples
