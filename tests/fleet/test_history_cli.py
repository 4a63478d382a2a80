# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet history``: what a person and a program see of earlier runs."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from console.cli.history import app
from fleet.capture import Capture
from fleet.history.history import History
from fleet.history.records import HostRecord, ResultRecord
from fleet.settings import Settings
from fleet.store import CaptureStore

Run = Callable[..., Result]


@pytest.fixture
def edufleet(tmp_path: Path) -> Run:
    env = {"EDUFLEET_STATE": str(tmp_path), "EDUFLEET_DATABASE": "", "COLUMNS": "200"}
    tmp_path.chmod(0o700)
    return lambda *arguments: CliRunner().invoke(app, arguments, env=env, catch_exceptions=False)


@pytest.fixture
def run(tmp_path: Path) -> str:
    capture = Capture("web1", "", 0.5, "", "", (), True, "root", "", None, None, {})
    stored = CaptureStore(tmp_path / "captures").put(capture)
    with History.open(Settings(tmp_path)) as history:
        started = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
        run = history.begin("inspection", scope="[web]", profile="mlps-l3", tool="edufleet 0.1.0", started=started)
        hosts = [
            HostRecord(run, "db1", "unreachable", "protocol", "banner \x1b[2J[red]", None, 3.0),
            HostRecord(run, "web1", "complete", "", "", stored, 0.5),
        ]
        outcomes = {"sshd-root": "fail", "sshd-empty": "pass", "sysctl-redirects": "pass"}
        results = [ResultRecord(run, "web1", "baseline", rule, "", outcomes[rule], "") for rule in outcomes]
        results += [ResultRecord(run, "web1", "health", "disk", "/", "warning", "")]
        history.record(run, hosts, results, [])
        history.finish(run, "complete", '{"hosts": {"total": 2}}')
    return run


def test_an_empty_history_says_what_to_do(edufleet: Run) -> None:
    answer = edufleet("list")

    assert answer.exit_code == 0
    assert "edufleet inspect" in answer.stdout


def test_list_shows_runs_with_their_scope_as_it_was_written(edufleet: Run, run: str) -> None:
    assert f"{run}  2026-11-23 12:15" in edufleet("list").stdout
    assert "[web]" in edufleet("list").stdout

    (listed,) = json.loads(edufleet("list", "--json").stdout)["runs"]
    assert (listed["id"], listed["state"], listed["summary"]) == (run, "complete", {"hosts": {"total": 2}})


def test_show_counts_the_outcomes_of_every_host(edufleet: Run, run: str) -> None:
    assert "fail 1, pass 2" in edufleet("show", "latest").stdout

    shown = json.loads(edufleet("show", run[:12], "--json").stdout)
    assert shown["run"]["id"] == run
    assert [(host["host"], host["status"]) for host in shown["hosts"]] == [("db1", "unreachable"), ("web1", "complete")]
    assert shown["hosts"][1]["baseline"] == {"fail": 1, "pass": 2}
    assert shown["hosts"][1]["health"] == {"warning": 1}


def test_what_a_hostile_host_said_reaches_no_terminal(edufleet: Run, run: str) -> None:
    shown = edufleet("show", run).stdout

    assert "protocol: banner \ufffd[2J[red]" in shown
    assert "\x1b" not in shown


def test_a_run_that_never_ended_is_shown_as_such(edufleet: Run, tmp_path: Path) -> None:
    with History.open(Settings(tmp_path)) as history:
        history.begin("inspection", scope="", profile="mlps-l3", tool="edufleet 0.1.0", started=datetime.now(UTC))

    assert "unfinished" in edufleet("list").stdout
    assert "was killed" in edufleet("show", "latest").stdout


@pytest.mark.usefixtures("run")
def test_verify_counts_what_it_checked_and_gives_the_hash_to_keep(edufleet: Run) -> None:
    answer = edufleet("verify")
    assert answer.exit_code == 0
    assert "2 events and 1 captures are as they were written" in answer.stdout

    verified = json.loads(edufleet("verify", "--json").stdout)
    assert verified["broken"] is None
    assert verified["last_hash"] in answer.stdout


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(b"x"), Path.unlink])
def test_verify_names_the_first_capture_that_is_damaged_or_gone(
    edufleet: Run, run: str, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    (file,) = (path for path in (tmp_path / "captures").rglob("*") if path.is_file())
    damage(file)

    answer = edufleet("verify")

    assert answer.exit_code == 1
    assert f"broken: capture of web1 in run {run}: {file}" in answer.stdout
    assert json.loads(edufleet("verify", "--json").stdout)["broken"]["where"] == f"capture of web1 in run {run}"
