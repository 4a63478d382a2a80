# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The collectors on accounts, PAM, keys, homes, banners and root's programs: odd answers, and every shell's own."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.collector import UnparsableError
from fleet.collectors import (
    accounts,
    banners,
    homes,
    login_policy,
    logins,
    root_programs,
    ssh_client,
    ssh_keys,
    system_files,
)
from fleet.facts import Missing
from fleet.readers import stat
from fleet.readers.sudoers import Sudoers, read
from tests.collectors.recorded import FIXTURES

COLLECTORS = {
    one.COLLECTOR.id: one.COLLECTOR
    for one in (banners, homes, logins, root_programs, ssh_client, ssh_keys, system_files)
}


def recorded(name: str, case: str) -> str:
    return (FIXTURES / name / f"{case}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", COLLECTORS)
def test_an_empty_answer_and_one_cut_short_are_no_answer(name: str) -> None:
    answer = recorded(name, "debian12_chroot")
    for text in ("", "\n", answer[: len(answer) // 2], answer.removesuffix("end\n")):
        with pytest.raises(UnparsableError):
            COLLECTORS[name].parse(text)


@pytest.mark.parametrize("name", COLLECTORS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_spoilt_answer_gives_facts_or_unparsable(name: str, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from(sorted((FIXTURES / name).glob("*.txt")))).read_text("utf-8")
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(answer))] * 2)))
    noise = data.draw(st.text(max_size=20) | st.text("-0123456789.,:/= \n", max_size=40))
    collector = COLLECTORS[name]
    try:
        facts = collector.parse(answer[:begin] + noise + answer[end:])
    except UnparsableError:
        return
    assert isinstance(facts, collector.facts)


@pytest.mark.parametrize("shell", [["dash"], ["bash"], ["busybox", "sh"]], ids=lambda shell: shell[0])
@pytest.mark.parametrize("name", COLLECTORS)
def test_every_shell_asks_the_same(name: str, shell: list[str]) -> None:
    answers = [
        subprocess.run(
            [*one, "-c", COLLECTORS[name].question],
            capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
        )
        for one in (["sh"], shell)
    ]  # fmt: skip
    assert answers[0].returncode == answers[1].returncode
    if answers[0].returncode == 0:
        first, second = (COLLECTORS[name].parse(answer.stdout.decode()) for answer in answers)
        assert first == second


def test_entries_of_a_directory_are_named_and_count_as_nobody() -> None:
    found = accounts.parse(recorded("accounts", "debian12_spoilt"))
    assert found.legacy == ("/etc/passwd +", "/etc/passwd +@ops", "/etc/group +")
    assert not [user.name for user in found.users if user.name.startswith("+")]


def test_what_accounts_add_up_to() -> None:
    found = accounts.parse(recorded("accounts", "debian12_spoilt"))
    assert found.repeated_names == ("group twin",)
    assert found.without_group == ("ghost", "daemon2")
    assert found.root_group == ("root", "teacher")
    assert found.root_gid == 0
    assert found.shadow_group == ("teacher",)
    assert found.unlisted_shells == ("ghost /opt/app/shell",)
    assert found.group_passwords == ("ops",)
    assert found.new_inactive_days == 30
    assert found.defaults["HOME_MODE"] == "0700"
    assert isinstance(found.shadow, tuple)
    assert [one.name for one in found.shadow if one.ahead] == ["ghost"]
    assert {one.name: (one.uid, one.login) for one in found.shadow}["daemon2"] == (77, False)


def test_a_capture_from_before_these_questions_does_not_answer_them() -> None:
    found = accounts.parse(recorded("accounts", "debian12_nspawn"))
    for fact in (found.legacy, found.group_passwords, found.shells, found.new_inactive_days, found.unlisted_shells):
        assert isinstance(fact, Missing)
        assert fact.reason == "not_asked"


def test_sudo_keeps_some_commands_from_running_others() -> None:
    found = read(["li ALL=(root) NOEXEC: /usr/bin/less, /usr/bin/vi, EXEC: /bin/sh"])
    assert [grant.noexec for grant in found.grants] == [True, True, False]


