# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``show --explain``: every value of an entry with the file and line it was written in."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from console.cli.inventory import app
from inventories.errors import BadInput
from inventories.explain import Explained, explain
from inventories.loader import read
from inventories.model import Host
from tests.inventories.trees import AUTHORITY, SOUND, write

GROUPS = """\
groups:
  web:
    defaults: {importance: high}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    more = """\
defaults:
  site: dc
  groups: [db]
hosts:
  web3:
    address: 10.1.0.3
    groups+: [web]
    vars: {zone: a}
"""
    files = {**SOUND, "authority.yml": AUTHORITY.replace("groups: {web: {}, db: {}}\n", "") + "groups: {db: {}}\n"}
    files["qinghe/region.yml"] = SOUND["qinghe/region.yml"].replace("defaults: {site: dc}\n", "")
    return write(tmp_path, {**files, "groups.yml": GROUPS, "qinghe/more.yml": more})


def explained(root: Path, name: str) -> dict[str, Explained]:
    record = next(record for record in read(root).of(Host) if record.id == name)
    return {value.path: value for value in explain(record)}


def test_each_value_names_the_line_it_was_written_in(root: Path) -> None:
    values = explained(root, "web3")

    where = {path: (Path(one.file).name, one.line) for path, one in values.items() if one.file}
    assert where["address"] == ("more.yml", 6)
    assert where["vars.zone"] == ("more.yml", 8)
    assert where["site"] == ("more.yml", 2)
    assert where["importance"] == ("groups.yml", 3)
    assert where["platform"][0] == "authority.yml"
    assert where["ssh.user"][0] == "authority.yml"


def test_the_items_of_a_list_that_was_added_to_have_a_line_each(root: Path) -> None:
    values = explained(root, "web3")

    assert (values["groups[0]"].value, values["groups[0]"].line) == ("db", 3)
    assert (values["groups[1]"].value, values["groups[1]"].line) == ("web", 7)


def test_what_was_not_written_says_so(root: Path) -> None:
    values = explained(root, "web3")

    assert (values["region"].value, values["region"].origin) == ("qinghe", "derived")
    assert (values["u_height"].value, values["u_height"].origin) == (1, "default")
    written = {path.split(".")[0].split("[")[0] for path in values}
    assert written == set(Host.model_fields)


def test_the_command_prints_it_and_as_json(root: Path) -> None:
    shown = CliRunner().invoke(app, ["show", "web3", "--explain", "-i", str(root)], env={"COLUMNS": "100"})
    told = json.loads(CliRunner().invoke(app, ["show", "web3", "--explain", "--json", "-i", str(root)]).stdout)

    assert "groups.yml:3:28" in shown.stdout
    assert next(one["line"] for one in told["entries"][0]["values"] if one["path"] == "importance") == 3
    assert isinstance(CliRunner().invoke(app, ["show", "web9", "--explain", "-i", str(root)]).exception, BadInput)


def test_an_invalid_entry_is_explained_as_well(root: Path) -> None:
    write(root, {"qinghe/wrong.yml": "hosts: {web4: {address: 10.1.0.400}}\n"})

    assert explained(root, "web4")["address"].value == "10.1.0.400"
