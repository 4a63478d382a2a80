# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A whole province of 60,000 assets: loading, validating, choosing, with Ansible beside it on the same data."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from unittest.mock import patch

import yaml

from inventories.emitters import ansible
from inventories.generate.files import files
from inventories.generate.plan import Size
from inventories.loader import load
from inventories.model import Inventory
from inventories.select import select, select_assets
from tests.bench.row import Row, seconds

SIZE = Size(sites=7200, hosts=10_000, devices=50_000)
# Ansible needs more than ten minutes and 7.5 GB to read the whole province in YAML, so that it gets a tenth of it;
# the whole it reads in JSON, which it does much more quickly.
TENTH = Size(sites=720, hosts=1000, devices=5000)
ROUNDS = 3
COLD, WARM, MEMORY, CHOICE = 8.0, 1.0, 1500.0, 10.0
"""Goals: seconds, seconds, MB, milliseconds."""
EDUFLEET = Path(sys.executable).with_name("edufleet")
ANSIBLE = Path(sys.executable).with_name("ansible-inventory")
_KB_PER_MB = 1000


@dataclass(frozen=True, slots=True)
class Spent:
    """What a program took: wall time, s, and resident memory at its peak, MB."""

    wall: float
    memory: float


def rows() -> Iterator[Row]:
    """Measure."""
    with tempfile.TemporaryDirectory() as name, patch.dict(os.environ, XDG_CACHE_HOME=f"{name}/cache"):
        scratch = Path(name)
        yield from _of_a_tenth(scratch)
        root = _province(scratch / "province", SIZE)
        cold, warm = _cold(root, scratch), _warm(root, scratch)
        inventory = load(root)
        emitting = median(seconds(lambda: _emitted(inventory)) for _ in range(ROUNDS))
        (scratch / "hosts.json").write_bytes(_emitted(inventory))
        peer = _ansible(scratch / "hosts.json")
        yield from _of_loading(cold, warm, peer)
        yield Row(
            name="inventory export ansible: 60,000 assets, against ansible-inventory --list reading that file (JSON)",
            ours=emitting,
            peer=peer.wall,
            unit="s",
            ratio=peer.wall / emitting,
            goal=1,
            better="at least",
            note="Ansible once",
        )
        yield from _of_choosing(inventory)


def _of_a_tenth(scratch: Path) -> Iterator[Row]:
    """Compare with Ansible reading the same assets and variables in YAML."""
    root = _province(scratch / "tenth", TENTH)
    with (scratch / "hosts.yml").open("w", encoding="utf-8") as file:
        yaml.dump(json.loads(_emitted(load(root))), file, Dumper=yaml.CSafeDumper)
    ours, peer = _cold(root, scratch / "small"), _ansible(scratch / "hosts.yml")
    yield Row(
        name="inventory validate, cold: 6,000 assets, against ansible-inventory --list of the same in YAML",
        ours=median(one.wall for one in ours),
        peer=peer.wall,
        unit="s",
        ratio=peer.wall / median(one.wall for one in ours),
        goal=1,
        better="at least",
        note=f"Ansible once; memory at most {max(one.memory for one in ours):.0f} MB against {peer.memory:.0f} MB",
    )


def _of_loading(cold: Sequence[Spent], warm: Sequence[Spent], peer: Spent) -> Iterator[Row]:
    """Compare with the goals, which are not relative to Ansible."""
    ours: Mapping[str, tuple[float, float, float, str]] = {
        "cold": (median(one.wall for one in cold), peer.wall, COLD, "s"),
        "warm": (median(one.wall for one in warm), peer.wall, WARM, "s"),
        "memory": (max(one.memory for one in cold), peer.memory, MEMORY, "MB"),
    }
    for what, (mine, theirs, goal, unit) in ours.items():
        yield Row(
            name=f"inventory validate, {what}: 60,000 assets, beside ansible-inventory --list of the same in JSON",
            ours=mine,
            peer=theirs,
            unit=unit,
            ratio=mine / goal,
            goal=1,
            better="at most",
            note=f"ratio to the goal of {goal:g} {unit}; Ansible once, {theirs / mine:.0f} times as much",
        )


def _of_choosing(inventory: Inventory) -> Iterator[Row]:
    host, device, region = inventory.hosts[-1].name, inventory.devices[-1].name, inventory.regions[-1].path
    works: Mapping[str, Callable[[], object]] = {
        "look an asset up": lambda: inventory.asset(device),
        "--limit with a host": lambda: select(inventory, host),
        "--limit with a region": lambda: select(inventory, region),
        "--limit with a glob": lambda: select(inventory, "*-srv1"),
        "--limit with a device": lambda: select_assets(inventory, device),
    }
    for name, work in works.items():
        first = 1000 * seconds(work)
        taken = 1000 * median(seconds(work) for _ in range(9))
        yield Row(
            name=f"{name}, in memory, among 60,000 assets; peer: the first time, which makes the index",
            ours=taken,
            peer=first,
            unit="ms",
            ratio=taken / CHOICE,
            goal=1,
            better="at most",
            note=f"ratio to the goal of {CHOICE:g} ms",
        )


def _province(root: Path, size: Size) -> Path:
    for path, text in files(size, 1):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def _cold(root: Path, scratch: Path) -> list[Spent]:
    """Validate with an empty cache each time; once before, so that the files are in memory for all of them."""
    return [_validate(root, scratch / "caches" / str(number)) for number in range(ROUNDS + 1)][1:]


def _warm(root: Path, scratch: Path) -> list[Spent]:
    """Validate with the cache that the first one fills."""
    return [_validate(root, scratch / "kept") for _ in range(ROUNDS + 1)][1:]


def _validate(root: Path, cache: Path) -> Spent:
    return _run([str(EDUFLEET), "inventory", "validate", str(root)], {"XDG_CACHE_HOME": str(cache)})


def _emitted(inventory: Inventory) -> bytes:
    return ansible.EMITTER.emit(inventory, inventory.assets)[ansible.FILE]


def _ansible(source: Path) -> Spent:
    """Let Ansible read its inventory; it takes minutes, so it is not repeated."""
    return _run([str(ANSIBLE), "-i", str(source), "--list"], {"ANSIBLE_LOCAL_TEMP": str(source.parent / "ansible")})


def _run(argv: Sequence[str], environ: Mapping[str, str]) -> Spent:
    """Run a program to its good end."""
    status, memory = 0, 0.0

    def work() -> None:
        nonlocal status, memory
        with subprocess.Popen(argv, stdout=subprocess.DEVNULL, env={**os.environ, **environ}) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            memory = usage.ru_maxrss / _KB_PER_MB

    wall = seconds(work)
    assert status == 0, f"{argv[0]} failed"
    return Spent(wall, memory)
