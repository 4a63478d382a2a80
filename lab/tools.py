# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The machine's tools: whether they are there, how they are called, and locks between processes."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from inventories.errors import BadInput, CouldNotFinish

NEEDED = {
    "mmdebstrap": "mmdebstrap",
    "systemd-nspawn": "systemd-container",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "unshare": "util-linux",
}
"""Tools the lab calls on the machine, with the Debian packages they come in."""


def require_root() -> None:
    """Raise BadInput unless the process may make namespaces and mounts."""
    if os.geteuid() != 0:
        raise BadInput("the lab needs root: it makes network namespaces and mounts", hint="run it with sudo")


def require_tools() -> None:
    """Raise CouldNotFinish naming the packages of the tools that are missing."""
    missing = sorted({package for tool, package in NEEDED.items() if shutil.which(tool) is None})
    if missing:
        raise CouldNotFinish(
            f"missing on this machine: {', '.join(missing)}", hint=f"apt-get install {' '.join(missing)}"
        )


def run(command: Sequence[str], *, stdin: str = "") -> str:
    """Return the standard output of ``command``; CouldNotFinish with its standard error when it fails."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CouldNotFinish(f"{command[0]} failed ({done.returncode}): {done.stderr.strip()}")
    return done.stdout


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the file at ``path``, waiting for whoever has it; the kernel frees it when a process dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
