# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The history of the fleet: what each run found, written once and read back as records."""

import json
import os
import pwd
import secrets
import socket
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any, Self

from sqlalchemy import Connection, Engine, Row, Select, Table, func, insert, select, update

from fleet.history import schema
from fleet.history.chain import GENESIS, canonical, first_break, sealed
from fleet.history.database import connect, reading, writing
from fleet.history.records import BrokenLink, EndState, Event, HostRecord, OutcomeCount, ResultRecord, RunRecord, Sample
from fleet.settings import Settings
from inventories.errors import BadInput

_STREAM = 5000
"""Rows held at a time where all rows of a large run are walked."""

_SAMPLE = select(
    schema.sample.c.host, schema.sample.c.series, schema.sample.c.at, schema.sample.c.value, schema.sample.c.total
)


class History:
    """Runs, their hosts, results and samples, and the chain of events.

    A run is begun, filled and finished::

        with History.open(settings()) as history:
            run = history.begin("inspection", scope="", profile="mlps-l3", tool="edufleet 0.1.0", started=now)
            history.record(run, hosts, results, samples)
            history.finish(run, "complete", summary_json)

    All methods raise :class:`inventories.errors.CouldNotFinish` when the database refuses (full, locked, damaged).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the database the settings name; errors as :func:`fleet.history.database.connect`."""
        return cls(connect(settings))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    # Writing: one transaction each.

    def begin(self, kind: str, *, scope: str, profile: str, tool: str, started: datetime) -> str:
        """Write down that a run started and return its id."""
        started = started.astimezone(UTC)
        run_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        row = RunRecord(run_id, kind, started, None, scope, profile, tool, "running", None)
        with writing(self._engine) as connection:
            connection.execute(insert(schema.run).values(_row(row)))
            _append(connection, "begin", run_id, {"kind": kind, "scope": scope, "profile": profile, "tool": tool})
        return run_id

    def record(
        self, run_id: str, hosts: Sequence[HostRecord], results: Sequence[ResultRecord], samples: Sequence[Sample]
    ) -> None:
        """Add hosts with their results and samples to a running run, all or nothing; may be called many times.

        Raises:
            ValueError: the run is not running, or a record is of another run.

        """
        if ({record.run for record in hosts} | {record.run for record in results}) - {run_id}:
            raise ValueError(f"records of another run than {run_id}")
        with writing(self._engine) as connection:
            _running(connection, run_id)
            _insert(connection, schema.host, [_row(record) for record in hosts])
            _insert(connection, schema.result, [_row(record) for record in results])
            _insert(connection, schema.sample, [_row(record) | {"run": run_id} for record in samples])

    def finish(self, run_id: str, state: EndState, summary_json: str) -> None:
        """Close a run: nothing can be added after, and its content is sealed in the event chain.

        Raises:
            ValueError: the run is not running.

        """
        with writing(self._engine) as connection:
            _running(connection, run_id)
            connection.execute(
                update(schema.run)
                .where(schema.run.c.id == run_id)
                .values(state=state, finished=datetime.now(UTC), summary_json=summary_json)
            )
            _append(connection, "finish", run_id, {"state": state, "content": _content(connection, run_id)})

    # Reading.

    def runs(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """Return the last ``limit`` runs (all of them by default), newest first."""
        return tuple(RunRecord(*row) for row in self._rows(_newest_first().limit(limit)))

    def run(self, name: str) -> RunRecord:
        """Return the run whose id starts with ``name``; ``latest`` is the one that started last, in whatever state.

        Raises:
            BadInput: there is none, or more than one.

        """
        fits = schema.run.c.id.startswith(name, autoescape=True)
        query = _newest_first().limit(1) if name == "latest" else _newest_first().where(fits)
        found = [RunRecord(*row) for row in self._rows(query)]
        if len(found) > 1:
            ids = ", ".join(run.id for run in found[:5])
            raise BadInput(f"{name!r} fits {len(found)} runs", hint=f"write more of one of: {ids}")
        if not found:
            raise BadInput(f"no run {name!r} in the history", hint=self._nearest(name))
        return found[0]

    def hosts(self, run_id: str) -> tuple[HostRecord, ...]:
        """Return the hosts of a run, by name."""
        query = select(schema.host).where(schema.host.c.run == run_id).order_by(schema.host.c.host)
        return tuple(HostRecord(*row) for row in self._rows(query))

    def newest_captures(self, hosts: Sequence[str]) -> dict[str, str]:
        """Return the address of the newest capture of each of ``hosts`` (at most 30,000) that has one, by host."""
        table = schema.host
        of_these = table.c.host.in_(hosts) & table.c.capture.is_not(None)
        # Ids of runs sort by their start.
        newest = select(table.c.host, func.max(table.c.run).label("run")).where(of_these).group_by(table.c.host)
        last = newest.subquery()
        query = select(table.c.host, table.c.capture).join(
            last, (table.c.host == last.c.host) & (table.c.run == last.c.run)
        )
        return {row.host: row.capture for row in self._rows(query)}

    def results(self, run_id: str, host: str | None = None) -> tuple[ResultRecord, ...]:
        """Return the results of a run, of all hosts or of one, by host, kind, subject and item."""
        table = schema.result
        query = select(table).where(table.c.run == run_id)
        if host is not None:
            query = query.where(table.c.host == host)
        query = query.order_by(table.c.host, table.c.kind, table.c.subject, table.c.item)
        return tuple(ResultRecord(*row) for row in self._rows(query))

    def counts(self, run_id: str) -> tuple[OutcomeCount, ...]:
        """Return how often each outcome occurs in a run, by host, kind and outcome."""
        table = schema.result
        by = (table.c.host, table.c.kind, table.c.outcome)
        query = select(*by, func.count()).where(table.c.run == run_id).group_by(*by).order_by(*by)
        return tuple(OutcomeCount(*row) for row in self._rows(query))

    def samples(self, host: str, series: str, since: datetime) -> tuple[Sample, ...]:
        """Return one series of one host from ``since`` on, by time."""
        table = schema.sample
        query = _SAMPLE.where(table.c.host == host, table.c.series == series, table.c.at >= since)
        return tuple(Sample(*row) for row in self._rows(query.order_by(table.c.at)))

    def samples_of(self, hosts: Sequence[str], since: datetime) -> tuple[Sample, ...]:
        """Return every series of many hosts from ``since`` on, in one query, by host, series and time.

        At most 30,000 hosts: SQLite takes no more parameters.
        """
        table = schema.sample
        query = _SAMPLE.where(table.c.host.in_(hosts), table.c.at >= since)
        return tuple(Sample(*row) for row in self._rows(query.order_by(table.c.host, table.c.series, table.c.at)))

    def events(self) -> tuple[Event, ...]:
        """Return all events in order."""
        return tuple(Event(*row) for row in self._rows(select(schema.event).order_by(schema.event.c.seq)))

    def verify(self) -> BrokenLink | None:
        """Return the first place where the event chain, or a run, is not as it was written; None when all is."""
        with reading(self._engine) as connection:
            events = [Event(*row) for row in connection.execute(select(schema.event).order_by(schema.event.c.seq))]
            broken = first_break(events)
            if broken:
                return broken
            begun = {event.subject for event in events if event.action == "begin"}
            content = {e.subject: json.loads(e.detail_json)["content"] for e in events if e.action == "finish"}
            for run_id, state in connection.execute(select(schema.run.c.id, schema.run.c.state).order_by("id")).all():
                if run_id not in begun or (run_id not in content) != (state == "running"):
                    return BrokenLink(f"run {run_id}", f"{state}, but no event says so")
                if run_id in content and _content(connection, run_id) != content[run_id]:
                    return BrokenLink(f"run {run_id}", "its hosts or results changed after it was finished")
                begun.remove(run_id)
        return BrokenLink(f"run {min(begun)}", "an event says it began, but it is gone") if begun else None

    def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        with reading(self._engine) as connection:
            return connection.execute(query).all()

    def _nearest(self, name: str) -> str:
        ids = [run.id for run in self.runs()]
        if not ids:
            return "the history is empty; edufleet inspect writes the first run"
        nearest = max(ids, key=lambda run_id: SequenceMatcher(None, name, run_id[: len(name)]).ratio())
        return f"the nearest is {nearest}; edufleet history list shows all"


def _newest_first() -> Select[*tuple[Any, ...]]:
    return select(schema.run).order_by(schema.run.c.started.desc(), schema.run.c.id.desc())


def _row(record: RunRecord | HostRecord | ResultRecord | Sample | Event) -> dict[str, object]:
    return {field: getattr(record, field) for field in record.__slots__}  # dataclasses.asdict is ten times slower


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    if rows:  # SQLAlchemy takes an empty list for one row of defaults
        connection.execute(insert(table), rows)


def _running(connection: Connection, run_id: str) -> None:
    state = connection.execute(select(schema.run.c.state).where(schema.run.c.id == run_id)).scalar()
    if state != "running":
        raise ValueError(f"run {run_id} is not running but {state or 'unknown'}")


def _append(connection: Connection, action: str, subject: str, detail: Mapping[str, str]) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.exec_driver_sql("LOCK TABLE event IN EXCLUSIVE MODE")
    table = schema.event
    last = connection.execute(select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)).first()
    seq, prev_hash = (last.seq + 1, last.hash) if last else (1, GENESIS)
    event = Event(seq, datetime.now(UTC), _actor(), action, subject, canonical(detail), prev_hash, hash="")
    connection.execute(insert(table), _row(sealed(event)))


def _actor() -> str:
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container's user need not have a name
        user = str(os.geteuid())
    return schema.storable(f"{user}@{socket.gethostname()}")


def _content(connection: Connection, run_id: str) -> str:
    """Return the SHA-256 of a run with its hosts and results, sorted here because databases sort text differently.

    It is kept for ever: a later schema must leave the columns read here, and their order, as they are.
    """
    run = connection.execute(select(schema.run).where(schema.run.c.id == run_id)).one()
    hosts = connection.execute(select(schema.host).where(schema.host.c.run == run_id))
    digests = {row.host: sha256(canonical(list(row)).encode("ascii")) for row in hosts}
    results = connection.execute(
        select(schema.result).where(schema.result.c.run == run_id).order_by(schema.result.c.host),
        execution_options={"yield_per": _STREAM},
    )
    for host, rows in groupby(results, key=attrgetter("host")):
        for line in sorted(canonical(list(row)) for row in rows):
            digests[host].update(line.encode("ascii"))
    whole = [list(run), [digests[host].hexdigest() for host in sorted(digests)]]
    return sha256(canonical(whole).encode("ascii")).hexdigest()
