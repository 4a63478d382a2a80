# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""History: what is recorded comes back, a finished run stays as it is, and every change to it is noticed."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from fleet.history.chain import GENESIS, sealed
from fleet.history.database import reading
from fleet.history.history import History, _content
from fleet.history.records import BrokenLink, Event, HostRecord, OutcomeCount, ResultRecord, Sample
from fleet.settings import Settings
from inventories.errors import BadInput, CouldNotFinish

NOON = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


@pytest.fixture
def history(settings: Settings) -> Iterator[History]:
    with History.open(settings) as history:
        yield history


def begin(history: History, started: datetime = NOON) -> str:
    return history.begin("inspection", scope="qinghe", profile="mlps-l3", tool="edufleet 0.1.0", started=started)


def host(run: str, name: str = "web1") -> HostRecord:
    return HostRecord(run, name, "complete", "", "", "ab" * 32, 0.5)


def result(run: str, subject: str, outcome: str = "pass", *, name: str = "web1") -> ResultRecord:
    return ResultRecord(run, name, "baseline", subject, "", outcome, "PermitRootLogin no")


def finished_run(history: History) -> str:
    run = begin(history)
    history.record(run, [host(run)], [result(run, "sshd-root", "fail")], [])
    history.finish(run, "complete", '{"hosts": 1}')
    return run


def test_a_run_comes_back_as_it_was_recorded(history: History) -> None:
    run = begin(history)
    hosts = [host(run, "db1"), replace(host(run), status="unreachable", cause="refused", capture=None)]
    results = [
        result(run, "sshd-root", name="db1"),
        ResultRecord(run, "web1", "health", "disk", "/", "warning", "91 % 已用"),
        ResultRecord(run, "web1", "health", "disk", "/var", "ok", ""),
    ]
    history.record(run, hosts, results, [])
    history.finish(run, "partial", '{"hosts": 2}')

    record = history.run(run)
    assert (record.kind, record.scope, record.profile, record.tool) == (
        "inspection",
        "qinghe",
        "mlps-l3",
        "edufleet 0.1.0",
    )
    assert (record.started, record.state, record.summary_json) == (NOON, "partial", '{"hosts": 2}')
    assert record.finished is not None
    assert record.finished.tzinfo is UTC
    assert list(history.hosts(run)) == hosts
    assert list(history.results(run)) == results
    assert list(history.results(run, "web1")) == results[1:]
    assert history.counts(run) == (
        OutcomeCount("db1", "baseline", "pass", 1),
        OutcomeCount("web1", "health", "ok", 1),
        OutcomeCount("web1", "health", "warning", 1),
    )


def test_hosts_may_be_recorded_as_they_come_in(history: History) -> None:
    run = begin(history)
    for name in ("web1", "web2", "web3"):
        history.record(run, [host(run, name)], [result(run, "sshd-root", name=name)], [])

    assert [record.host for record in history.hosts(run)] == ["web1", "web2", "web3"]


def test_a_batch_is_recorded_whole_or_not_at_all(history: History) -> None:
    run = begin(history)

    with pytest.raises(CouldNotFinish, match="UNIQUE"):
        history.record(run, [host(run)], [result(run, "sshd-root"), result(run, "sshd-root", "fail")], [])

    assert history.hosts(run) == ()


def test_a_result_needs_its_host(history: History) -> None:
    run = begin(history)

    with pytest.raises(CouldNotFinish, match="FOREIGN KEY"):
        history.record(run, [], [result(run, "sshd-root")], [])


def test_text_no_database_takes_is_kept_legibly(history: History) -> None:
    run = begin(history)
    history.record(run, [replace(host(run), detail="bad \udcff\0 byte 坏")], [], [])

    assert history.hosts(run)[0].detail == "bad \ufffd\ufffd byte 坏"


def test_a_finished_run_takes_nothing_more(history: History) -> None:
    run = finished_run(history)

    with pytest.raises(ValueError, match="not running but complete"):
        history.record(run, [host(run, "late")], [], [])
    with pytest.raises(ValueError, match="not running but complete"):
        history.finish(run, "partial", "{}")


def test_records_of_another_run_are_refused(history: History) -> None:
    run, other = begin(history), begin(history)

    with pytest.raises(ValueError, match="another run"):
        history.record(run, [host(other)], [], [])


def test_run_ids_sort_by_start_and_say_it_in_utc(history: History) -> None:
    chinese_evening = (NOON + timedelta(hours=1)).astimezone(timezone(timedelta(hours=8)))
    runs = [begin(history, chinese_evening), begin(history, NOON)]

    assert runs[1].startswith("20261123T121500Z-")
    assert [run.id for run in history.runs()] == sorted(runs, reverse=True)
    assert [run.id for run in history.runs(1)] == [runs[0]]


def test_a_run_is_found_by_the_beginning_of_its_id(history: History) -> None:
    early, late = begin(history, NOON), begin(history, NOON + timedelta(days=1))

    assert history.run(early[:12]).id == early
    assert history.run("latest").id == late