@pytest.mark.parametrize(
    ("lines", "in_force"),
    [
        (["timestamp_timeout=60", "timestamp_timeout=5"], ("timestamp_timeout=5",)),
        (["use_pty", "!use_pty", "use_pty"], ("use_pty",)),
        (["!authenticate", ":li authenticate"], ("!authenticate", ":li authenticate")),
        (['env_keep += "A"', 'env_keep += "B"'], ('env_keep += "A"', 'env_keep += "B"')),
        (['env_keep += "A"', 'env_keep = "B"'], ('env_keep = "B"',)),
        (["!/bin/true !syslog", "syslog=auth"], ("!/bin/true !syslog", "syslog=auth")),
    ],
)
def test_the_last_of_sudo_s_settings_counts_for_whom_it_is_made(lines: list[str], in_force: tuple[str, ...]) -> None:
    assert Sudoers(grants=(), defaults=tuple(lines)).in_force == in_force


def policy(*lines: str) -> login_policy.LoginPolicy:
    return login_policy.parse("\n".join(["/etc/pam.d/other:auth required pam_deny.so", *lines, "end"]))


@pytest.mark.parametrize(
    ("auth", "falls_open"),
    [
        (["required pam_unix.so"], False),
        (["[success=1 default=ignore] pam_unix.so", "requisite pam_deny.so", "required pam_permit.so"], False),
        (["[success=1 default=ignore] pam_unix.so", "required pam_permit.so"], True),
        (["sufficient pam_unix.so", "required pam_permit.so"], True),
        (["sufficient pam_unix.so", "[default=die] pam_faillock.so authfail"], False),
        (["required pam_faillock.so preauth", "sufficient pam_unix.so"], True),
        (["required pam_env.so", "sufficient pam_sss.so", "required pam_deny.so"], False),
    ],
)
def test_a_stack_that_refuses_nobody_falls_open(auth: list[str], falls_open: bool) -> None:
    (sshd, _) = policy(*(f"/etc/pam.d/sshd:auth {line}" for line in auth)).services
    assert sshd.falls_open is falls_open


def test_modules_that_let_in_by_themselves() -> None:
    lines = (
        "auth sufficient pam_rootok.so",
        "auth sufficient pam_wheel.so use_uid",
        "auth [success=done] pam_permit.so",
    )
    found = policy(*(f"/etc/pam.d/su:{line}" for line in lines)).services[0]
    assert found.sufficient == ("pam_rootok", "pam_permit")
    trusting = policy("/etc/pam.d/su:auth sufficient pam_wheel.so trust use_uid").services[0]
    assert trusting.sufficient == ("pam_wheel",)


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (["/etc/pam.d/sshd:auth required pam_unix.so"], 2),
        (["/etc/pam.d/sshd:auth required pam_unix.so nodelay"], 0),
        (["/etc/pam.d/sshd:auth optional pam_faildelay.so delay=4000000"], 4),
        (["/etc/pam.d/sshd:auth optional pam_faildelay.so", "/etc/login.defs:FAIL_DELAY 5"], 5),
    ],
)
def test_how_long_a_failed_try_takes(lines: list[str], seconds: int) -> None:
    assert policy(*lines).services[0].delay_seconds == seconds


def test_faillock_s_own_settings_come_from_the_line_or_the_file() -> None:
    preauth = "/etc/pam.d/sshd:auth required pam_faillock.so preauth"
    authfail = "/etc/pam.d/sshd:auth [default=die] pam_faillock.so authfail"
    found = policy(preauth, authfail).lockouts[0]
    assert (found.directory, found.window_seconds, found.logs_strangers) == ("/var/run/faillock", 900, False)
    conf = ("dir = /var/log/faillock", "fail_interval = 60", "audit")
    set_ = policy(preauth, f"{authfail} fail_interval=30", *(f"/etc/security/faillock.conf:{one}" for one in conf))
    found = set_.lockouts[0]
    assert (found.directory, found.window_seconds, found.logs_strangers) == ("/var/log/faillock", 30, True)


def test_access_conf_counts_where_pam_access_is_asked() -> None:
    asked = "/etc/pam.d/sshd:account required pam_access.so"
    closed = "/etc/security/access.conf:- : ALL : ALL"
    assert policy(closed).access_closed is None
    assert policy(asked).access_closed is False
    assert policy(asked, closed).access_closed is True
    assert policy(asked, "/etc/security/access.conf:-:ALL:ALL EXCEPT LOCAL").access_closed is False
    assert isinstance(policy(f"{asked} accessfile=/opt/x", closed).access_closed, Missing)


@pytest.mark.parametrize(
    ("line", "most"),
    [("* hard maxlogins 10", 10), ("* - maxlogins 3", 3), ("* soft maxlogins 3", None), ("@li hard maxlogins 3", None)],
)
def test_limits_for_all_that_cannot_be_raised(line: str, most: int | None) -> None:
    assert policy(f"/etc/security/limits.conf:{line}").most_logins == most


