# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Boots the hosts of a lab, several at a time, and waits until each one answers."""

import os
import socket
import subprocess
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from inventories.errors import BadInput, CouldNotFinish
from lab import processes
from lab.cgroups import cgroup
from lab.model import Boot, Lab, LabHost, Teller

AT_ONCE = 4 * (os.cpu_count() or 1)
PATIENCE: dict[Boot, float] = {"sshd": 30.0, "systemd": 90.0}  # seconds until a host is given up
PACE: dict[Boot, float] = {"sshd": 0.02, "systemd": 0.2}  # seconds between two looks
SETTLED = frozenset({"running", "degraded"})
ROOM = Path(__file__).parent
FLAVOURS = ROOM / "flavours"


@dataclass(slots=True)
class _Booting:
    host: LabHost
    supervisor: subprocess.Popen[bytes]
    deadline: float
    next_look: float = 0.0


def boot_all(lab: Lab, image: Path, hosts: Sequence[LabHost], teller: Teller) -> None:
    """Boot ``hosts`` and return when every one of them accepts SSH connections (and its systemd has settled)."""
    waiting = deque(sorted(hosts, key=lambda host: host.boot != "systemd"))  # the slow ones first
    booting: list[_Booting] = []
    done = 0
    while waiting or booting:
        while waiting and len(booting) < AT_ONCE:
            host = waiting.popleft()
            booting.append(_Booting(host, _start(lab, image, host), time.monotonic() + PATIENCE[host.boot]))
        for one in tuple(booting):
            if _is_up(lab, one):
                booting.remove(one)
                done += 1
                teller.hosts(done, len(hosts), one.host.name)
        time.sleep(0.005)


def check_flavours(hosts: Sequence[LabHost]) -> None:
    """Raise BadInput when a host names a flavour that has no file."""
    known = sorted(path.stem for path in FLAVOURS.glob("*.sh"))
    for host in hosts:
        for flavour in host.flavours:
            if flavour not in known:
                raise BadInput(f"host {host.name}: no flavour {flavour!r}", hint=f"there are: {', '.join(known)}")


def answers(address: IPv4Address) -> bool:
    """Tell whether the host accepts a connection on its SSH port within a short moment."""
    try:
        with socket.create_connection((str(address), 22), timeout=0.1):
            return True
    except OSError:
        return False


def inside(init: int) -> tuple[str, ...]:
    """Return the command prefix that runs a command as root inside the host whose process 1 is ``init``."""
    path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return ("nsenter", "--target", str(init), "--all", "env", "-i", path, "HOME=/root", "LANG=C.UTF-8")


def _start(lab: Lab, image: Path, host: LabHost) -> subprocess.Popen[bytes]:
    home = lab.host_dir(host.name)
    for part in ("upper", "work", "root"):
        (home / part).mkdir()
    unshare = ["unshare", "--mount"]
    if host.boot == "sshd":
        unshare += ["--uts", "--ipc", "--pid", "--fork", "--kill-child"]
    with (home / "console.log").open("wb") as console:
        return subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{lab.namespace(host.name)}", *unshare, "sh", str(ROOM / "boot.sh")]
            + [host.boot, host.name, f"{host.address}/{lab.network.prefixlen}", str(image), str(home)]
            + [str(cgroup(lab, host.name)), str(lab.key)]
            + [str(FLAVOURS / f"{flavour}.sh") for flavour in host.flavours],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            start_new_session=True,  # a Ctrl-C in the terminal is for the command line, not for the hosts
        )


def _is_up(lab: Lab, one: _Booting) -> bool:
    now = time.monotonic()
    if one.supervisor.poll() is not None or now > one.deadline:
        state = "does not answer" if one.supervisor.returncode is None else "stopped while booting"
        console = (lab.host_dir(one.host.name) / "console.log").read_text(encoding="utf-8", errors="replace")
        raise CouldNotFinish(f"host {one.host.name} {state}:\n" + "\n".join(console.splitlines()[-8:]))
    if now < one.next_look:
        return False
    one.next_look = now + PACE[one.host.boot]
    return answers(one.host.address) and (one.host.boot == "sshd" or _has_settled(lab, one.host.name))


def _has_settled(lab: Lab, name: str) -> bool:
    init = processes.inits(lab).get(name)
    if init is None:
        return False
    state = subprocess.run(
        [*inside(init), "systemctl", "is-system-running"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return state in SETTLED
