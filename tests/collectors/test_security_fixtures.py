# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The security collectors' parsers: recorded answers, answers of other systems, and nonsense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.collector import UnparsableError, catalogue
from fleet.collectors import accounts, audit_trail, exposure, files, kernel, login_policy, packages, sshd_effective
from fleet.facts import Missing
from fleet.readers.pam import stack
from fleet.readers.sudoers import Grant, read
from tests.collectors.recorded import FIXTURES, RECORDED

SECURITY = (
    "accounts",
    "audit_trail",
    "exposure",
    "files",
    "kernel",
    "login_policy",
    "packages",
    "sshd_effective",
    "units",
    "boot",
    "confinement",
    "firewall",
    "interface_settings",
    "storage",
    "crypto",
    "residue",
    "safeguards",
    "services",
    "timekeeping",
    "updates",
)


@pytest.mark.parametrize("name", SECURITY)
def test_an_empty_answer_is_no_answer(name: str) -> None:
    with pytest.raises(UnparsableError):
        catalogue()[name].parse("")


@pytest.mark.parametrize("name", SECURITY)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_spoilt_answer_gives_facts_or_unparsable(name: str, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from([answer for answer in RECORDED if answer.parent.name == name])).read_text(
        "utf-8"
    )
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(answer))] * 2)))
    noise = data.draw(st.text(max_size=20) | st.text("-0123456789.,:/= \n", max_size=40))
    collector = catalogue()[name]
    try:
        facts = collector.parse(answer[:begin] + noise + answer[end:])
    except UnparsableError:
        return
    assert isinstance(facts, collector.facts)


