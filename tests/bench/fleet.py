# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Fifty lab hosts: the whole inspection against a bare fan-out, and against Ansible's fact gathering."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Network
from pathlib import Path
from statistics import median

import asyncssh

from console.inspection import Order, inspect
from fleet.capture import Capture
from fleet.gather import gather
from fleet.links import CONCURRENCY
from fleet.session import Ask
from fleet.settings import settings
from fleet.ssh.trust import HostKeys
from inventories.loader import load
from inventories.model import Host, Inventory
from lab import lifecycle
from lab.model import Lab
from lab.roster import read_roster
from security import profile
from tests.bench.row import Row, alternate, seconds

HOSTS = 50
LAB = Lab(dir=Path("/var/lib/edufleet/bench"), bridge="efbb0", network=IPv4Network("198.19.128.0/17"), prefix="efb-")
EDUFLEET = Path(sys.executable).with_name("edufleet")
ANSIBLE = Path(sys.executable).with_name("ansible")


class _Nobody:
    def step(self, text: str) -> None: ...
    def hosts(self, done: int, total: int, name: str) -> None: ...
    def begun(self, target: str) -> None: ...
    def ended(self, capture: Capture) -> None: ...


@contextmanager
def _lab(scratch: Path) -> Iterator[Inventory]:
    """Bring up ``HOSTS`` plain hosts in a lab of their own."""
    source = scratch / "inventory"
    source.mkdir()
    (source / "authority.yml").write_text("authority: {name: {en: Benchmark, zh: 基准测试}}\n", encoding="utf-8")
    try:
        lifecycle.up(LAB, read_roster(LAB, source, HOSTS), _Nobody())
        yield load(LAB.inventory)
    finally:
        lifecycle.down(LAB)


def rows() -> Iterator[Row]:
    """Measure; needs root."""
    with tempfile.TemporaryDirectory() as name, _lab(Path(name)) as inventory:
        os.environ["EDUFLEET_STATE"] = f"{name}/state"
        yield _against_bare(inventory)
        yield _against_ansible(Path(name), inventory)


def _against_bare(inventory: Inventory) -> Row:
    costs: list[float] = []
    order = Order(inventory, inventory.hosts, "", profile.load())

    async def keep_costs(hosts: Sequence[Host], ask: Ask) -> tuple[Capture, ...]:
        captures = await gather(hosts, ask, keys=HostKeys(), watcher=_Nobody())
        assert all(capture.cause is None for capture in captures), "a host did not answer: nothing to measure"
        costs.append(sum(capture.target_cpu_seconds or 0.0 for capture in captures))
        return captures

    def ours() -> float:
        return seconds(lambda: asyncio.run(inspect(order, keep_costs, settings())))

    def bare() -> float:
        return seconds(lambda: asyncio.run(_fan_out(inventory.hosts)))

    ours(), bare()  # both warm: imports, rules, page cache
    costs.clear()
    mine, theirs = alternate(ours, bare, rounds=5)
    cores = os.cpu_count() or 1
    collectors = median(costs) / cores
    return Row(
        name=f"fleet scan: {HOSTS} hosts, all rules, against connect-and-true",
        ours=median(mine),
        peer=median(theirs),
        unit="s",
        ratio=(median(mine) - collectors) / median(theirs),
        goal=1.5,
        better="at most",
        note=f"the collectors cost the targets {median(costs):.2f} s of CPU on the same {cores} cores: "
        f"{collectors:.2f} s subtracted; without that {median(mine) / median(theirs):.2f}",
    )


async def _fan_out(hosts: Sequence[Host]) -> None:
    gate = asyncio.Semaphore(CONCURRENCY)

    async def one(host: Host) -> None:
        async with (
            gate,
            asyncssh.connect(str(host.address), config=[str(host.ssh.config)], username=host.ssh.user) as c,
        ):
            await c.run("true", check=True)

    await asyncio.gather(*(one(host) for host in hosts))


def _against_ansible(scratch: Path, inventory: Inventory) -> Row:
    names = scratch / "hosts.ini"
    names.write_text("".join(f"{host.name}\n" for host in inventory.hosts), encoding="utf-8")
    environ = {
        **os.environ,
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_SSH_ARGS": f"-F {LAB.ssh_config} -o ControlMaster=no",
        "ANSIBLE_LOCAL_TEMP": str(scratch / "ansible"),
        "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3",
    }
    setup = [str(ANSIBLE), "all", "-i", str(names), "-m", "setup", "-f", str(HOSTS), "--become"]
    scan = [str(EDUFLEET), "inspect", "-i", str(LAB.inventory), "--out", str(scratch / "out")]

    def ours() -> float:
        return seconds(lambda: _run(scan, {0, 1}, dict(os.environ)))

    def theirs() -> float:
        return seconds(lambda: _run(setup, {0}, environ))

    mine, peer = alternate(ours, theirs, rounds=3)
    return Row(
        name=f"fleet scan: {HOSTS} hosts, edufleet inspect against ansible -m setup (pipelining, {HOSTS} forks)",
        ours=median(mine),
        peer=median(peer),
        unit="s",
        ratio=median(peer) / median(mine),
        goal=20,
        better="at least",
    )


def _run(argv: Sequence[str], fine: set[int], environ: dict[str, str]) -> None:
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ, check=False)
    assert done.returncode in fine, done.stderr.decode()[-500:]
