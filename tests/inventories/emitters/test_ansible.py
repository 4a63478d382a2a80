# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Ansible reads the file, the script and the plugin alike; what it is told to connect with; what groups are called."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import inventories
from console.cli.inventory import app
from inventories.asset_groups import asset_groups, group_name
from inventories.emitter import Files
from inventories.emitters.ansible import EMITTER
from inventories.errors import BadInput
from inventories.model import Asset, Host, Inventory, Management, Secret, SshAccess
from inventories.variables import variables
from tests.inventories.emitters.readers.ansible import PLAYBOOKS, ansible, hostvars

REFERENCE = Path(inventories.__file__).parent / "reference"
SCRIPT = PLAYBOOKS / "edufleet_inventory.sh"


def from_file(directory: Path, inventory: Inventory) -> Path:
    path = directory / "hosts.json"
    path.write_bytes(EMITTER.emit(inventory, inventory.assets)["hosts.json"])
    return path


def from_script(_: Path, __: Inventory) -> Path:
    return SCRIPT


def from_plugin(directory: Path, _: Inventory) -> Path:
    path = directory / "edufleet.yml"
    path.write_text(json.dumps({"plugin": "edufleet", "inventory": str(REFERENCE)}), encoding="utf-8")
    return path


SOURCES = pytest.mark.parametrize("source", [from_file, from_script, from_plugin])
Source = Callable[[Path, Inventory], Path]


@SOURCES
def test_the_graph_has_the_regions_one_below_the_other(source: Source, reference: Inventory, tmp_path: Path) -> None:
    path = source(tmp_path, reference)

    graph = ansible("ansible-inventory", path, "--graph", home=tmp_path, EDUFLEET_INVENTORY=str(REFERENCE))

    for region in reference.regions:
        depth = 1 + len(list(reference.ancestors(region.path)))
        assert f"\n{'  |' * depth}--@{group_name('region', region.path)}:\n" in graph


@SOURCES
def test_every_variable_arrives(source: Source, reference: Inventory, tmp_path: Path) -> None:
    path = source(tmp_path, reference)

    told = hostvars(ansible("ansible-inventory", path, "--list", home=tmp_path, EDUFLEET_INVENTORY=str(REFERENCE)))

    assert told.keys() == {asset.name for asset in reference.assets}
    for asset in reference.assets:
        table = {**variables(reference, asset), "ansible_host": str(asset.address)}
        assert {name: json.dumps(told[asset.name][name]) for name in table} == {
            name: json.dumps(value) for name, value in table.items()
        }


@SOURCES
def test_one_host_can_be_asked_for(source: Source, reference: Inventory, tmp_path: Path) -> None:
    path, asset = source(tmp_path, reference), reference.hosts[0]

    host = ansible("ansible-inventory", path, "--host", asset.name, home=tmp_path, EDUFLEET_INVENTORY=str(REFERENCE))

    assert json.loads(host)["edufleet_region"] == asset.region