def test_the_checked_password_is_the_one_that_is_set() -> None:
    check, ask = (
        "/etc/pam.d/passwd:password requisite pam_pwquality.so",
        "/etc/pam.d/passwd:password required pam_unix.so",
    )
    assert policy(check, f"{ask} use_authtok").password.checked_is_set is True
    assert policy(check, ask).password.checked_is_set is False
    assert policy(ask).password.checked_is_set is None


def test_what_pwquality_and_cracklib_do_unless_told() -> None:
    for module, different, by_name in (("pam_pwquality", 1, True), ("pam_cracklib", 5, False)):
        found = policy(f"/etc/pam.d/passwd:password requisite {module}.so").password
        assert (found.different, found.refuses_user_name, found.most_repeated) == (different, by_name, 0)
    assert policy("/etc/pam.d/passwd:password requisite pam_passwdqc.so").password.different is None


@pytest.mark.parametrize(
    "complaint",
    ["find: '/etc/ssl/private': Permission denied", "find: /etc/ssl/private: Permission denied"],
)
def test_what_find_could_not_look_into_is_denied(complaint: str) -> None:
    (found,) = stat.read([complaint])
    assert isinstance(found.mode, Missing)
    assert found.path == "/etc/ssl/private"


def test_a_preload_that_fails_shows_in_every_answer_and_hides_none() -> None:
    found = system_files.parse(recorded("system_files", "debian12_spoilt"))
    assert found.preloaded == ("/opt/app/hook.so",)
    assert isinstance(found.open, tuple)
    assert "/usr/lib/systemd/system/app.service" in {file.path for file in found.open}
    stranger = system_files.parse(recorded("system_files", "debian12_stranger"))
    assert isinstance(stranger.open, Missing)


@pytest.mark.parametrize(
    ("value", "relative"),
    [
        ("/usr/bin:/bin", False),
        ("/usr/bin:", True),
        (":/usr/bin", True),
        ("/usr/bin::/bin", True),
        (".", True),
        ("bin:/usr/bin", True),
        ("$PATH:/opt/bin", False),
        ("/opt/x${PATH:+:${PATH}}", False),
        ("~/bin:$PATH", False),
        ("", False),
    ],
)
def test_search_paths_that_find_programs_where_one_stands(value: str, relative: bool) -> None:
    found = root_programs.parse(f"path /etc/profile {value}\nend\n")
    assert isinstance(found.paths, tuple)
    assert found.paths[0].relative is relative


@pytest.mark.parametrize(
    ("stat_lines", "weakest"),
    [
        (["755 0 0:/opt/job.sh", "755 0 0:/opt"], ""),
        (["757 0 0:/opt/job.sh", "755 0 0:/opt"], "/opt/job.sh"),
        (["775 0 0:/opt/job.sh", "755 0 0:/opt"], ""),
        (["775 0 50:/opt/job.sh", "755 0 0:/opt"], "/opt/job.sh"),
        (["755 0 0:/opt/job.sh", "755 1000 1000:/opt"], "/opt"),
    ],
)
def test_a_program_is_as_safe_as_the_weakest_place_above_it(stat_lines: list[str], weakest: str) -> None:
    lines = ["cron /etc/crontab /opt/job.sh", *(f"stat {line}" for line in stat_lines), "end"]
    found = root_programs.parse("\n".join(lines))
    assert isinstance(found.programs, tuple)
    assert found.programs[0].weakest == weakest


def test_jobs_are_read_for_their_programs_not_for_what_they_are_given() -> None:
    found = root_programs.parse(recorded("root_programs", "debian12_spoilt"))
    assert isinstance(found.programs, tuple)
    named = {(one.kind, one.path) for one in found.programs}
    assert {("cron", "/opt/app/job.sh"), ("sudo", "/opt/app/job.sh"), ("cron", "/bin/bash")} <= named
    assert not {path for _, path in named} & {"/var/log/job.log", "/etc/passwd", "/dev/null"}


def test_keys_are_measured_and_told_apart() -> None:
    found = ssh_keys.parse(recorded("ssh_keys", "debian12_spoilt"))
    assert isinstance(found.users, tuple)
    assert [key.bits for key in found.users if key.kind == "rsa" and key.holder == "teacher"] == [1024, 4096]
    assert {key.others for key in found.users if key.holder == "root"} == {("teacher", "twin")}
    assert ("command", "no-pty", "from") in {key.options for key in found.users}
    assert [(key.kind, key.bits) for key in found.host] == [("ecdsa", 256), ("ed25519", 256), ("rsa", 3072)]