def test_a_run_that_is_not_there_is_answered_with_the_nearest(history: History) -> None:
    with pytest.raises(BadInput, match="no run 'latest'") as nothing_yet:
        history.run("latest")
    assert "edufleet inspect" in str(nothing_yet.value.hint)

    run, other = begin(history, NOON), begin(history, NOON + timedelta(days=300))
    with pytest.raises(BadInput, match="no run '20261132'") as problem:
        history.run("20261132")
    assert run in str(problem.value.hint)
    assert other not in str(problem.value.hint)

    with pytest.raises(BadInput, match="fits 2 runs"):
        history.run("202")


def test_samples_come_back_by_host_series_and_time(history: History) -> None:
    run = begin(history)
    days = [NOON + timedelta(days=day) for day in range(3)]
    root = [Sample("web1", "fs:/:used", at, float(number), 10.0) for number, at in enumerate(days)]
    load = [Sample("web1", "load", at, 0.5, None) for at in days]
    other = [Sample("db1", "load", at, 0.5, None) for at in days]
    history.record(run, [], [], load + root + other)

    assert list(history.samples("web1", "fs:/:used", days[1])) == root[1:]
    assert list(history.samples_of(["web1", "db1", "unknown"], days[2])) == [other[2], root[2], load[2]]
    assert history.samples_of([], NOON) == ()


def test_two_inspections_may_measure_the_same_host_in_the_same_moment(history: History) -> None:
    sample = Sample("web1", "load", NOON, 0.5, None)
    for run in (begin(history), begin(history)):
        history.record(run, [], [], [sample])

    assert history.samples("web1", "load", NOON) == (sample, sample)


def test_beginning_and_finishing_are_events(history: History) -> None:
    run = finished_run(history)

    begun, finished = history.events()
    assert (begun.seq, begun.action, begun.subject) == (1, "begin", run)
    assert (finished.seq, finished.action, finished.subject) == (2, "finish", run)
    assert finished.prev_hash == begun.hash
    assert "@" in begun.actor
    assert history.verify() is None


def test_a_run_that_was_killed_stays_unfinished_and_is_no_break(history: History) -> None:
    run = begin(history)

    assert history.run(run).state == "running"
    assert history.verify() is None


@pytest.mark.parametrize(
    ("tampering", "where", "why"),
    [
        ("UPDATE event SET actor = 'nobody' WHERE seq = 1", "event 1", "changed"),
        ("UPDATE event SET at = at + 1 WHERE seq = 2", "event 2", "changed"),
        ("UPDATE event SET hash = hash || '0' WHERE seq = 2", "event 2", "changed"),
        ("DELETE FROM event WHERE seq = 1", "event 1", "missing"),
        ("UPDATE event SET prev_hash = 'x' WHERE seq = 2", "event 2", "does not follow"),
        ("DELETE FROM event WHERE seq = 2", "run {}", "no event says so"),
        ("UPDATE result SET outcome = 'pass'", "run {}", "changed after"),
        ("DELETE FROM result", "run {}", "changed after"),
        ("UPDATE host SET capture = NULL", "run {}", "changed after"),
        ("UPDATE run SET summary_json = '{{}}'", "run {}", "changed after"),
        ("UPDATE run SET state = 'running'", "run {}", "no event says so"),
        ("DELETE FROM result; DELETE FROM host; DELETE FROM run", "run {}", "it is gone"),
    ],
)
def test_tampering_is_noticed_and_named(
    history: History, settings: Settings, tampering: str, where: str, why: str
) -> None:
    run = finished_run(history)
    with closing(sqlite3.connect(settings.database_file)) as connection:
        connection.executescript(tampering.format(run))

    broken = history.verify()

    assert isinstance(broken, BrokenLink)
    assert broken.where == where.format(run)
    assert why in broken.why


def test_seals_written_today_must_hold_for_ever(history: History, settings: Settings) -> None:
    with closing(sqlite3.connect(settings.database_file)) as database:
        database.executescript("""
            INSERT INTO run VALUES
                ('r', 'inspection', 1795436100000000, 1795436100000001, '', 'mlps-l3', 'edufleet', 'complete', '{}');
            INSERT INTO host VALUES
                ('r', 'web1', 'complete', '', '', NULL, 0.5), ('r', '主机', 'partial', 'cut', '', 'ab', 1);
            INSERT INTO result VALUES ('r', 'web1', 'health', 'disk', '/', 'ok', '');
        """)
    with reading(history._engine) as connection:
        content = _content(connection, "r")
    event = sealed(Event(1, NOON, "root@ops", "finish", "r", '{"state":"complete"}', GENESIS, hash=""))

    # Computed from the definition in docs/reference/history.md, not by the code under test.
    assert content == "52ed5fef4e908f9f302fa655bb6157a9ad2ee5d6bfd9ce98cf967694778ce250"
    assert event.hash == "3993d888c36b1f5c54cdbdf96eec50c40406b6438c9803f8965564d1fe1b0805"


@pytest.mark.parametrize("use", [History.runs, begin, History.verify])
def test_a_damaged_database_is_an_error_for_people(settings: Settings, use: Callable[[History], object]) -> None:
    with History.open(settings) as history:
        finished_run(history)
    content = bytearray(settings.database_file.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    settings.database_file.write_bytes(content)

    with pytest.raises(CouldNotFinish) as problem, History.open(settings) as history:
        use(history)

    assert problem.value.where == str(settings.database_file)
