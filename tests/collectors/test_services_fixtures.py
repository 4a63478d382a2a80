# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Parsers of what runs, updates, logs and looks after a host: the near misses that would turn a verdict."""

import subprocess
from pathlib import Path

import pytest

from fleet.collector import UnparsableError
from fleet.collectors import audit_trail, crypto, residue, safeguards, services, timekeeping, updates
from tests.collectors.recorded import FIXTURES


def test_no_password_of_a_source_of_software_leaves_the_target(tmp_path: Path) -> None:
    sources = tmp_path / "x.list"
    sources.write_text("deb https://somebody:hidden@repo.example/ stable main\n", "utf-8")
    program = updates.QUESTION.replace("/etc/apt/sources.list.d/*.list", str(sources))
    asked = subprocess.run(["sh", "-c", program], check=False, capture_output=True, text=True, timeout=30)
    assert "hidden" not in asked.stdout
    assert "\napt\n" not in asked.stdout or "https://repo.example/" in asked.stdout


@pytest.mark.parametrize(
    ("rule", "calls"),
    [
        ("-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=-1 -F key=x", ("execve",)),
        ("-a always,exit -F arch=b32 -S execve -F key=x", ()),
        ("-a always,exit -F arch=b64 -S execve -C uid!=euid -F key=x", ()),
        ("-a always,exit -F arch=b64 -S openat -F exit=-EACCES -F key=x", ()),
        ("-a always,exit -F arch=b64 -S openat -F dir=/etc -F key=x", ()),
        ("-a always,exit -F arch=b64 -S openat -F auid=1000 -F key=x", ()),
        ("-a never,exit -F arch=b64 -S execve", ()),
    ],
)
def test_only_a_rule_for_everybody_counts_as_recording_a_call(rule: str, calls: tuple[str, ...]) -> None:
    status = "ef_status\nenabled 1\npid 1\nef_rules\n"
    audit = audit_trail.parse(f"{status}{rule}\nef_files\nend\n").audit
    assert isinstance(audit, audit_trail.Audit)
    assert audit.syscalls == calls


def rsyslog(*lines: str) -> audit_trail.AuditTrail:
    text = "".join(f"/etc/rsyslog.conf:{line}\n" for line in lines)
    return audit_trail.parse(f"ef_none\nef_files\n{text}end\n")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("auth,authpriv.*  /var/log/auth.log", True),
        ("*.*;auth.none  -/var/log/syslog", False),
        ("auth.err  /var/log/auth.log", False),
        ("auth.*  :omusrmsg:root", False),
        ("auth.*  @@log.edu.example:514", True),
        ('auth.*  action(type="omfile" file="/var/log/a")', True),
    ],
)
def test_a_selector_keeps_a_facility_only_when_it_goes_somewhere(line: str, kept: bool) -> None:
    found = rsyslog(line).facilities
    assert isinstance(found, tuple)
    assert ("auth" in found) is kept


def test_facilities_behind_conditions_are_not_judged() -> None:
    assert not isinstance(rsyslog("if $msg contains 'x' then stop", "kern.* /var/log/kern.log").facilities, tuple)


def test_rotation_settings_of_rsyslog_are_not_settings_of_rsyslog() -> None:
    found = audit_trail.parse("ef_none\nef_files\n/etc/logrotate.d/rsyslog:/var/log/syslog\nend\n")
    assert found.syslog_mode is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.0", "1.0~rc1"), ("1:0.9", "2.0"), ("1.10", "1.9"), ("1.0-1+b1", "1.0-1"), ("1.0+deb12u10", "1.0+deb12u9"),
     ("1.0a", "1.0"), ("1.0-1", "1.0")],
)  # fmt: skip
def test_versions_are_ordered_as_dpkg_does(one: str, other: str) -> None:
    assert updates.newer(one, other)
    assert not updates.newer(other, one)
    assert not updates.newer(one, one)


