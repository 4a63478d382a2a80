# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The composed script on this machine, through three shells: its figures are those the machine itself gives."""

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import TypeVar

import pytest

from fleet import facts, framing
from fleet.capture import Capture
from fleet.collector import ABSENT, AnyCollector, catalogue, digest
from fleet.collectors.filesystems import Filesystems
from fleet.collectors.identity import Identity
from fleet.collectors.load import Load
from fleet.collectors.memory import Memory
from fleet.collectors.oom import Oom
from fleet.collectors.processes import Processes
from fleet.facts import HostFacts
from fleet.script import compose
from inventories.base import Frozen
from probes.health import judge, needed_collectors, worst

MARK = "0123456789abcdef"
ASKED = tuple(catalogue()[name] for name in sorted(needed_collectors()))
F = TypeVar("F", bound=Frozen)
SHELLS = (["sh"], ["bash"], ["busybox", "sh"])


@pytest.fixture(scope="module", params=SHELLS, ids=" ".join)
def host(request: pytest.FixtureRequest) -> HostFacts:
    """What this machine says of itself when one shell after the other runs the script."""
    if which(request.param[0]) is None:
        pytest.skip(f"no {request.param[0]} here")
    script = compose(ASKED, MARK).encode()
    ran = subprocess.run([*request.param, "-s"], input=script, capture_output=True, check=True, timeout=60)
    answers = framing.read(ran.stdout, ran.stderr, MARK, ASKED)
    assert answers.finished
    capture = Capture(
        target="here",
        started=datetime.now(UTC).isoformat(),
        seconds=0,
        tool="test",
        questions=digest(ASKED),
        asked=tuple(collector.id for collector in ASKED),
        reached=True,
        privilege="root" if answers.uid == 0 else "user",
        privilege_detail="",
        cause=None,
        target_cpu_seconds=answers.cpu_seconds,
        sections=answers.sections,
    )
    return facts.read(capture)


def fact(host: HostFacts, kind: type[F]) -> F:
    (found,) = (found for found in host.facts.values() if isinstance(found, kind))
    return found


def meminfo() -> Mapping[str, int]:
    """Return /proc/meminfo in bytes."""
    lines = (line.split() for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    return {name.rstrip(":"): int(size) * 1024 for name, size, *_ in lines}


def test_every_question_is_answered_or_its_subject_is_absent(host: HostFacts) -> None:
    assert {missing.reason for missing in host.missing.values()} <= {"absent"}
    assert {"identity", "load", "memory", "filesystems", "processes"} <= set(host.facts)


def test_the_host_is_this_one(host: HostFacts) -> None:
    identity = fact(host, Identity)
    assert (identity.hostname, identity.kernel, identity.arch) == (
        platform.node(),
        platform.release(),
        platform.machine(),
    )
    assert identity.cpus == os.cpu_count()
    uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    assert identity.uptime_seconds == pytest.approx(uptime, abs=60)


def test_load_is_what_the_kernel_says(host: HostFacts) -> None:
    load = fact(host, Load)
    assert load.fifteen == pytest.approx(os.getloadavg()[2], abs=2)
    assert load.cpus == os.cpu_count()


def test_memory_is_what_the_kernel_says(host: HostFacts) -> None:
    memory, truth = fact(host, Memory), meminfo()
    assert memory.total_bytes == truth["MemTotal"]
    assert memory.swap_total_bytes == truth["SwapTotal"]
    assert memory.available_bytes == pytest.approx(truth["MemAvailable"], rel=0.2)


def test_every_file_system_has_the_figures_of_statvfs(host: HostFacts) -> None:
    local = fact(host, Filesystems)
    assert "/" in {fs.mount for fs in local.filesystems}
    for fs in local.filesystems:
        truth = os.statvfs(fs.mount)
        used = (truth.f_blocks - truth.f_bfree) * truth.f_frsize
        assert fs.used_bytes == pytest.approx(used, rel=0.1, abs=2**28)
        assert fs.available_bytes == pytest.approx(truth.f_bavail * truth.f_frsize, rel=0.1, abs=2**28)
        assert fs.inodes == truth.f_files


def test_processes_are_counted(host: HostFacts) -> None:
    processes = fact(host, Processes)
    here = sum(entry.name.isdecimal() for entry in Path("/proc").iterdir())
    assert processes.total == pytest.approx(here, rel=0.3, abs=40)


def test_what_the_kernel_killed_is_counted(host: HostFacts) -> None:
    oom = fact(host, Oom)
    vmstat = dict(line.split() for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines())
    assert oom.kills == int(vmstat["oom_kill"])


def test_the_machine_can_be_judged(host: HostFacts) -> None:
    results = judge(host, datetime.now(UTC))
    assert {"disk", "load", "memory", "zombies"} <= {result.check for result in results if result.value is not None}
    assert worst(results) != "unknown"


@pytest.mark.skipif(which("busybox") is None, reason="no busybox here")
@pytest.mark.parametrize("collector", ASKED, ids=lambda collector: collector.id)
def test_nothing_but_busybox_is_enough(collector: AnyCollector, tmp_path: Path) -> None:
    subprocess.run(["busybox", "--install", "-s", tmp_path], check=True)
    alone = {"PATH": str(tmp_path), "LC_ALL": "C"}
    shell = [str(tmp_path / "sh"), "-c", collector.question]
    ran = subprocess.run(shell, check=False, env=alone, cwd="/", capture_output=True, text=True, timeout=30)
    assert ran.returncode in collector.ok | {ABSENT}, ran.stderr
    if ran.returncode != ABSENT:
        collector.parse(ran.stdout)
