# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The processes of lab hosts, found by the network namespace they live in.

A namespace is never reused, unlike a process id: whatever is found here belongs to the lab, recorded or not.
"""

import os
import signal
import time
from collections import defaultdict
from pathlib import Path

from inventories.errors import CouldNotFinish
from lab.model import Lab
from lab.network import namespaces

PATIENCE = 10.0  # seconds a killed process gets to disappear


def by_host(lab: Lab) -> dict[str, tuple[int, ...]]:
    """Return the process ids of each host that has any, from one walk over /proc."""
    hosts = {_identity(path): path.name.removeprefix(lab.prefix) for path in namespaces(lab)}
    found: defaultdict[str, list[int]] = defaultdict(list)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            host = hosts.get(_identity(process / "ns/net"))
        except OSError:  # gone meanwhile, or one even root may not look into
            continue
        if host is not None:
            found[host].append(int(process.name))
    return {host: tuple(pids) for host, pids in found.items()}


def inits(lab: Lab) -> dict[str, int]:
    """Return the machine's id of each running host's process 1: what to enter to be inside the host."""
    return {host: pid for host, pids in by_host(lab).items() for pid in pids if _is_init(pid)}


def kill_all(lab: Lab) -> None:
    """End every process of the lab and wait until it is gone."""
    deadline = time.monotonic() + PATIENCE
    while remaining := [pid for pids in by_host(lab).values() for pid in pids]:
        if time.monotonic() > deadline:
            raise CouldNotFinish(f"processes that cannot be ended: {' '.join(map(str, remaining))}")
        for pid in remaining:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)


def _identity(namespace: Path) -> tuple[int, int]:
    """Return what two names of the same namespace have in common (namespaces(7))."""
    found = namespace.stat()
    return found.st_dev, found.st_ino


def _is_init(pid: int) -> bool:
    """Tell whether the process is number 1 of a pid namespace below the machine's (proc(5), NSpid)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return False
    ids = next(line.split()[1:] for line in lines if line.startswith("NSpid:"))
    return len(ids) > 1 and ids[-1] == "1"
