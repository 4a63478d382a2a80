# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inspect --local``, the whole way on this very machine."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator

from console import local
from console.reports.json import schema
from fleet.history.history import History
from fleet.history.records import Sample
from fleet.settings import Settings
from tests.console.program import Program


def test_it_leaves_a_report_a_document_and_a_history(edufleet: Program) -> None:
    done = edufleet.run("inspect", "--local", "--out", str(edufleet.out))
    assert done.returncode in {0, 1}, done.stderr
    assert done.stderr == ""
    document = edufleet.inspection()
    (host,) = document.hosts
    assert host.reach.status == "complete"
    assert host.card.cpus == os.cpu_count()
    assert host.card.kernel == os.uname().release
    assert {result.rule for result in host.baseline} == {rule.id for rule in document.rules}
    assert any(room.kind == "filesystem" for room in host.capacity)
    assert "</html>" in (edufleet.out / "report.html").read_text(encoding="utf-8")
    listed = json.loads(edufleet.run("history", "list", "--json").stdout)
    assert [run["id"] for run in listed["runs"]] == [document.run]
    assert edufleet.run("history", "verify").returncode == 0


def test_json_is_one_object_that_keeps_to_the_published_schema(edufleet: Program) -> None:
    done = edufleet.run("inspect", "--local", "--json", "--out", str(edufleet.out))
    document = json.loads(done.stdout)
    Draft202012Validator(json.loads(schema())).validate(document)
    summary = document["summary"]
    assert summary["hosts"] | {"total": 1, "reached": 1, "unreachable": 0} == summary["hosts"]
    assert set(summary["baseline"]) == {"pass", "fail", "not_applicable", "manual", "error", "not_evaluated"}
    assert set(summary["health"]) == {"ok", "warning", "critical", "unknown"}
    assert sum(summary["baseline"].values()) == len(document["hosts"][0]["baseline"])
    assert document["regions"]
    assert document["hosts"]


def test_chinese(edufleet: Program) -> None:
    done = edufleet.run("inspect", "--local", "--lang", "zh", "--out", str(edufleet.out))
    assert "本机" in done.stdout
    assert '<html lang="zh' in (edufleet.out / "report.html").read_text(encoding="utf-8")


def test_two_at_once_share_one_history(edufleet: Program) -> None:
    both = [edufleet.start("inspect", "--local", "--out", str(edufleet.out / str(n))) for n in range(2)]
    for process in both:
        _, errors = process.communicate(timeout=120)
        assert process.returncode in {0, 1}, errors
    runs = json.loads(edufleet.run("history", "list", "--json").stdout)["runs"]
    assert [run["state"] for run in runs] == ["complete", "complete"]
    assert edufleet.run("history", "verify").returncode == 0


def test_state_is_for_its_owner_alone(edufleet: Program) -> None:
    edufleet.run("inspect", "--local", "--out", str(edufleet.out))
    for path in (edufleet.home / "state", *(edufleet.home / "state").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_file_system_that_has_grown_for_a_month_has_a_trend(edufleet: Program) -> None:
    name = local.inventory().hosts[0].name
    now = datetime.now(UTC)
    (edufleet.home / "state").mkdir(mode=0o700)
    with History.open(Settings(edufleet.home / "state")) as history:
        run = history.begin("inspection", scope="", profile="mlps-l3", tool="a test", started=now - timedelta(days=30))
        samples = [
            Sample(name, "filesystem:/:used", now - timedelta(days=age), 1e9 * (30 - age), 1e12) for age in range(1, 30)
        ]
        history.record(run, [], [], samples)
        history.finish(run, "complete", "{}")
    edufleet.run("inspect", "--local", "--out", str(edufleet.out))
    rooms = {(room.kind, room.item): room for room in edufleet.inspection().hosts[0].capacity}
    trend = rooms["filesystem", "/"].trend
    assert trend is not None
    assert trend.days >= 29
    assert rooms["memory", ""].trend is None


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--local", "--limit", "x"], "--local inspects this machine alone"),
        (["--local", "--profile", "mlps-l9"], "there is no profile 'mlps-l9'"),
        (["--local", "--lang", "fr"], "no such language"),
        (["--inventory", "nowhere"], "nowhere"),
        ([], "--inventory"),
        (["--local", "--out", "/proc/nowhere"], "the report cannot be written"),
        (["--local", "--concurrency", "0"], "concurrency"),
    ],
)
def test_bad_input_is_one_clear_error(edufleet: Program, argv: list[str], said: str) -> None:
    done = edufleet.run("inspect", *argv)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_state_directory_that_is_a_file_is_one_clear_error(edufleet: Program) -> None:
    (edufleet.home / "state").write_text("")
    done = edufleet.run("inspect", "--local")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