def test_an_older_offer_in_the_security_archive_is_no_pending_update() -> None:
    recorded = (FIXTURES / "updates" / "debian12_nspawn.txt").read_text("utf-8")
    assert "\nother " in recorded
    assert updates.parse(recorded).waiting == 0
    assert updates.parse(recorded.replace("\nend\n", "\nother sudo 1.0-1 1.0-2\nend\n")).waiting_names == (
        "sudo 1.0-1 < 1.0-2",
    )


def test_a_switched_off_source_is_no_source() -> None:
    found = updates.parse((FIXTURES / "updates" / "ubuntu_by_hand.txt").read_text("utf-8"))
    assert "off.example" not in {one.host for one in found.repositories}


def test_a_service_with_one_process_of_its_own_user_is_not_root() -> None:
    found = services.parse((FIXTURES / "services" / "rhel9_by_hand.txt").read_text("utf-8"))
    assert isinstance(found.exposed, tuple)
    assert {one.name: one.root for one in found.exposed} == {"nginx.service": False, "sshd.service": True}


def test_a_service_systemd_says_nothing_of_is_not_judged() -> None:
    recorded = (FIXTURES / "services" / "rhel9_by_hand.txt").read_text("utf-8")
    with pytest.raises(UnparsableError):
        services.parse(recorded.replace("Id=nginx.service", "Id=other.service"))


def test_only_sections_in_use_of_openssl_cnf_count() -> None:
    lines = ["openssl_conf = a", "[a]", "ssl_conf = b", "[b]", "other = c", "[c]", "MinProtocol = TLSv1.2"]
    text = "".join(f"/etc/ssl/openssl.cnf:{line}\n" for line in lines)
    found = crypto.parse(f"openssl 3\n{text}end\n").openssl
    assert found is not None
    assert found.least is None
    found = crypto.parse(f"openssl 3\n{text.replace('other', 'system_default')}end\n").openssl
    assert found is not None
    assert found.least == "TLSv1.2"


def test_a_service_file_without_a_timer_at_work_is_no_backup() -> None:
    found = safeguards.parse((FIXTURES / "safeguards" / "rhel9_by_hand.txt").read_text("utf-8"))
    assert isinstance(found.backups, tuple)
    assert "borg" not in {job.tool for job in found.backups}
    assert "restic" in {job.tool for job in found.backups}
    assert "dpkg-db-backup" not in {timer.name for timer in found.timers}


def test_a_file_in_etc_replaces_its_namesake_of_the_distribution() -> None:
    lines = ["clean /etc/tmpfiles.d/tmp.conf /tmp -", "clean /usr/lib/tmpfiles.d/tmp.conf /tmp 10d"]
    assert [one.days for one in residue.parse("\n".join([*lines, "end"])).cleaning] == [None]


@pytest.mark.parametrize(
    ("lines", "serves", "obeys"),
    [
        (("/etc/chrony.conf:allow 10.1.0.0/16",), False, False),
        (("/etc/chrony.conf:allow",), True, False),
        (("/etc/chrony.conf:allow all",), True, False),
        (("/etc/chrony.conf:cmdallow all",), False, False),
        (("/etc/chrony.conf:cmdallow all", "/etc/chrony.conf:bindcmdaddress 0.0.0.0"), False, True),
        (("/etc/chrony.conf:cmdallow all", "/etc/chrony.conf:bindcmdaddress 127.0.0.1"), False, False),
        (("/etc/ntp.conf:restrict default ignore",), False, False),
        (("/etc/ntp.conf:restrict default nomodify noquery",), True, False),
        (("/etc/ntp.conf:server ntp1.edu.example",), True, True),
    ],
)
def test_whom_the_keeper_of_the_clock_answers(lines: tuple[str, ...], serves: bool, obeys: bool) -> None:
    found = timekeeping.parse("\n".join([*lines, "end\n"]))
    assert (found.serves_all, found.commanded_from_outside) == (serves, obeys)
