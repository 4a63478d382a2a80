# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: INP001 - Ansible loads plugins as single files

"""Ansible inventory plugin: has edufleet tell its hosts and devices, and puts them into Ansible's inventory."""

import json
import os
import subprocess
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: edufleet
short_description: Hosts and devices of an edufleet inventory
description:
  - Asks the command C(edufleet) for the resolved inventory.
  - Regions, sites, services, platforms, their families, kinds and the inventory's own groups become groups.
  - Values are data. What looks like a template in them is not evaluated.
requirements: [the command edufleet]
extends_documentation_fragment: [constructed]
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [edufleet]
  inventory:
    description:
      - Inventory directory, from the directory of this file.
      - Without it, edufleet looks for one itself, first in the environment variable E(EDUFLEET_INVENTORY).
    type: str
  limit:
    description: Which hosts and devices to take, as O(ignore:--limit) of edufleet has it, for example V(qinghe,!web).
    type: str
  command:
    description: The edufleet command, if it is not found by its name.
    type: str
    default: edufleet
"""

EXAMPLES = r"""
# fleet.edufleet.yml; the file's name must end in edufleet.yml or edufleet.yaml
plugin: edufleet
inventory: inventories/reference
limit: qinghe,!qinghe/lushan
compose:
  ansible_become: edufleet_kind == "host"
keyed_groups:
  - {key: edufleet_importance, prefix: importance}
"""


class InventoryModule(BaseInventoryPlugin, Constructable):  # type: ignore[misc]  # ansible-core ships no types
    """Reads what ``edufleet inventory ansible --list`` says."""

    NAME = "edufleet"

    def verify_file(self, path: str) -> bool:
        """Tell by its name whether a file is for this plugin."""
        return super().verify_file(path) and path.endswith(("edufleet.yml", "edufleet.yaml"))

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:  # noqa: FBT001, FBT002 - Ansible's signature
        """Fill ``inventory``; AnsibleParserError when edufleet cannot say what is in it."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        told = self._ask(path)
        hostvars = told.pop("_meta")["hostvars"]
        for name in told:
            self.inventory.add_group(name)
        for name, group in told.items():
            for host in group["hosts"]:
                self.inventory.add_host(host, name)
            for child in group["children"]:
                self.inventory.add_child(name, child)
        strict = self.get_option("strict")
        for host, variables in hostvars.items():
            for name, value in variables.items():
                self.inventory.set_variable(host, name, value)
            self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
            self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)

    def _ask(self, path: str) -> dict[str, Any]:
        argv = [self.get_option("command"), "inventory", "ansible", "--list"]
        if directory := self.get_option("inventory"):
            argv.append(f"--inventory={os.path.join(os.path.dirname(path), os.path.expanduser(directory))}")  # noqa: PTH111, PTH118, PTH120 - as Ansible has paths: texts
        if limit := self.get_option("limit"):
            argv.append(f"--limit={limit}")
        try:
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=True)
        except OSError as problem:
            raise AnsibleParserError(f"cannot start {argv[0]}: {problem.strerror}; set 'command' in {path}") from None
        except subprocess.CalledProcessError as problem:
            raise AnsibleParserError(problem.stderr.decode(errors="replace").strip()) from None
        told: dict[str, Any] = json.loads(done.stdout, object_hook=_unmarked)
        return told


def _unmarked(value: dict[str, Any]) -> Any:  # noqa: ANN401 - a text, or the mapping itself
    """Turn a marked text into one that this and older versions of Ansible do not take for a template."""
    return wrap_var(value["__ansible_unsafe"]) if value.keys() == {"__ansible_unsafe"} else value
