# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Flavours make hosts differ in what an inspection looks at."""

import pytest

from lab.roster import DEFAULT, read_roster
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

SHELLS = {"dash": "dash", "busybox": "busybox", "hardened": "bash"}


def hosts_with(lab: RunningLab, *flavours: str) -> list[str]:
    found = [host.name for host in read_roster(lab.lab, DEFAULT).hosts if set(flavours) <= set(host.flavours)]
    assert found, f"the packaged inventory has no host with {flavours}"
    return found


@pytest.mark.parametrize(("flavour", "shell"), SHELLS.items())
def test_the_account_s_shell_is_what_the_flavour_says(lab: RunningLab, flavour: str, shell: str) -> None:
    for host in hosts_with(lab, flavour):
        assert lab.ssh(host, "readlink /proc/$$/exe; true").stdout.decode().strip().endswith(f"/{shell}")


def test_a_drop_in_file_decides_on_neglected_hosts(lab: RunningLab) -> None:
    for host in hosts_with(lab, "neglected"):
        assert "PermitRootLogin no" in lab.run(host, ["cat", "/etc/ssh/sshd_config"])
        assert "permitrootlogin yes" in lab.run(host, ["sshd", "-T"])
        assert ":23 " in lab.run(host, ["ss", "-Htln"])
        assert "guest::" in lab.run(host, ["cat", "/etc/shadow"])


def test_hardened_hosts_are_hardened_in_effect(lab: RunningLab) -> None:
    for host in hosts_with(lab, "hardened"):
        effective = lab.run(host, ["sshd", "-T"]).splitlines()
        assert {"permitrootlogin no", "passwordauthentication no", "maxauthtries 4"} <= set(effective)
        assert lab.run(host, ["sysctl", "-n", "net.ipv4.conf.all.rp_filter"]) == "1\n"


def test_banner_hosts_talk_before_and_after_the_login(lab: RunningLab) -> None:
    for host in hosts_with(lab, "banner"):
        done = lab.ssh(host, "true")
        assert "仅限授权人员使用" in done.stderr.decode()
        assert done.stdout.startswith(b"Welcome")


def test_systemd_hosts_have_real_services(lab: RunningLab) -> None:
    for host in hosts_with(lab, "systemd"):
        active = lab.run(host, ["systemctl", "list-units", "--plain", "--no-legend", "--state=active"])
        assert {"chrony.service", "cron.service", "nftables.service", "rsyslog.service", "ssh.service"} <= {
            line.split()[0] for line in active.splitlines()
        }
        assert "policy drop" in lab.run(host, ["nft", "list", "ruleset"])
        assert "Normal" in lab.run(host, ["chronyc", "tracking"])
        # The kernel refuses auditd in a container; a host that claimed otherwise would lie.
        assert "inactive" in lab.run(host, ["systemctl", "show", "--property=ActiveState", "auditd.service"])


def test_a_systemd_host_is_healthy_unless_neglected(lab: RunningLab) -> None:
    for host in hosts_with(lab, "systemd"):
        failed = lab.run(host, ["systemctl", "list-units", "--failed", "--plain", "--no-legend"])
        wanted = ["school-backup.service"] if host in hosts_with(lab, "neglected") else []
        assert [line.split()[0] for line in failed.splitlines()] == wanted
