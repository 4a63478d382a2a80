# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inspection account can do what an inspection needs, by key alone, and nothing else; and it can be taken away."""

import shutil
from pathlib import Path

import asyncssh
import pytest

from fleet.capture import Capture
from fleet.gather import gather
from fleet.session import Ask
from fleet.ssh.trust import HostKeys
from inventories.model import Host
from tests.conftest import RunningLab
from tests.fleet.questions import question
from tests.playbooks.conftest import HOSTS, NAME, OPEN, STRICT, Prepared, Removed
from tests.playbooks.plays import PLAYBOOKS, Done

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]  # half a dozen runs of Ansible before some of them

each_host = pytest.mark.parametrize("host", HOSTS)


class Unwatched:
    """Nobody watches."""

    def begun(self, target: str) -> None: ...

    def ended(self, capture: Capture) -> None: ...


async def capture(*hosts: Host) -> tuple[Capture, ...]:
    ask = Ask((question("who", "id -u", root=True),), "test")
    return await gather(hosts, ask, keys=HostKeys(), watcher=Unwatched())


# Prepared.


def test_first_run_does_what_the_check_foretold(prepared: Prepared) -> None:
    assert prepared.first.failed == {}
    assert prepared.first.changed == prepared.foretold.changed == {OPEN: 4, STRICT: 4}


def test_second_run_changes_nothing(prepared: Prepared) -> None:
    assert prepared.second.failed == {}
    assert prepared.second.changed == {OPEN: 0, STRICT: 0}


async def test_a_capture_through_the_account_has_root(prepared: Prepared) -> None:
    for got in await capture(*map(prepared.account.host, HOSTS)):
        assert (got.privilege, got.cause) == ("root", None)
        assert got.sections["who"].stdout.strip() == "0"


@each_host
async def test_no_other_command_runs_as_root(prepared: Prepared, host: str) -> None:
    refused = ("true", "/bin/sh", "/bin/sh -c true", "/bin/sh -s x", "/bin/bash -s", "-u teacher /bin/sh -s")
    async with prepared.account.login(host) as connection:
        assert (await connection.run("sudo -n /bin/sh -s", input="id -u")).stdout == "0\n"
        for command in (*refused, "-E /bin/sh -s", "PATH=/tmp /bin/sh -s"):
            done = await connection.run(f"sudo -n {command}", input="touch /root/was-here")
            assert (done.exit_status, done.stdout) == (1, ""), command


@each_host
async def test_nothing_of_the_callers_environment_reaches_root(prepared: Prepared, host: str) -> None:
    async with prepared.account.login(host) as connection:
        done = await connection.run("LANG=xx_XX TZ=Asia/Urumqi COLORS=x DISPLAY=:0 sudo -n /bin/sh -s", input="env")
    names = {line.partition("=")[0] for line in str(done.stdout).splitlines()}
    assert "SUDO_USER" in names
    assert names.isdisjoint({"LANG", "TZ", "COLORS", "DISPLAY"})


@each_host
async def test_no_password_fits(prepared: Prepared, lab: RunningLab, host: str) -> None:
    assert lab.run(host, ["getent", "shadow", NAME]).split(":")[1] == "*"
    with pytest.raises(asyncssh.PermissionDenied):
        await asyncssh.connect(
            str(prepared.account.host(host).address),
            username=NAME,
            password=NAME,
            client_keys=None,
            agent_path=None,
            known_hosts=str(lab.lab.known_hosts),
            config=None,
        )


def test_a_password_policy_does_not_close_the_account_one_day(prepared: Prepared, lab: RunningLab) -> None:
    assert prepared.first.failed == {}
    assert "PASS_MAX_DAYS 90" in lab.run(STRICT, ["cat", "/etc/login.defs"])
    assert lab.run(STRICT, ["getent", "shadow", NAME]).split(":")[4] == ""


