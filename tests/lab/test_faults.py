# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Each fault shows itself to the real ssh client, and clearing it leaves the host exactly as it was."""

import subprocess

import pytest

from inventories.errors import BadInput, CouldNotFinish
from lab import faults
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

PLAIN, REAL = "qh-web2", "qh-web1"  # one with sshd only, one with systemd

# Everything a fault may touch: mounts, files with their owners and modes, the interface.
PORTRAIT = """
findmnt -rno TARGET | sort
cd /; stat -c '%n %U %G %a %s %Y' home/inspector/.bashrc srv/data etc/os-release etc/sudoers.d/inspector \
    usr/sbin/sysctl usr/sbin/sshd usr/bin/ss usr/bin/timedatectl
ls run/lab-fault 2>&1
ip -brief address show eth0
"""


@pytest.fixture(params=[PLAIN, REAL])
def host(request: pytest.FixtureRequest, lab: RunningLab) -> str:
    name: str = request.param
    faults.clear(lab.lab, name)
    return name


@pytest.mark.parametrize("fault", faults.known())
def test_clear_leaves_the_host_as_it_was(lab: RunningLab, host: str, fault: str) -> None:
    before = lab.run(host, ["sh", "-c", PORTRAIT])
    with lab.fault(host, fault):
        assert lab.run(host, ["sh", "-c", PORTRAIT]) != before
    assert lab.run(host, ["sh", "-c", PORTRAIT]) == before
    assert lab.ssh(host, "sudo -n id -u").stdout == b"0\n"


def test_slow_shell_holds_up_every_command(lab: RunningLab, host: str) -> None:
    with lab.fault(host, "slow-shell"), pytest.raises(subprocess.TimeoutExpired):
        lab.ssh(host, "true", seconds=3)


def test_slow_shell_is_refused_where_no_bashrc_is_read(lab: RunningLab) -> None:
    with pytest.raises(CouldNotFinish, match="not bash"):
        faults.apply(lab.lab, "hb-web1", "slow-shell")
    assert faults.clear(lab.lab, "hb-web1") is None


def test_unreachable_answers_nothing(lab: RunningLab, host: str) -> None:
    with lab.fault(host, "unreachable"):
        done = lab.ssh(host, "true")
    assert done.returncode == 255
    assert b"timed out" in done.stderr or b"No route to host" in done.stderr


def test_full_disk_has_no_block_left(lab: RunningLab, host: str) -> None:
    with lab.fault(host, "full-disk"):
        assert lab.ssh(host, "df --output=pcent,target /srv/data").stdout.split()[-2:] == [b"100%", b"/srv/data"]


def test_bad_sudo_wants_a_password(lab: RunningLab, host: str) -> None:
    with lab.fault(host, "bad-sudo"):
        done = lab.ssh(host, "sudo -n true")
    assert done.returncode == 1
    assert b"a password is required" in done.stderr


def test_hostile_output_floods_lies_and_hangs(lab: RunningLab, host: str) -> None:
    with lab.fault(host, "hostile-output"):
        release = lab.ssh(host, "cat /etc/os-release").stdout
        flood = lab.ssh(host, "sudo sysctl -a | wc -c").stdout
        garbage = lab.ssh(host, "sudo sshd -T").stdout
        hang = lab.ssh(host, "sudo timeout -k 1 1 ss -tln; echo rc $?")
    assert b"\x1b[2J" in release
    assert b"\0" in release
    with pytest.raises(UnicodeDecodeError):
        release.decode()
    assert int(flood) == 100_000_000
    assert b"permitrootlogin" not in garbage
    assert hang.stdout == b"rc 137\n"


@pytest.mark.parametrize("command", ["sudo -n ss", "sudo -n sysctl -a", "timedatectl"])
def test_cut_ends_the_session_between_two_commands(lab: RunningLab, host: str, command: str) -> None:
    with lab.fault(host, "cut"):
        done = lab.ssh(host, f"echo before; {command}; echo after")
    assert done.stdout == b"before\n"
    assert done.returncode == 255


def test_a_host_has_one_fault_at_a_time(lab: RunningLab, host: str) -> None:
    with lab.fault(host, "full-disk"), pytest.raises(BadInput, match="already has the fault full-disk"):
        faults.apply(lab.lab, host, "cut")
    assert faults.clear(lab.lab, host) is None


def test_what_is_unknown_is_refused_by_name(lab: RunningLab) -> None:
    with pytest.raises(BadInput, match="no fault 'gremlins'"):
        faults.apply(lab.lab, PLAIN, "gremlins")
    with pytest.raises(BadInput, match="no lab host 'nowhere'"):
        faults.apply(lab.lab, "nowhere", "cut")
