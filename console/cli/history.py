# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet history``: what earlier runs found, and whether the records are as they were written."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import typer
from pydantic import JsonValue
from rich.progress import track
from rich.table import Table
from rich.text import Text

from console.cli.common import JsonFlag, emit, err, out
from console.reports.plain import one_line
from fleet.history.records import BrokenLink, HostRecord, ResultKind, RunRecord, RunState
from fleet.settings import Settings, settings
from fleet.store import CaptureStore
from inventories.base import Frozen
from inventories.errors import BadInput

if TYPE_CHECKING:
    from fleet.history.history import History

FINDINGS = 1

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode="rich", help="Look back at earlier runs."
)


class RunDocument(Frozen):
    """A run, as JSON."""

    id: str
    kind: str
    started: datetime
    finished: datetime | None
    scope: str
    profile: str
    tool: str
    state: RunState
    summary: JsonValue

    @classmethod
    def of(cls, run: RunRecord) -> Self:
        """Make the document of a record."""
        fields = asdict(run)
        summary = fields.pop("summary_json")
        return cls(**fields, summary=json.loads(summary) if summary else None)


class RunList(Frozen):
    """What ``history list --json`` prints."""

    runs: tuple[RunDocument, ...]


class HostDocument(Frozen):
    """A host of a run with its outcomes counted, as JSON."""

    host: str
    status: str
    cause: str
    detail: str
    seconds: float
    capture: str | None
    baseline: Mapping[str, int]
    health: Mapping[str, int]


class RunDetail(Frozen):
    """What ``history show --json`` prints."""

    run: RunDocument
    hosts: tuple[HostDocument, ...]


class Verification(Frozen):
    """What ``history verify --json`` prints."""

    events: int
    captures: int
    last_hash: str
    broken: BrokenLink | None


@app.command("list")
def list_(
    *,
    limit_runs: Annotated[int, typer.Option("--limit-runs", min=1, help="How many runs at most.")] = 20,
    as_json: JsonFlag = False,
) -> None:
    """List runs, newest first.

    [bold]Examples[/]

      edufleet history list
      edufleet history list --limit-runs 100 --json | jq '.runs[].id'
    """
    with _open(settings()) as history:
        runs = history.runs(limit_runs)
    if as_json:
        emit(RunList(runs=tuple(RunDocument.of(run) for run in runs)))
    elif not runs:
        out.print("No runs yet. [bold]edufleet inspect[/] makes the first.")
    else:
        table = Table("run", "started (UTC)", "took", "state", "scope", "profile", box=None, pad_edge=False)
        for run in runs:
            scope = _plain(run.scope or "all")
            table.add_row(run.id, f"{run.started:%Y-%m-%d %H:%M}", _took(run), _state(run), scope, _plain(run.profile))
        out.print(table)


@app.command()
def show(
    run: Annotated[str, typer.Argument(help="Id of a run or its beginning; [bold]latest[/] for the newest.")],
    *,
    as_json: JsonFlag = False,
) -> None:
    """Show a run: its hosts, how far it came with each, and the outcomes counted.

    [bold]Examples[/]

      edufleet history show latest
      edufleet history show 20261123T12
      edufleet history show latest --json | jq '.hosts[] | select(.status == "unreachable").host'
    """
    with _open(settings()) as history:
        record = history.run(run)
        detail = _detail(history, record)
    if as_json:
        emit(detail)
        return
    out.print(f"{record.id}  {record.kind}, {_state(record)}", markup=False, soft_wrap=True)
    out.print(
        f"started {record.started:%Y-%m-%d %H:%M:%S} UTC, took {_took(record)}, by {record.tool}",
        markup=False,
        soft_wrap=True,
    )
    out.print(_plain(f"scope {record.scope or 'all'}, profile {record.profile}"), soft_wrap=True)
    if record.state == "running":
        out.print("It is still running, or was killed: it never wrote that it ended.")
    table = Table("host", "status", "why", "seconds", "baseline", "health", box=None, pad_edge=False)
    for host in detail.hosts:
        why = ": ".join(part for part in (host.cause, host.detail) if part)
        counts = [", ".join(f"{outcome} {n}" for outcome, n in of.items()) for of in (host.baseline, host.health)]
        table.add_row(*(_plain(cell) for cell in (host.host, host.status, why, f"{host.seconds:.1f}", *counts)))
    out.print(table)


@app.command()
def verify(*, as_json: JsonFlag = False) -> None:
    """Check that the event chain, every finished run and every capture are as written.

    Exit status 1: the first thing that is not is named. Whoever can write to the
    state can rewrite all of it: to be sure, keep the last hash somewhere else.

    [bold]Examples[/]

      edufleet history verify
      edufleet history verify --json | jq -r .last_hash
    """
    found = settings()
    with _open(found) as history:
        broken = history.verify()
        events = history.events()
        captured = {host.capture: host for run in history.runs() for host in history.hosts(run.id) if host.capture}
    broken = broken or _first_damaged(CaptureStore(found.captures), captured)
    last_hash = events[-1].hash if events else ""
    if as_json:
        emit(Verification(events=len(events), captures=len(captured), last_hash=last_hash, broken=broken))
    elif broken:
        out.print(_plain(f"broken: {broken.where}: {broken.why}"), soft_wrap=True)
    else:
        out.print(f"{len(events)} events and {len(captured)} captures are as they were written.")
        out.print(f"The last event's hash is {last_hash or '(there is none yet)'}", soft_wrap=True)
    if broken:
        raise typer.Exit(FINDINGS)


def _open(found: Settings) -> "History":
    from fleet.history.history import History  # noqa: PLC0415 - SQLAlchemy: 0.2 s others need not wait

    return History.open(found)


def _detail(history: "History", record: RunRecord) -> RunDetail:
    counts: dict[tuple[str, ResultKind], dict[str, int]] = defaultdict(dict)
    for count in history.counts(record.id):
        counts[count.host, count.kind][count.outcome] = count.count
    hosts = tuple(
        HostDocument(
            host=host.host,
            status=host.status,
            cause=host.cause,
            detail=host.detail,
            seconds=host.seconds,
            capture=host.capture,
            baseline=counts[host.host, "baseline"],
            health=counts[host.host, "health"],
        )
        for host in history.hosts(record.id)
    )
    return RunDetail(run=RunDocument.of(record), hosts=hosts)


def _first_damaged(store: CaptureStore, captured: Mapping[str, HostRecord]) -> BrokenLink | None:
    shown = track(captured.items(), "Reading captures", console=err, transient=True, disable=not err.is_terminal)
    for name, host in shown:
        try:
            store.stored(name)
        except BadInput as problem:
            return BrokenLink(f"capture of {host.host} in run {host.run}", f"{problem.where}: {problem.what}")
    return None


def _took(run: RunRecord) -> str:
    return f"{(run.finished - run.started).total_seconds():.0f} s" if run.finished else "-"


def _state(run: RunRecord) -> str:
    return "unfinished" if run.state == "running" else run.state


def _plain(text: str) -> Text:
    """Show text from targets as it is: no markup, no terminal escapes."""
    return Text(one_line(text))
