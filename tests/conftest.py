# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What all tests share: the running lab."""

import fcntl
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab import faults, lifecycle
from lab.model import Lab
from lab.roster import DEFAULT, read_roster
from lab.tools import locked

os.environ.pop("COLUMNS", None)  # rich would keep the width it was imported with; tests say theirs when they print


class Quiet:
    """A teller with nobody to tell."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def hosts(self, done: int, total: int, name: str) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class RunningLab:
    """A lab that is up."""

    lab: Lab

    @property
    def inventory(self) -> Path:
        """The inventory of exactly what runs."""
        return self.lab.inventory

    @property
    def ssh_config(self) -> Path:
        """For ``ssh -F``."""
        return self.lab.ssh_config

    def run(self, host: str, argv: Sequence[str]) -> str:
        """Return the standard output of a command run as root inside the host, without SSH."""
        return subprocess.run(
            [*lifecycle.enter(self.lab, host), *argv], check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def ssh(self, host: str, command: str, *, seconds: float = 10) -> subprocess.CompletedProcess[bytes]:
        """Run a command through the real ssh(1) as the inspection account; TimeoutExpired after ``seconds``."""
        argv = ["ssh", "-F", str(self.ssh_config), "-o", "ConnectTimeout=3", "-o", "BatchMode=yes", host, command]
        return subprocess.run(argv, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL)

    @contextmanager
    def fault(self, host: str, name: str) -> Iterator[None]:
        """Keep the host in a fault for as long as the block takes."""
        faults.apply(self.lab, host, name)
        try:
            yield
        finally:
            faults.clear(self.lab, host)


@pytest.fixture(scope="session")
def lab() -> Iterator[RunningLab]:
    """The lab of the packaged inventory: the one that is up, or one brought up until the tests end.

    Sessions and workers share it. The file that counts its users also says that it is the tests' own; then the last
    of them takes it down.
    """
    ours = Lab()
    with Path("/run/edufleet-tests.lock").open("a+") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        if not lifecycle.status(ours).up and lifecycle.up(ours, read_roster(ours, DEFAULT), Quiet()):
            users.write("ours")
            users.flush()
        yield RunningLab(ours)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # others still use it
        if users.seek(0, os.SEEK_END):
            lifecycle.down(ours)
            users.truncate(0)


@pytest.fixture(autouse=True)
def _one_lab_test_at_a_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep tests that need the lab apart, also those of other workers: they break its hosts.

    pytest-xdist 3.8 cannot group tests with pytest 9.2 (pytest-dev/pytest-xdist, issue 1386).
    """
    if request.node.get_closest_marker("lab"):
        with locked(Path("/run/edufleet-one-test.lock")):
            yield
    else:
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that need the lab, by name, where there can be none."""
    if os.geteuid() != 0:
        for item in items:
            if item.get_closest_marker("lab"):
                item.add_marker(pytest.mark.skip(reason="the lab needs root"))
