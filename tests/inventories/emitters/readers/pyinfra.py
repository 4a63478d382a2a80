# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads an inventory with pyinfra's own command line."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from inventories.model import Host

COVERS = Host

_HOST = re.compile(r"^\[(\S+)\] *\n--> Groups: ([^\n]*)\n--> Data:\n(\{.*?^\})$", re.MULTILINE | re.DOTALL)


def pyinfra(directory: Path, *arguments: str) -> str:
    """Return what pyinfra prints when it is run on the inventory in ``directory``."""
    done = subprocess.run(
        [Path(sys.executable).with_name("pyinfra"), *arguments],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def groups(directory: Path) -> Mapping[str, set[str]]:
    """Return the groups of every host."""
    return {host: set(names.split(", ")) for host, names, _ in _hosts(directory)}


def READ(directory: Path) -> Mapping[str, Mapping[str, object]]:  # noqa: N802 - the name that readers have
    return {host: json.loads(data) for host, _, data in _hosts(directory)}


def _hosts(directory: Path) -> list[tuple[str, str, str]]:
    return _HOST.findall(pyinfra(directory, "inventory.py", "debug-inventory"))
