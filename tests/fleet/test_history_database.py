# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The history database: its schema, its files, and what many processes and a kill do to it."""

import multiprocessing
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from fleet import history as history_package
from fleet.history.database import connect
from fleet.history.history import History
from fleet.history.records import HostRecord, ResultRecord
from fleet.history.schema import HEAD, metadata
from fleet.settings import Settings
from inventories.errors import BadInput

MIGRATIONS = Path(str(history_package.__file__)).parent / "migrations"


def record_one_host(history: History, run: str, number: int, results: int = 50) -> None:
    host = f"host{number}"
    history.record(
        run,
        [HostRecord(run, host, "complete", "", "", None, 0.5)],
        [ResultRecord(run, host, "baseline", f"rule{rule}", "", "pass", "") for rule in range(results)],
        [],
    )


def begin(history: History) -> str:
    return history.begin("inspection", scope="", profile="mlps-l3", tool="edufleet 0.1.0", started=datetime.now(UTC))


def test_migrating_an_empty_database_gives_the_tables_the_code_uses(tmp_path: Path) -> None:
    engine = connect(Settings(tmp_path))

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert ScriptDirectory(MIGRATIONS).get_current_head() == HEAD


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    with History.open(Settings(tmp_path)) as history:
        run = begin(history)
    before = dump(tmp_path)

    with History.open(Settings(tmp_path)) as history:
        assert history.run("latest").id == run

    assert dump(tmp_path) == before


def test_opening_a_current_database_loads_neither_alembic_nor_the_orm(tmp_path: Path) -> None:
    connect(Settings(tmp_path)).dispose()
    program = (
        "import sys; from pathlib import Path; from fleet.settings import Settings; "
        "from fleet.history.history import History; History.open(Settings(Path(sys.argv[1]))); "
        "print([name for name in ('alembic', 'sqlalchemy.orm', 'mako') if name in sys.modules])"
    )

    answer = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


def test_a_database_of_a_newer_edufleet_is_left_alone(tmp_path: Path) -> None:
    connect(Settings(tmp_path)).dispose()
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(BadInput, match="newer edufleet") as problem:
        History.open(Settings(tmp_path))

    assert "upgrade" in str(problem.value.hint)
    assert "9999" in str(problem.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("no url", "not a database URL"),
        ("mysql://u:secret@server/db", "cannot be kept in mysql://u:"),
        ("sqlite://", "cannot be kept"),
        ("sqlite:////nowhere/at/all.sqlite", "cannot keep history here"),
    ],
)
def test_a_database_url_that_cannot_be_used_is_refused_without_its_password(
    tmp_path: Path, url: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says) as problem:
        History.open(Settings(tmp_path, database=url))

    assert "secret" not in str(problem.value)


def test_history_can_live_in_another_sqlite_file(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.sqlite"

    with History.open(Settings(tmp_path, database=f"sqlite:///{elsewhere}")) as history:
        begin(history)

    assert elsewhere.is_file()
    assert not (tmp_path / "history.sqlite").exists()


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_every_file_is_readable_by_its_owner_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with History.open(Settings(tmp_path)) as history:
            begin(history)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(("history.lock", "history.sqlite", "history.sqlite-wal", "history.sqlite-shm"), 0o600)


RUNS_EACH, HOSTS_EACH = 5, 4


def inspect_repeatedly(directory: Path) -> None:
    with History.open(Settings(directory)) as history:
        for _ in range(RUNS_EACH):
            run = begin(history)
            for number in range(HOSTS_EACH):
                record_one_host(history, run, number)
            history.finish(run, "complete", "{}")


def test_inspections_at_once_on_a_database_that_is_not_there_yet(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=inspect_repeatedly, args=(tmp_path,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with History.open(Settings(tmp_path)) as history:
        runs = history.runs()
        assert len(runs) == 3 * RUNS_EACH
        assert {run.state for run in runs} == {"complete"}
        assert {len(history.results(run.id)) for run in runs} == {HOSTS_EACH * 50}
        assert history.verify() is None


BATCH = 2000


def record_until_killed(directory: Path) -> None:
    with History.open(Settings(directory)) as history:
        run = begin(history)
        for number in range(10_000):
            record_one_host(history, run, number, results=BATCH)


def test_a_kill_in_the_middle_of_writing_loses_at_most_the_last_batch(tmp_path: Path) -> None:
    writer = multiprocessing.get_context("spawn").Process(target=record_until_killed, args=(tmp_path,))
    writer.start()
    with History.open(Settings(tmp_path)) as history:
        while not (history.runs() and history.hosts(history.run("latest").id)):
            assert writer.is_alive()
            sleep(0.01)
        sleep(0.03)
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join(30)
        assert writer.exitcode == -signal.SIGKILL

        killed = history.run("latest")
        assert killed.state == "running"
        batches = Counter(result.host for result in history.results(killed.id))
        assert set(batches.values()) == {BATCH}
        assert set(batches) == {host.host for host in history.hosts(killed.id)}
        assert history.verify() is None
        history.finish(begin(history), "complete", "{}")
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def dump(directory: Path) -> list[str]:
    with closing(sqlite3.connect(directory / "history.sqlite")) as connection:
        return list(connection.iterdump())
