# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Gives the inventory to Ansible: as a file, and as what a dynamic inventory answers to ``--list`` and ``--host``."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence

from inventories.asset_groups import asset_groups
from inventories.base import Text
from inventories.emitter import Emitter, Files
from inventories.model import Asset, Device, Host, Inventory, SshAccess
from inventories.model.base import VarValue
from inventories.variables import variables

FILE = "hosts.json"

# By platform: the name under which a collection brings what Ansible needs to talk to it. The other platforms of
# platforms.yml have no collection that is known to do so. Source: the documentation of cisco.ios and community.network.
_NETWORK_OS = {"cisco_ios": "cisco.ios.ios", "huawei_vrpv8": "community.network.ce"}
_CONNECTIONS = {"ssh": "ansible.netcommon.network_cli", "netconf": "ansible.netcommon.netconf"}

_TEMPLATE = re.compile(r"\{[{%#]")


def emit(inventory: Inventory, assets: Sequence[Asset]) -> Files:
    """Return one inventory file, for ``-i hosts.json``: JSON, which Ansible reads several times faster than YAML."""
    groups: dict[str, object] = {
        group.name: {"hosts": dict.fromkeys(group.assets), "children": dict.fromkeys(group.below)}
        for group in asset_groups(inventory, assets)
    }
    return {FILE: _json({"all": {"hosts": _hostvars(inventory, assets)}, **groups})}


def listing(inventory: Inventory, assets: Sequence[Asset]) -> bytes:
    """Return the answer to ``--list``; with all variables in ``_meta``, so that Ansible asks no ``--host``."""
    groups: dict[str, object] = {
        group.name: {"hosts": group.assets, "children": group.below} for group in asset_groups(inventory, assets)
    }
    return _json({"_meta": {"hostvars": _hostvars(inventory, assets)}, **groups})


def host(inventory: Inventory, asset: Asset) -> bytes:
    """Return the answer to ``--host``: the variables of one asset."""
    return _json(_hostvars(inventory, [asset])[asset.name])


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _hostvars(inventory: Inventory, assets: Sequence[Asset]) -> dict[str, dict[str, object]]:
    """Return the variables of each asset; what the inventory says in ``vars`` comes before what is made here."""
    users = {secret.id: secret.user for secret in inventory.secrets}
    return {
        asset.name: {
            name: _literal(value)
            for name, value in {**_connection(asset, users), **variables(inventory, asset)}.items()
            if value is not None
        }
        for asset in assets
    }


def _literal(value: VarValue | None) -> object:
    """Mark texts that Ansible would take for templates: an inventory holds data, nothing that is executed."""
    if isinstance(value, str) and _TEMPLATE.search(value):
        return {"__ansible_unsafe": value}
    return [_literal(item) for item in value] if isinstance(value, tuple) else value


def _connection(asset: Asset, users: Mapping[str, str | None]) -> dict[str, VarValue | None]:
    """Return the variables by which Ansible connects, None for what is not stated; ``users`` are those of secrets."""
    reached: dict[str, VarValue | None] = {"ansible_host": str(asset.address)}
    if isinstance(asset, Host):
        key = asset.ssh.identity_file
        reached["ansible_user"] = asset.ssh.user
        reached["ansible_port"] = asset.ssh.port
        reached["ansible_ssh_private_key_file"] = str(key) if key else None
        reached["ansible_ssh_common_args"] = _ssh_options(asset.ssh)
    elif isinstance(asset, Device):
        access = asset.management
        reached["ansible_user"] = users.get(access.credential or "")
        reached["ansible_port"] = access.port
        if asset.platform in _NETWORK_OS and access.protocol in _CONNECTIONS:
            reached["ansible_connection"] = _CONNECTIONS[access.protocol]
            reached["ansible_network_os"] = _NETWORK_OS[asset.platform]
    return reached


def _ssh_options(ssh: SshAccess) -> str | None:
    """Return the options of ssh(1) for what Ansible has no variables for."""
    options: list[str] = []
    if ssh.config is not None:
        options += ["-F", str(ssh.config)]
    if ssh.known_hosts is not None:
        options += ["-o", f'UserKnownHostsFile="{ssh.known_hosts}"']
    if ssh.proxy_jump is not None:
        options += ["-o", f"ProxyJump={ssh.proxy_jump}"]
    return shlex.join(options) or None


EMITTER = Emitter(
    id="ansible",
    title=Text(en="Ansible inventory file", zh="Ansible 主机清单文件"),
    emit=emit,
)
