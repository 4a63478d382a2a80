# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Gives the hosts of the inventory to pyinfra: a Python file of plain literals, one list of hosts per group."""

from collections.abc import Iterator, Mapping, Sequence

from inventories.asset_groups import AssetGroup, asset_groups
from inventories.base import Text
from inventories.emitter import Emitter, Files
from inventories.errors import BadInput
from inventories.model import Asset, Host, Inventory
from inventories.variables import variables

FILE = "inventory.py"


def emit(inventory: Inventory, assets: Sequence[Asset]) -> Files:
    """Return an inventory for pyinfra's command line; devices are left out, pyinfra runs commands in a shell.

    Raises BadInput for hosts whose jump host pyinfra could not be told.
    """
    hosts = [asset for asset in assets if isinstance(asset, Host)]
    groups = asset_groups(inventory, hosts)
    lines = ["# Written by edufleet from its inventory, which is the place to change.", "all = ["]
    lines += [f"    {(host.name, _data(inventory, host))!a}," for host in hosts]
    lines += ["]"]
    members = _with_those_below(groups)
    lines += [f"{name} = {members[name]!a}" for name in members]
    return {FILE: ("\n".join(lines) + "\n").encode()}


def _with_those_below(groups: Sequence[AssetGroup]) -> Mapping[str, list[str]]:
    """Return all hosts of each group: groups of pyinfra do not contain groups."""
    by_name = {group.name: group for group in groups}

    def hosts(group: AssetGroup) -> Iterator[str]:
        yield from group.assets
        for name in group.below:
            yield from hosts(by_name[name])

    return {group.name: list(hosts(group)) for group in groups}


def _data(inventory: Inventory, host: Host) -> dict[str, object]:
    """Return the variables of ``host``; what the inventory says in ``vars`` comes before what is made here."""
    ssh = host.ssh
    if ssh.proxy_jump is not None:
        what = f"pyinfra cannot be told the jump host of {host.name}: it takes jump hosts from ssh_config only"
        raise BadInput(what, hint="put ProxyJump into an ssh_config and name that as ssh.config instead")
    connection = {
        "ssh_hostname": str(host.address),
        "ssh_port": ssh.port,
        "ssh_user": ssh.user,
        "ssh_key": str(ssh.identity_file) if ssh.identity_file else None,
        "ssh_config_file": str(ssh.config) if ssh.config else None,
        "ssh_known_hosts_file": str(ssh.known_hosts) if ssh.known_hosts else None,
    }
    stated = {**connection, **variables(inventory, host)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in stated.items() if value is not None
    }


EMITTER = Emitter(
    id="pyinfra",
    title=Text(en="pyinfra inventory", zh="pyinfra 主机清单"),
    emit=emit,
)
