# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory netbox``: what it says, how it exits, and that it does nothing unasked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from console.cli.inventory import app
from inventories.errors import BadInput
from inventories.loader import load
from inventories.netbox.client import NetBox
from inventories.netbox.objects import KINDS
from tests.inventories.netbox.sample import sample
from tests.inventories.netbox.server import TOKEN, Server
from tests.inventories.netbox.test_push import number


@pytest.fixture
def arguments(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options that lead to the stand-in and to an inventory."""
    sample(tmp_path)
    monkeypatch.setenv("EDUFLEET_TEST_TOKEN", TOKEN)
    return ["--url", server.url, "--inventory", str(tmp_path)]


@pytest.fixture
def netbox(server: Server) -> NetBox:
    return NetBox(server.url, TOKEN)


def run(verb: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["netbox", verb, *arguments])


def test_a_dry_run_shows_and_does_nothing(arguments: list[str], server: Server) -> None:
    result = run("push", *arguments, "--dry-run")

    assert result.exit_code == 1
    assert "dcim.device" in result.output
    assert {verb for verb, _ in server.seen} == {"GET"}


def test_nobody_to_ask_is_a_mistake_of_use(arguments: list[str], server: Server) -> None:
    result = run("push", *arguments)

    assert isinstance(result.exception, BadInput)
    assert "there is nobody to ask about" in str(result.exception)
    assert {verb for verb, _ in server.seen} == {"GET"}


def test_push_does_it_and_says_so(arguments: list[str]) -> None:
    first = run("push", *arguments, "--yes")
    second = run("push", *arguments, "--yes")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "done: 83 operations" in first.output
    assert second.output == "NetBox says what the inventory says: 0 changes\n"


def test_push_json_has_every_change(arguments: list[str], server: Server, netbox: NetBox) -> None:
    run("push", *arguments, "--yes")
    netbox.update(KINDS["dcim.device"], [{"id": number(netbox, "dcim.device", "web1"), "serial": "S-9"}])

    result = run("push", *arguments, "--dry-run", "--json")

    assert json.loads(result.output) == {
        "url": server.url,
        "netbox": "4.7.3",
        "operations": [
            {
                "action": "update",
                "object": "dcim.device web1",
                "changes": [{"field": "serial", "before": "S-9", "after": "S-1"}],
            }
        ],
        "kept": [],
        "done": False,
    }


def test_pull_shows_the_difference_and_writes_it_when_told(
    arguments: list[str], netbox: NetBox, tmp_path: Path
) -> None:
    run("push", *arguments, "--yes")
    netbox.update(KINDS["dcim.device"], [{"id": number(netbox, "dcim.device", "web1"), "serial": "S-9"}])

    shown = run("pull", *arguments, "--dry-run")
    before = load(tmp_path).host("web1").serial
    done = run("pull", *arguments, "--yes")
    again = run("pull", *arguments, "--yes")

    assert (shown.exit_code, done.exit_code, again.exit_code) == (1, 0, 0)
    assert "+  web1: {address: 10.1.10.11, groups: [web, db], rack: R01, u_position: 1, serial: S-9" in shown.output
    assert (before, load(tmp_path).host("web1").serial) == ("S-1", "S-9")
    assert again.output == "nothing to take over\n"


def test_an_edit_that_would_break_the_inventory_is_left_and_the_rest_is_taken(
    arguments: list[str], netbox: NetBox, tmp_path: Path
) -> None:
    run("push", *arguments, "--yes")
    fields = {"serial": "S-9", "custom_fields": {"edufleet_owner": "nobody"}}
    netbox.update(KINDS["dcim.device"], [{"id": number(netbox, "dcim.device", "web1"), **fields}])

    result = run("pull", *arguments, "--yes", "--json")

    report = json.loads(result.output)
    assert result.exit_code == 1
    assert [(edit["path"], edit["value"]) for edit in report["edits"]] == [(["serial"], "S-9")]
    assert [one.partition(":")[0] for one in report["left"]] == ["host 'web1'"]
    assert "nobody" in report["left"][0]
    assert load(tmp_path).host("web1").serial == "S-9"
