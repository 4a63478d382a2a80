# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Fifty lab hosts: the whole inspection against a bare fan-out, and against Ansible's fact gathering."""

import asyncio
import os
import subprocess
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Network
from pathlib import Path
from statistics import median

import asyncssh

from console.inspection import Order, inspect
from console.judge import needed_collectors
from fleet.capture import Capture
from fleet.collector import catalogue
from fleet.gather import gather
from fleet.links import CONCURRENCY
from fleet.script import compose
from fleet.session import Ask, Session
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
        yield from _against_ansible(Path(name), inventory)


def _against_bare(inventory: Inventory) -> Row:
    order = Order(inventory, inventory.hosts, "", profile.load())
    ask = Ask(
        tuple(collector for name, collector in catalogue().items() if name in needed_collectors(order.profile)), ""
    )

    doors = [lifecycle.enter(LAB, host.name) for host in inventory.hosts]

    async def complete(hosts: Sequence[Host], ask: Ask) -> tuple[Capture, ...]:
        captures = await gather(hosts, ask, keys=HostKeys(), watcher=_Nobody())
        assert all(capture.cause is None for capture in captures), "a host did not answer: nothing to measure"
        return captures

    def ours() -> float:
        return seconds(lambda: asyncio.run(inspect(order, complete, settings())))

    def bare() -> float:
        return seconds(lambda: asyncio.run(_fan_out(inventory.hosts)))

    def collectors() -> float:
        return seconds(lambda: asyncio.run(_collectors_alone(doors, ask)))

    ours(), bare(), collectors()  # all warm: imports, rules, page cache
    mine, theirs, questions = (median(column) for column in alternate(ours, bare, collectors, rounds=5))
    return Row(
        name=f"fleet scan: {HOSTS} hosts, all rules, against connect-and-true",
        ours=mine,
        peer=theirs,
        unit="s",
        ratio=(mine - questions) / theirs,
        goal=1.5,
        better="at most",
        note=f"the questions alone, put to the same hosts at once without SSH, sudo or controller, take "
        f"{questions:.2f} s of these cores: subtracted; without that {mine / theirs:.2f}",
    )


async def _collectors_alone(doors: Sequence[tuple[str, ...]], ask: Ask) -> None:
    """Run the very script of a scan in every lab host, entered from outside."""
    script = compose(ask.collectors, Session().mark).encode()

    async def one(door: tuple[str, ...]) -> None:
        shell = await asyncio.create_subprocess_exec(*door, "/bin/sh", "-s", stdin=PIPE, stdout=PIPE, stderr=PIPE)
        await shell.communicate(script)

    await asyncio.gather(*(one(door) for door in doors))


async def _fan_out(hosts: Sequence[Host]) -> None:
    gate = asyncio.Semaphore(CONCURRENCY)

    async def one(host: Host) -> None:
        async with (
            gate,
            asyncssh.connect(str(host.address), config=[str(host.ssh.config)], username=host.ssh.user) as c,
        ):
            await c.run("true", check=True)

    await asyncio.gather(*(one(host) for host in hosts))


def _against_ansible(scratch: Path, inventory: Inventory) -> Iterator[Row]:
    names = scratch / "hosts.ini"
    names.write_text("".join(f"{host.name}\n" for host in inventory.hosts), encoding="utf-8")
    environ = {
        **os.environ,
        "ANSIBLE_SSH_ARGS": f"-F {LAB.ssh_config} -o ControlMaster=auto -o ControlPersist=60s",
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(scratch / "cp"),
        "ANSIBLE_LOCAL_TEMP": str(scratch / "ansible"),
        "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3",
    }
    setup = [str(ANSIBLE), "all", "-i", str(names), "-m", "setup", "--become"]
    scan = [str(EDUFLEET), "inspect", "-i", str(LAB.inventory), "--out", str(scratch / "out")]

    def ours() -> float:
        return seconds(lambda: _run(scan, {0, 1}, dict(os.environ)))

    def as_installed() -> float:
        return seconds(lambda: _run(setup, {0}, environ))

    def tuned() -> float:
        return seconds(lambda: _run([*setup, "-f", str(HOSTS)], {0}, {**environ, "ANSIBLE_PIPELINING": "1"}))

    mine, plain, best = (median(column) for column in alternate(ours, as_installed, tuned, rounds=3))
    for peer, how in ((plain, "as installed"), (best, f"with pipelining and {HOSTS} forks")):
        yield Row(
            name=f"fleet scan: {HOSTS} hosts, edufleet inspect against ansible -m setup, {how}",
            ours=mine,
            peer=peer,
            unit="s",
            ratio=peer / mine,
            goal=20,
            better="at least",
        )


def _run(argv: Sequence[str], fine: set[int], environ: dict[str, str]) -> None:
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ, check=False)
    assert done.returncode in fine, done.stderr.decode()[-500:]
