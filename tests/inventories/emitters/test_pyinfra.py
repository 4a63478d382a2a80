# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""pyinfra reads the inventory and runs a command from it on a real SSH server."""

import ast
from pathlib import Path

import pytest

from inventories.emitters.pyinfra import EMITTER
from inventories.errors import BadInput
from inventories.model import Host, Inventory, SshAccess
from tests.inventories.emitters.emitted import written
from tests.inventories.emitters.readers.pyinfra import groups, pyinfra

STRICT = ("--data", "ssh_strict_host_key_checking=yes")
"""Take only the host key that the inventory leads to."""


def test_pyinfra_runs_a_command_from_it(
    reference: Inventory, here: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # no ssh_config of whoever runs the tests
    (tmp_path / "inventory.py").write_bytes(EMITTER.emit(reference, [here])["inventory.py"])

    said = pyinfra(
        tmp_path, *STRICT, "--limit", "kind_host", "-y", "inventory.py", "exec", "--", "echo", "it is $((6 * 7))"
    )

    assert f"[{here.name}] it is 42" in said


def test_a_host_is_in_the_groups_of_all_its_regions(reference: Inventory, tmp_path: Path) -> None:
    found = groups(written("pyinfra", reference, tmp_path))

    host = next(host for host in reference.hosts if host.region.count("/") > 1)
    regions = [host.region, *(region.path for region in reference.ancestors(host.region))]
    assert {f"region_{region.replace('/', '_').replace('-', '_')}" for region in regions} <= found[host.name]


def test_values_are_literals_whatever_they_say(reference: Inventory) -> None:
    hostile = "']\n__import__('os').abort()  # \\ \N{LINE SEPARATOR}清河"
    host = reference.hosts[0].model_copy(update={"serial": hostile})

    module = ast.parse(EMITTER.emit(reference, [host])["inventory.py"])

    assigned = {
        target.id: ast.literal_eval(line.value)
        for line in module.body
        if isinstance(line, ast.Assign) and isinstance(target := line.targets[0], ast.Name)
    }
    assert len(assigned) == len(module.body)
    assert assigned["all"][0][1]["edufleet_serial"] == hostile


def test_a_jump_host_that_pyinfra_would_miss_is_refused(reference: Inventory) -> None:
    host = reference.hosts[0].model_copy(update={"ssh": SshAccess(proxy_jump="bastion")})

    with pytest.raises(BadInput, match=f"pyinfra cannot be told the jump host of {host.name}"):
        EMITTER.emit(reference, [host])
