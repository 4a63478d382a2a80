# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads an inventory with the real ``ansible-inventory``."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PLAYBOOKS = Path(__file__).parents[4] / "playbooks"
_TOOLS = Path(sys.executable).parent


def ansible(tool: str, source: Path, *arguments: str, home: Path, **environ: str) -> str:
    """Return what one of Ansible's tools prints, with settings of its own and the shipped plugin in reach."""
    config = home / "ansible.cfg"
    config.touch()
    settings = {
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "1",
        "ANSIBLE_INVENTORY_PLUGINS": str(PLAYBOOKS / "inventory_plugins"),
        "ANSIBLE_NOCOLOR": "1",
        "PATH": f"{_TOOLS}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        [_TOOLS / tool, "-i", source, *arguments],
        env=os.environ | settings | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def hostvars(listing: str) -> Mapping[str, Mapping[str, object]]:
    """Return the variables of every host in what ``ansible-inventory --list`` printed."""
    found: Mapping[str, Mapping[str, object]] = json.loads(listing, object_hook=_unmarked)["_meta"]["hostvars"]
    return found


def _unmarked(value: dict[str, Any]) -> Any:
    """Ansible marks texts that are not to be taken for templates."""
    return value["__ansible_unsafe"] if value.keys() == {"__ansible_unsafe"} else value


def READ(directory: Path) -> Mapping[str, Mapping[str, object]]:  # noqa: N802 - the name that readers have
    return hostvars(ansible("ansible-inventory", directory / "hosts.json", "--list", home=directory))
