# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory``: what it prints (golden/), in JSON, how it exits, what it completes."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from console.cli import common
from console.cli.inventory import app
from console.cli.inventory.options import complete_limit
from inventories.errors import BadInput
from inventories.findings import InventoryErrors
from tests.inventories.trees import PROVINCE, SOUND, write

GOLDEN = Path(__file__).parent / "golden"
SERVICES = """\
services:
  portal:
    name: {en: Portal, zh: 门户}
    mlps_level: 2
    filing: {filed: 2026-01-10, assessed: 2026-02-10, next_assessment: 2028-02-10}
    hosts: [web1]
"""
LONG = """\
region: {level: school, name: {en: School at the end of the long valley, zh: 长谷教学点}}
groups: {school: {}, teaching-point: {}, read-only: {}, small: {}}
hosts:
  val-srv1: {address: "2001:db8:0:1::15", site: valley, groups: [school, teaching-point, read-only, small]}
sites:
  valley: {name: {en: Valley, zh: 长谷}, link: satellite, prefixes: ["2001:db8::/48"]}
"""


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small inventory in ./inventory, and a console 80 columns wide."""
    files = {name: text.replace("ssh/config", "/lab/ssh_config") for name, text in SOUND.items()}
    files["authority.yml"] = files["authority.yml"].replace("authority:\n", "authority:\n  as_of: 2026-11-23\n")
    files |= {"qinghe/services.yml": SERVICES, "qinghe/long-valley/teaching-point/r.yml": LONG}
    files["qinghe/long-valley/r.yml"] = "region: {level: county, name: {en: Long Valley, zh: 长谷县}}\n"
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EDUFLEET_INVENTORY", raising=False)
    monkeypatch.setattr(common.out, "_width", 80)
    return write(tmp_path / "inventory", files)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("list", ["list"]),
        ("list-limit", ["list", "--limit", "qinghe,!web2"]),
        ("show-host", ["show", "web1"]),
        ("show-site", ["show", "dc"]),
        ("show-region", ["show", "qinghe/long-valley"]),
        ("validate", ["validate"]),
    ],
)
@pytest.mark.usefixtures("inventory")
def test_text_output(name: str, arguments: list[str]) -> None:
    result = run(*arguments)

    printed = "\n".join(line.rstrip() for line in result.stdout.splitlines()) + "\n"
    assert result.exit_code == 0, result.exception
    assert printed == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    if name != "validate":
        assert max(len(line) for line in result.stdout.splitlines()) <= 80


def test_validate_prints_every_finding_and_exits_1_on_an_error(inventory: Path) -> None:
    write(
        inventory,
        {"qinghe/region.yml": PROVINCE.replace("link: fiber", "link: fibre").replace("grade: C", "grade: [/]")},
    )

    result = run("validate", "inventory")

    assert result.exit_code == 1
    assert result.stdout == (GOLDEN / "validate-errors.txt").read_text(encoding="utf-8")


def test_validate_says_when_it_could_not_check_everything(inventory: Path) -> None:
    write(inventory, {"qinghe/services.yml": "services: ["})

    result = run("validate", "inventory")

    assert result.exit_code == 1
    assert "what may be declared there is not called missing" in result.stdout


@pytest.mark.usefixtures("inventory")
def test_validate_as_json() -> None:
    result = run("validate", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "findings": [
            {
                "rule": "INV-OWN-002",
                "severity": "warning",
                "file": "inventory/qinghe/services.yml",
                "line": 2,
                "column": 3,
                "message": "service 'portal' has no rota: nobody is called",
                "hint": "name a rota, here or in the defaults of the region",
            }
        ]
    }


@pytest.mark.usefixtures("inventory")
def test_list_and_show_as_json() -> None:
    listed = json.loads(run("list", "--json", "--limit", "web1").stdout)["hosts"]
    shown = json.loads(run("show", "web1", "--json").stdout)["entries"]

    assert [host["name"] for host in listed] == ["web1"]
    assert shown == [{"kind": "host", "entry": listed[0]}]
    assert listed[0]["services"] == ["portal"]


def test_what_the_user_got_wrong_is_bad_input(inventory: Path) -> None:
    assert isinstance(run("show", "web9").exception, BadInput)
    assert isinstance(run("list", "--limit", "nowhere").exception, BadInput)
    assert isinstance(run("validate", "missing").exception, BadInput)

    write(inventory, {"qinghe/hosts.yml": "hosts: 7\n"})
    problem = run("list").exception
    assert isinstance(problem, InventoryErrors)
    assert problem.exit_code == 2


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("web", ["web", "web1", "web2"]),
        ("qinghe,!web1", ["qinghe,!web1"]),
        ("qinghe,&", [f"qinghe,&{term}" for term in ("all", "dc")]),
        ("nothing", []),
    ],
)
@pytest.mark.usefixtures("inventory")
def test_limit_completes_its_last_term(written: str, offered: list[str]) -> None:
    context = typer.Context(typer.main.get_command(app))
    context.params["inventory"] = None

    assert complete_limit(context, written)[: len(offered) or None] == offered


@pytest.mark.usefixtures("inventory")
def test_limit_completes_nothing_without_an_inventory() -> None:
    context = typer.Context(typer.main.get_command(app))
    context.params["inventory"] = "missing"

    assert complete_limit(context, "web") == []