@pytest.mark.parametrize("name", SECURITY)
def test_an_answer_cut_short_is_no_answer(name: str) -> None:
    answer = next(answer for answer in RECORDED if answer.parent.name == name).read_text("utf-8")
    if name == "files":  # stat(1) has no last word; the frame around the answer has
        return
    with pytest.raises(UnparsableError):
        catalogue()[name].parse(answer[: len(answer) // 2])


def test_no_hash_leaves_the_target() -> None:
    assert "substr(field, 2, RLENGTH - 2)" in accounts.QUESTION
    for answer in RECORDED:
        assert "$y$" not in answer.read_text("utf-8")


def sshd(tail: str) -> sshd_effective.SshdEffective:
    recorded = (FIXTURES / "sshd_effective" / "debian12_nspawn.txt").read_text("utf-8")
    return sshd_effective.parse(recorded.partition("ef_match\n")[0] + "ef_match\n" + tail)


@pytest.mark.parametrize(
    "line", ["PermitRootLogin yes", "  permitrootlogin=yes", "PermitRootLogin = yes", 'PermitRootLogin "yes"']
)
def test_settings_of_match_blocks_are_read_however_they_are_written(line: str) -> None:
    match = sshd(f"Match Address 10.0.0.0/8\n{line}\n").match
    assert match == (
        sshd_effective.MatchSetting(criteria="Address 10.0.0.0/8", keyword="permitrootlogin", value="yes"),
    )


def test_an_include_that_was_not_read_may_hide_match_blocks() -> None:
    assert sshd("Include /etc/ssh/sshd_config.d/*.conf\n").match == ()
    assert isinstance(sshd("Include /opt/sshd.conf\n").match, Missing)


def test_names_before_openssh_8_7_are_known() -> None:
    recorded = (FIXTURES / "sshd_effective" / "debian12_nspawn.txt").read_text("utf-8")
    old = recorded.replace("kbdinteractiveauthentication", "challengeresponseauthentication")
    assert sshd_effective.parse(old).kbdinteractiveauthentication is not None


@pytest.mark.parametrize(
    ("rules", "ipv4", "ipv6"),
    [
        ("nft\nend\n", False, False),
        ("nft\nchain inet filter input drop tcp dport 22 accept\nend\n", True, True),
        ("nft\nchain inet firewalld filter_INPUT accept reject with icmpx admin-prohibited\nend\n", True, True),
        ("nft\nchain ip filter INPUT accept counter packets 3 bytes 180 drop\nend\n", True, False),
        ("nft\nchain inet filter input accept tcp dport 23 drop\nend\n", False, False),
        ("iptables\n-P INPUT DROP\n6 -P INPUT ACCEPT\nend\n", True, False),
        (
            "iptables\n-P INPUT ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\n6 -P INPUT DROP\nend\n",
            True,
            True,
        ),
        ("iptables\n-P INPUT ACCEPT\n-A INPUT -p tcp --dport 23 -j DROP\n6 -P INPUT ACCEPT\nend\n", False, False),
    ],
)
def test_only_an_unconditional_drop_counts_as_default_deny(rules: str, ipv4: bool, ipv6: bool) -> None:
    found = exposure.parse(f"tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\nef_filter\n{rules}").filter
    assert isinstance(found, exposure.Filter)
    assert (found.drops_ipv4, found.drops_ipv6) == (ipv4, ipv6)


@pytest.mark.parametrize(("rules", "reason"), [("nft\nrefused\n", "denied"), ("", "absent")])
def test_a_filter_that_could_not_be_read_is_missing(rules: str, reason: str) -> None:
    found = exposure.parse(f"ef_filter\n{rules}").filter
    assert isinstance(found, Missing)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("line", "address", "port", "remote"),
    [
        ("tcp LISTEN 0 128 [::]:22 [::]:*", "*", 22, True),
        ("tcp LISTEN 0 128 *:80 *:*", "*", 80, True),
        ("udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*", "127.0.0.53", 53, False),
        ("tcp LISTEN 0 128 [::ffff:127.0.0.1]:8080 *:*", "127.0.0.1", 8080, False),
        ("udp UNCONN 0 0 [fe80::1]%eth0:546 [::]:*", "fe80::1", 546, True),
        ("proc /proc/net/tcp 0100007F:0016", "127.0.0.1", 22, False),
        ("proc /proc/net/tcp6 00000000000000000000000000000000:0050", "*", 80, True),
    ],
)
def test_listeners_of_ss_and_of_proc(line: str, address: str, port: int, remote: bool) -> None:
    (found,) = exposure.parse(f"{line}\nef_filter\n").listeners
    assert (found.address, found.port, found.remote) == (address, port, remote)


AUDIT = """\
ef_status
enabled 2
failure 1
pid 612
rate_limit 0
backlog_limit 8192
lost 0
backlog 0
ef_rules
-w /etc/passwd -p wa -k identity
-a always,exit -F arch=b64 -F path=/etc/shadow -F perm=wa -F key=identity
-a always,exit -S all -F dir=/etc/sudoers.d/ -F perm=wa -F key=sudoers
-a always,exit -F arch=b64 -S adjtimex,settimeofday -F key=time
-a never,exit -F arch=b64 -S execve
"""


def test_audit_rules_are_read_as_auditctl_prints_them() -> None:
    audit = audit_trail.parse(f"{AUDIT}ef_files\nend\n").audit
    assert isinstance(audit, audit_trail.Audit)
    assert (audit.enabled, audit.daemon) == (2, 612)
    assert audit.watched == ("/etc/passwd", "/etc/shadow", "/etc/sudoers.d")
    assert "adjtimex" in audit.syscalls
    assert "execve" not in audit.syscalls


def test_logs_go_to_all_hosts_that_either_syntax_names() -> None:
    lines = (
        "*.* @@log1.edu.example:6514",
        "*.*  @192.0.2.1",
        'action(type="omfwd" protocol="tcp" target="log2.edu.example")',
    )
    text = "".join(f"/etc/rsyslog.d/1.conf:{line}\n" for line in lines)
    assert audit_trail.parse(f"ef_none\nef_files\n{text}end\n").remote == (
        "log2.edu.example",
        "log1.edu.example",
        "192.0.2.1",
    )


def test_rotation_by_size_promises_no_days() -> None:
    lines = (
        "/var/log/a",
        "/var/log/b {",
        "daily",
        "rotate 200",
        "}",
        "/var/log/c {",
        "weekly",
        "rotate 99",
        "size 1M",
        "}",
    )
    text = "".join(f"/etc/logrotate.d/x:{line}\n" for line in lines)
    rotations = audit_trail.parse(f"ef_none\nef_files\n/etc/logrotate.conf:weekly\n{text}end\n").rotations
    assert [(one.path, one.days) for one in rotations] == [("/var/log/a", 200), ("/var/log/b", 200), ("/var/log/c", 0)]


def policy(*lines: str) -> login_policy.LoginPolicy:
    pam = (
        "/etc/pam.d/passwd:@include common-password",
        "/etc/pam.d/common-password:password requisite pam_pwquality.so retry=3",
    )
    return login_policy.parse("\n".join([*pam, *lines, "end"]))


def test_pwquality_conf_comes_after_its_drop_ins_and_arguments_after_both() -> None:
    drop_in = "/etc/security/pwquality.conf.d/50.conf:minlen = 20"
    assert policy(drop_in).password.min_length == 20
    assert policy(drop_in, "/etc/security/pwquality.conf:minlen = 10").password.min_length == 10


def test_credits_shorten_a_password_and_negative_ones_ask_for_classes() -> None:
    assert (
        policy(
            "/etc/security/pwquality.conf:minlen = 10", "/etc/security/pwquality.conf:dcredit = 2"
        ).password.min_length
        == 8
    )
    asked = ("dcredit = -1", "ucredit = -1", "lcredit = -1")
    assert policy(*(f"/etc/security/pwquality.conf:{line}" for line in asked)).password.min_classes == 3


def test_faillock_counts_only_with_authfail() -> None:
    preauth = "/etc/pam.d/sshd:auth required pam_faillock.so preauth deny=3"
    authfail = "/etc/pam.d/sshd:auth [default=die] pam_faillock.so authfail deny=3"
    assert policy(preauth).lockouts[0].module is None
    assert policy(preauth, authfail, "/etc/security/faillock.conf:unlock_time = 900").lockouts[0].unlock_seconds == 900


def test_the_last_timeout_counts_and_every_umask() -> None:
    found = policy(
        "/etc/profile:TMOUT=900",
        "/etc/profile.d/z.sh:readonly TMOUT=0",
        "/etc/profile:umask 022",
        "/etc/bashrc:umask 002",
    )
    assert found.shell_timeout is None
    assert found.umasks == ("022", "002")


def test_pam_includes_that_loop_come_to_an_end() -> None:
    assert stack({"a": ["@include a", "auth required pam_unix.so"]}, "a", "auth")


def test_sudo_aliases_continuations_and_tags() -> None:
    found = read(["User_Alias OPS = li, wang", "Cmnd_Alias SVC = /bin/systemctl, \\", "  /bin/journalctl",
                  "OPS ALL=(root) NOPASSWD: SVC, PASSWD: /bin/id # why", "#1000 ALL=ALL",
                  "Defaults:li !authenticate"])  # fmt: skip
    assert Grant(who="wang", runas="root", command="/bin/journalctl", password=False) in found.grants
    assert Grant(who="li", runas="root", command="/bin/id", password=True) in found.grants
    assert Grant(who="#1000", runas="root", command="ALL", password=True) in found.grants
    assert found.defaults == (":li !authenticate",)


def test_sudoers_that_include_other_places_are_not_judged() -> None:
    recorded = (FIXTURES / "accounts" / "debian12_nspawn.txt").read_text("utf-8")
    found = accounts.parse(recorded.replace("end\n", "sudoers @include /opt/sudoers\nend\n"))
    assert isinstance(found.sudo, Missing)


def test_the_last_mount_on_a_place_counts() -> None:
    recorded = (FIXTURES / "kernel" / "debian12_nspawn.txt").read_text("utf-8")
    again = recorded.replace("end\n", "mount tmpfs /tmp tmpfs rw\nend\n")
    assert [one.options for one in kernel.parse(again).mounts if one.target == "/tmp"] == [("rw",)]


def test_rpm_says_what_is_not_installed_in_words() -> None:
    found = packages.parse("rpm\ninstalled aide 0.16-14\npackage telnet is not installed\nend\n")
    assert found.names == ("aide",)


def test_a_package_that_was_removed_but_not_purged_is_not_installed() -> None:
    assert packages.parse("dpkg\nconfig-files telnetd 0.17-44\nend\n").names == ()


@pytest.mark.parametrize(
    "complaint",
    ["stat: cannot statx '/root/.ssh': Permission denied", "stat: can't stat '/root/.ssh': Permission denied"],
)
def test_what_only_root_can_look_at_is_denied_whoever_stat_is_by(complaint: str) -> None:
    found = files.parse(f"755 root root directory:/\n{complaint}\nstat: cannot statx '/x': No such file or directory\n")
    assert [file.path for file in found.found if isinstance(file.mode, Missing)] == ["/root/.ssh"]