def test_key_lines_as_people_write_them(tmp_path: Path) -> None:
    """The question itself, on a passwd of its own: options with quotes, spaces and what looks like a key."""
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    blob = "AAAAC3NzaC1lZDI1NTE5AAAAIJd5mgcB7ThAO1T9Bs2J3Pq2dQvDDPB2L3L3LzSJIVZk"
    lines = [
        "# a comment",
        f"ssh-ed25519 {blob} li@desk",
        f'command="echo \\"ssh-rsa AAAA\\", x",no-pty,from="10.0.0.0/8" ssh-ed25519 {blob}',
        f'restrict, environment="A=b c" ssh-ed25519 {blob} again',
    ]
    (home / ".ssh" / "authorized_keys").write_text("\n".join(lines), encoding="utf-8")
    passwd = tmp_path / "passwd"
    passwd.write_text(f"li:x:1000:1000::{home}:/bin/sh\nnobody:x:9:9::{home}:/usr/sbin/nologin\n", encoding="utf-8")
    (tmp_path / "ssh").mkdir()
    question = ssh_keys.QUESTION.replace("/etc/passwd", str(passwd)).replace("/etc/ssh", str(tmp_path / "ssh"))
    for shell in (["dash"], ["busybox", "sh"]):
        done = subprocess.run([*shell, "-c", question], capture_output=True, check=True, text=True)
        users = ssh_keys.parse(done.stdout).users
        assert isinstance(users, tuple)
        assert [key.options for key in users] == [(), ("command", "no-pty", "from"), ("restrict", "environment")]
        assert {(key.holder, key.kind, key.bits, key.others) for key in users} == {("li", "ed25519", 256, ())}


def test_a_client_configuration_that_runs_commands_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "ssh_config").write_text('Match originalhost x exec "touch /tmp/never"\n', encoding="utf-8")
    question = ssh_client.QUESTION.replace("/etc/ssh", str(tmp_path))
    done = subprocess.run(["sh", "-c", question], capture_output=True, check=False, text=True)
    assert done.returncode in {1, 69}
    assert "ef_end" not in done.stdout


LASTLOG = """\
now 1795446000
user 0 root
user 1000 li
user 1001 wang
set 20000 li
ef_lastlog
Username         Port     From                                       Latest
root             tty1                                               Mon Nov 16 10:00:00 +0800 2026
li                                                                  **Never logged in**
wang             pts/0    2001:db8::1234:5678:9abc                   Sat Nov  7 10:00:00 +0000 2026
end
"""


def test_last_logins_are_counted_in_days() -> None:
    found = {user.name: (user.days_since, user.idle_days) for user in logins.parse(LASTLOG).users}
    assert found == {"root": (7, 7), "li": (None, 780), "wang": (16, 16)}


def test_who_never_logged_in_and_has_no_date_is_not_judged() -> None:
    answer = LASTLOG.replace("set 20000 li", "denied")
    idle = next(user.idle_days for user in logins.parse(answer).users if user.name == "li")
    assert isinstance(idle, Missing)
    assert idle.reason == "denied"


def test_homes_that_cannot_be_looked_into_are_denied_and_too_many_users_are_said() -> None:
    stranger = homes.parse(recorded("homes", "debian12_stranger"))
    assert isinstance(stranger.homes, tuple)
    assert isinstance(stranger.files, Missing)
    assert stranger.files.reason == "denied"
    more = homes.parse("user li:1000:/home/li\nmore\nend\n")
    assert isinstance(more.homes, Missing)
    assert isinstance(more.files, Missing)


def test_a_shared_home_is_seen_from_both_sides() -> None:
    found = homes.parse(recorded("homes", "debian12_spoilt"))
    assert isinstance(found.homes, tuple)
    assert {home.user: home.shared_with for home in found.homes if home.shared_with} == {
        "teacher": ("twin",),
        "twin": ("teacher",),
    }
    assert [home.user for home in found.homes if home.exists is False] == ["ghost"]


def test_banners_tell_what_gives_the_system_away() -> None:
    found = {one.path: one for one in banners.parse(recorded("banners", "debian12_spoilt")).found}
    assert found["/etc/issue"].tells == ("\\S", "\\r", "kernel")
    assert (found["/etc/issue.net"].tells, found["/etc/issue.net"].lines) == ((), 1)
    assert found["/etc/motd"].tells == ("debian",)