def test_the_script_is_asked_once_however_many_hosts_there_are(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    wrapper = tmp_path / "counted.sh"
    wrapper.write_text(f'#!/bin/sh\necho "$@" >>{calls}\nexec {SCRIPT} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)

    ansible("ansible-inventory", wrapper, "--list", home=tmp_path, EDUFLEET_INVENTORY=str(REFERENCE))

    assert calls.read_text(encoding="utf-8") == "--list\n"


def test_the_plugin_takes_a_limit_and_makes_groups_of_values(reference: Inventory, tmp_path: Path) -> None:
    path = tmp_path / "some.edufleet.yml"
    asked = {
        "plugin": "edufleet",
        "inventory": str(REFERENCE),
        "limit": "qinghe",
        "keyed_groups": [{"key": "edufleet_importance", "prefix": "importance"}],
        "compose": {"label": "edufleet_name ~ '@' ~ edufleet_site"},
    }
    path.write_text(json.dumps(asked), encoding="utf-8")

    listing = ansible("ansible-inventory", path, "--list", home=tmp_path)

    told = hostvars(listing)
    assert told
    assert all(reference.asset(name).region.split("/")[0] == "qinghe" for name in told)
    assert all(values["label"] == f"{name}@{reference.asset(name).site}" for name, values in told.items())
    of_high = {name for name in told if reference.asset(name).importance == "high"}
    assert set(json.loads(listing)["importance_high"]["hosts"]) == of_high


def test_the_plugin_passes_on_why_there_is_no_inventory(tmp_path: Path) -> None:
    path = tmp_path / "edufleet.yml"
    path.write_text("plugin: edufleet\ninventory: nowhere\n", encoding="utf-8")

    with pytest.raises(AssertionError, match="nowhere: is not a directory"):
        ansible("ansible-inventory", path, "--graph", home=tmp_path)


def test_what_looks_like_a_template_stays_text(reference: Inventory, tmp_path: Path) -> None:
    note, host = "{{ 6 * 7 }} {% x %}", reference.hosts[0]
    marked = host.model_copy(update={"vars": {"note": note, "notes": (note, 1)}})
    path = tmp_path / "hosts.json"
    path.write_bytes(EMITTER.emit(reference, [marked])["hosts.json"])
    message = ["-m", "ansible.builtin.debug", "-a", "msg={{ [note, notes] }}"]

    said = ansible("ansible", path, host.name, "-c", "local", *message, home=tmp_path)

    assert json.loads(said[said.index("{") :])["msg"] == [note, [note, 1]]


def test_ansible_runs_a_command_from_it(reference: Inventory, here: Host, tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    path.write_bytes(EMITTER.emit(reference, [here])["hosts.json"])
    command = ["-m", "ansible.builtin.raw", "-a", "echo $((6 * 7))"]
    once = "-o ControlMaster=no"  # no connection stays behind

    said = ansible("ansible", path, "kind_host", *command, home=tmp_path, ANSIBLE_SSH_ARGS=once)

    assert said.splitlines()[:2] == [f"{here.name} | CHANGED | rc=0 >>", "42"]


def test_a_host_is_reached_as_the_inventory_says(reference: Inventory) -> None:
    access = {"config": "/e/ssh config", "identity_file": "/e/key", "known_hosts": "/e/known hosts"}
    access |= {"user": "ops", "port": "2222", "proxy_jump": "jump@bastion:22"}
    host = reference.hosts[0].model_copy(update={"ssh": SshAccess.model_validate(access)})

    told = of(EMITTER.emit(reference, [host]), host)

    assert told["ansible_host"] == str(host.address)
    assert (told["ansible_user"], told["ansible_port"]) == ("ops", 2222)
    assert told["ansible_ssh_private_key_file"] == "/e/key"
    assert shlex.split(str(told["ansible_ssh_common_args"])) == [
        *("-F", "/e/ssh config"),
        *("-o", 'UserKnownHostsFile="/e/known hosts"'),
        *("-o", "ProxyJump=jump@bastion:22"),
    ]


def test_a_device_is_reached_through_the_collection_that_knows_it(reference: Inventory) -> None:
    secret = Secret(id="switches", region="core", user="admin", env="SWITCHES")
    inventory = reference.model_copy(update={"secrets": (secret,)})
    access = Management(port=2022, credential="switches")
    known = reference.devices[0].model_copy(update={"platform": "cisco_ios", "management": access})
    unknown = known.model_copy(update={"platform": "hillstone_stoneos"})

    told = of(EMITTER.emit(inventory, [known]), known)

    assert told["ansible_network_os"] == "cisco.ios.ios"
    assert told["ansible_connection"] == "ansible.netcommon.network_cli"
    assert (told["ansible_user"], told["ansible_port"]) == ("admin", 2022)
    assert not [name for name in told if "password" in name]
    assert "ansible_network_os" not in of(EMITTER.emit(inventory, [unknown]), unknown)


def test_what_vars_say_comes_before_what_is_made(reference: Inventory) -> None:
    host = reference.hosts[0].model_copy(update={"vars": {"ansible_user": "other"}})

    assert of(EMITTER.emit(reference, [host]), host)["ansible_user"] == "other"


def test_two_names_that_would_be_one_group_are_refused(reference: Inventory) -> None:
    first, second = reference.hosts[:2]
    assets = [
        first.model_copy(update={"groups": ("web-front",)}),
        second.model_copy(update={"groups": ("web_front",)}),
    ]

    with pytest.raises(BadInput, match="group 'web-front' and group 'web_front' would be one group, 'web_front'"):
        asset_groups(reference, assets)


@pytest.mark.parametrize("name", ["all", "ungrouped", "class", "7th", "override_data"])
def test_a_group_whose_name_means_something_else_is_called_group(name: str) -> None:
    assert group_name("group", name) == f"group_{name}"


def test_the_command_answers_one_question(reference: Inventory) -> None:
    host = reference.hosts[0].name

    answer = run("--host", host)

    assert json.loads(answer.stdout) == json.loads(run("--list").stdout)["_meta"]["hostvars"][host]
    for question in ([], ["--list", "--host", host]):
        assert isinstance(run(*question).exception, BadInput)


def test_an_unknown_host_is_an_error_with_a_proposal(reference: Inventory) -> None:
    host = reference.hosts[0].name

    problem = run("--host", f"{host}x").exception

    assert isinstance(problem, BadInput)
    assert repr(host) in str(problem.hint)


def run(*question: str) -> Result:
    return CliRunner().invoke(app, ["ansible", "--inventory", str(REFERENCE), *question])


def of(files: Files, asset: Asset) -> dict[str, object]:
    told: dict[str, object] = json.loads(files["hosts.json"])["all"]["hosts"][asset.name]
    return told