async def test_the_key_gives_no_terminal_and_no_way_through(prepared: Prepared) -> None:
    async with prepared.account.login(OPEN) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process("true", term_type="xterm")
        with pytest.raises(asyncssh.ChannelOpenError, match="open failed"):
            await connection.open_connection("127.0.0.1", 22)
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("", 0, "127.0.0.1", 22)


@each_host
def test_files_are_readable_by_their_owner_alone(prepared: Prepared, lab: RunningLab, host: str) -> None:
    assert prepared.first.failed == {}
    home = f"/home/{NAME}"
    listing = lab.run(host, ["find", home, f"/etc/sudoers.d/edufleet-{NAME}", "-printf", "%p %u %g %m\n"])
    assert sorted(listing.splitlines()) == [
        f"/etc/sudoers.d/edufleet-{NAME} root root 440",
        f"{home} {NAME} {NAME} 700",
        f"{home}/.ssh {NAME} {NAME} 700",
        f"{home}/.ssh/authorized_keys {NAME} {NAME} 600",
    ]


async def test_the_log_of_root_sessions_holds_what_was_asked_and_answered(prepared: Prepared, lab: RunningLab) -> None:
    async with prepared.account.login(STRICT) as connection:
        await connection.run("sudo -n /bin/sh -s", input="echo asked $((6 * 7))")
    replay = "for session in $(find /var/log/sudo-io -name stdin); do zcat $session $(dirname $session)/stdout; done"
    said = lab.run(STRICT, ["sh", "-c", replay])
    assert "echo asked $((6 * 7))" in said
    assert "asked 42" in said


def test_sudoers_that_visudo_refuses_are_not_installed(prepared: Prepared, lab: RunningLab, tmp_path: Path) -> None:
    broken = shutil.copytree(PLAYBOOKS, tmp_path / "playbooks")
    with (broken / "roles/inspection_account/templates/sudoers.j2").open("a") as template:
        template.write("this is no sudoers line\n")
    before = lab.run(OPEN, ["cat", f"/etc/sudoers.d/edufleet-{NAME}"])
    done = prepared.account.plays.prepare({OPEN: prepared.account.variables}, playbooks=broken)
    assert "failed to validate" in done.failed[OPEN]
    assert done.changed[OPEN] == 0
    assert lab.run(OPEN, ["cat", f"/etc/sudoers.d/edufleet-{NAME}"]) == before


# Narrowed: without sudo on one host, with a key that is good from elsewhere only on the other.


async def test_without_sudo_a_capture_goes_on_as_the_user(prepared: Prepared, narrowed: Done) -> None:
    assert narrowed.failed == {}
    assert narrowed.changed[OPEN] == 1
    (got,) = await capture(prepared.account.host(OPEN))
    assert (got.privilege, got.cause) == ("user", None)
    assert "password is required" in got.privilege_detail
    assert got.seconds < 5


async def test_a_key_used_from_elsewhere_is_refused(prepared: Prepared, narrowed: Done) -> None:
    assert narrowed.changed[STRICT] == 2  # the key's addresses, and sudo's log is off again
    (got,) = await capture(prepared.account.host(STRICT))
    assert got.cause is not None
    assert got.cause.code == "auth_failed"


# Removed.


def test_removal_does_what_the_check_foretold_and_then_nothing(removed: Removed) -> None:
    assert (removed.first.failed, removed.second.failed) == ({}, {})
    assert removed.first.changed == removed.foretold.changed == {OPEN: 1, STRICT: 2}  # one had no sudo any more
    assert removed.second.changed == {OPEN: 0, STRICT: 0}


@each_host
def test_removal_leaves_nothing_of_the_account(removed: Removed, lab: RunningLab, host: str) -> None:
    assert removed.first.failed == {}
    assert lab.run(host, ["sh", "-c", f"getent passwd {NAME} || getent group {NAME} || echo none"]) == "none\n"
    assert lab.run(host, ["find", "/home", "/etc/sudoers.d", "/var/mail/", "-name", f"*{NAME}*"]) == ""
