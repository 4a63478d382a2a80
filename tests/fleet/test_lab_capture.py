# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Captures of real hosts, well and ill: each fault costs what it touches, and a capture leaves no trace of its own."""

import asyncio
import os
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest

from fleet import facts
from fleet.capture import Capture
from fleet.collector import catalogue
from fleet.gather import gather
from fleet.session import Ask
from fleet.ssh.trust import HostKeys
from inventories.loader import load
from tests.conftest import RunningLab
from tests.fleet.servers import Notes, cause_of

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

Captures = Mapping[str, Capture]

PLAIN = "qh-web2"
FAULTS = {
    "qh-web2": "bad-sudo",
    "core-ntp1": "slow-shell",
    "gk-web1": "unreachable",
    "core-log1": "hostile-output",
    "core-bas1": "cut",
}


def capture_all(lab: RunningLab, only: Sequence[str] | None = None) -> Captures:
    hosts = [host for host in load(lab.inventory).hosts if only is None or host.name in only]
    ask = Ask(tuple(catalogue().values()), "edufleet test")
    captures = asyncio.run(gather(hosts, ask, keys=HostKeys(), watcher=Notes()))
    return {capture.target: capture for capture in captures}


@pytest.fixture(scope="module")
def well(lab: RunningLab) -> Captures:
    return capture_all(lab)


@pytest.fixture(scope="module")
def ill(lab: RunningLab) -> Captures:
    with ExitStack() as stack:
        for host, fault in FAULTS.items():
            stack.enter_context(lab.fault(host, fault))
        begun = time.monotonic()
        captures = capture_all(lab)
        assert time.monotonic() - begun < 75
    return captures


def reasons(capture: Capture) -> dict[str, str]:
    return {name: missing.reason for name, missing in facts.read(capture).missing.items()}


def test_every_host_answers_everything(well: Captures) -> None:
    assert len(well) >= 10
    for name, capture in well.items():
        assert capture.cause is None, name
        assert capture.privilege == "root", name
        assert capture.sections.keys() == catalogue().keys(), name
        assert set(reasons(capture).values()) <= {"absent"}, name


def test_every_login_shell_is_among_them(lab: RunningLab, well: Captures) -> None:
    shells = {lab.run(name, ["getent", "passwd", "inspector"]).strip().rpartition("/")[2] for name in well}
    assert {"bash", "dash", "ash"} <= shells
    assert any("banner" in lab.run(name, ["sshd", "-T"]) for name in well)


def test_where_sudo_wants_a_password(ill: Captures) -> None:
    capture = ill["qh-web2"]
    assert cause_of(capture) is None
    assert capture.privilege == "user"
    assert "password is required" in capture.privilege_detail
    denied = {name for name, reason in reasons(capture).items() if reason == "denied"}
    assert "sshd_effective" in denied
    assert {"os_release", "load", "memory", "filesystems"} <= facts.read(capture).facts.keys()
    assert set(reasons(capture).values()) <= {"absent", "denied"}
    assert capture.seconds < 10


def test_where_the_login_shell_takes_too_long(ill: Captures) -> None:
    capture = ill["core-ntp1"]
    assert cause_of(capture) == "start_timeout"
    assert capture.reached
    assert set(reasons(capture).values()) == {"cut"}


def test_where_nobody_answers(ill: Captures) -> None:
    capture = ill["gk-web1"]
    assert cause_of(capture) in {"connect_timeout", "no_route"}
    assert not capture.reached


def test_where_the_answers_are_hostile(well: Captures, ill: Captures) -> None:
    capture = ill["core-log1"]
    assert capture.cause is None
    usual = reasons(well["core-log1"])
    touched = {name: reason for name, reason in reasons(capture).items() if name not in usual}
    assert touched == {"os_release": "unparsable", "sshd_effective": "unparsable", "exposure": "timeout"}
    assert sum(len(section.stdout) for section in capture.sections.values()) < 3_000_000


def test_where_the_connection_is_cut(ill: Captures) -> None:
    capture = ill["core-bas1"]
    assert cause_of(capture) == "cut"
    before = {name for name, section in capture.sections.items() if section.rc is not None}
    assert before
    assert facts.read(capture).facts
    assert {reason for name, reason in reasons(capture).items() if name not in before} == {"cut"}


def test_the_others_complete(ill: Captures) -> None:
    for name, capture in ill.items():
        if name not in FAULTS:
            assert cause_of(capture) is None, name
            assert set(reasons(capture).values()) <= {"absent"}, name


def test_a_login_script_of_two_seconds_is_waited_for(lab: RunningLab) -> None:
    bashrc = "/home/inspector/.bashrc"
    lab.run(PLAIN, ["cp", "--preserve=all", bashrc, "/run/bashrc"])
    lab.run(PLAIN, ["sed", "-i", "1i sleep 2; echo good morning", bashrc])
    try:
        capture = capture_all(lab, [PLAIN])[PLAIN]
    finally:
        lab.run(PLAIN, ["cp", "--preserve=all", "/run/bashrc", bashrc])
        lab.run(PLAIN, ["rm", "/run/bashrc"])
    assert cause_of(capture) is None
    assert capture.seconds > 2
    assert set(reasons(capture).values()) <= {"absent"}


OF_THE_LOGIN = {"run", "run/motd.dynamic"}
"""What any login changes here: the message of the day, by pam_motd, and the directory it lies in. Without a terminal
sshd keeps no lastlog, wtmp and utmp; with NOPASSWD sudo keeps no timestamp; and these hosts have no syslog daemon."""


def disk(lab: RunningLab, host: str) -> dict[str, tuple[object, ...]]:
    """Return all that was ever written on a host, without its modification of reading times."""
    top = lab.lab.host_dir(host) / "upper"
    found: dict[str, tuple[object, ...]] = {}
    for directory, names, files in os.walk(top):
        for name in (*names, *files):
            path = Path(directory, name)
            seen = path.lstat()
            content = sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(seen.st_mode) else ""
            found[str(path.relative_to(top))] = (seen.st_mode, seen.st_uid, seen.st_gid, seen.st_mtime_ns, content)
    return found


def changes(lab: RunningLab, host: str, visit: Callable[[], object]) -> set[str]:
    before = disk(lab, host)
    visit()
    after = disk(lab, host)
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


@pytest.mark.parametrize("host", ["qh-web2", "ls-web1", "core-log1", "hb-web1"])
def test_nothing_is_written_on_the_target(lab: RunningLab, host: str) -> None:
    assert changes(lab, host, lambda: lab.ssh(host, "sudo -n true")) <= OF_THE_LOGIN
    visits: list[Captures] = []
    assert changes(lab, host, lambda: visits.append(capture_all(lab, [host]))) <= OF_THE_LOGIN
    assert visits[0][host].sections.keys() == catalogue().keys()


def test_nobody_is_left_behind_on_the_target(lab: RunningLab) -> None:
    def processes() -> list[str]:
        return sorted(lab.run("qh-db1", ["ps", "-eo", "user:20,args", "--no-headers"]).splitlines())

    capture_all(lab, ["qh-db1"])
    time.sleep(0.5)
    ours = [line for line in processes() if line.startswith("inspector") or "/bin/sh" in line or "timeout" in line]
    assert ours == []
