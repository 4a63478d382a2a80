# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""On real hosts: break them, enforce, see them pass, find nothing more to do, undo; and nobody stays locked out."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.enforcement.model import Enforcement, Undoing
from inventories.base import Text
from inventories.loader import load
from playbooks import ansible
from playbooks.ansible import Login, Target
from playbooks.baseline import play
from playbooks.baseline.play import Change
from security.enforcement.plan import HostPlan, Measure, Plan
from security.remedy import Setting, Sshd
from tests.conftest import RunningLab
from tests.console.program import EDUFLEET, Program

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]

SYSTEMD, PLAIN, BUSYBOX = "qh-web1", "gk-web1", "yl-sat1"
BATCHES = Path(__file__).parents[1] / "security" / "lab"
PUT_BACK = "for guard in /var/backups/edufleet/*/guard; do [ ! -e $guard ] || sh $guard undo || :; done"
"""What a test that failed half-way left."""
CLEAN = "rm -rf /var/backups/edufleet"
PROBE_SECONDS = 25
"""Until a host takes back what may have cut access: what Ansible and a login need on a busy machine, and no more."""


def played(lab: RunningLab, host: str, batch: str, act: str) -> None:
    """Break a host, or undo that, as the tests of the rules do."""
    lab.run(host, ["sh", "-euc", (BATCHES / f"{batch}.{act}").read_text(encoding="utf-8")])


LISTING = """cd /etc
find . -type f -printf '%p %u %g %m %Ts\\n' -o -printf '%p %u %g %m %l\\n' | sort
find . -type f | sort | xargs sha256sum"""


def etc(lab: RunningLab, host: str) -> str:
    """Return all of /etc as text: names, owners, modes, times of files in seconds (all BusyBox keeps), contents."""
    return lab.run(host, ["bash", "-c", LISTING])


def enforce(edufleet: Program, lab: RunningLab, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run the command; its changes are not asked for."""
    return subprocess.run(
        [EDUFLEET, "baseline", "enforce", *argv, "-i", lab.inventory],
        env=edufleet.environ, capture_output=True, text=True, check=False, cwd=edufleet.home,
        stdin=subprocess.DEVNULL, timeout=800,
    )  # fmt: skip


def plan_of(edufleet: Program, lab: RunningLab, hosts: str, rules: str) -> Plan:
    done = enforce(edufleet, lab, "--plan", "-l", hosts, "--rules", rules, "--json")
    assert done.returncode == 0, done.stderr
    return Plan.model_validate_json(done.stdout)


def mended(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    """Return the state of each rule, by host."""
    document = Enforcement.model_validate_json(done.stdout)
    return {host.host: {rule.rule: rule.state for rule in host.rules} for host in document.hosts}


@pytest.fixture
def clean(lab: RunningLab) -> Iterator[None]:
    for host in (SYSTEMD, PLAIN, BUSYBOX):
        lab.run(host, ["sh", "-c", CLEAN])
    yield
    for host in (SYSTEMD, PLAIN, BUSYBOX):
        lab.run(host, ["sh", "-c", CLEAN])


SYSTEMD_BATCHES = ("accounts", "login", "network", "ssh")
SYSTEMD_RULES = """
files.account_files files.shadow_files files.host_keys files.privilege_configuration files.user_keys
files.home_directories password.length password.classes
network.source_routing network.redirects network.send_redirects network.reverse_path network.log_martians
network.syn_cookies network.broadcast_replies services.legacy services.unneeded kernel.rare_protocols kernel.usb_storage
cron.permissions cron.allow logging.file_modes
ssh.root_login ssh.empty_passwords ssh.max_auth_tries ssh.idle_timeout ssh.ciphers ssh.macs ssh.key_exchange
ssh.x11_forwarding ssh.tcp_forwarding ssh.agent_forwarding ssh.user_environment ssh.log_level ssh.host_based
ssh.login_grace ssh.strict_modes
""".split()  # noqa: SIM905 - a table


@pytest.mark.usefixtures("clean")
def test_a_broken_host_is_mended_once_and_for_all_and_put_back_exactly(edufleet: Program, lab: RunningLab) -> None:
    rules = ",".join(SYSTEMD_RULES)
    try:
        for batch in SYSTEMD_BATCHES:
            played(lab, SYSTEMD, batch, "break")
        before = etc(lab, SYSTEMD)
        plan = plan_of(edufleet, lab, SYSTEMD, rules)
        assert plan.rules == set(SYSTEMD_RULES)

        first = enforce(edufleet, lab, "--apply", "plan.json", "--yes", "--json", "--rollback-after", "60")
        assert mended(first) == {SYSTEMD: dict.fromkeys(SYSTEMD_RULES, "fixed")}, first.stdout + first.stderr
        assert first.returncode == 0

        again = plan_of(edufleet, lab, SYSTEMD, rules)
        assert (again.rules, [host.excluded for host in again.hosts]) == (frozenset(), [()])
        changes = [Change(f"x{at}", one.rule, one.steps) for at, one in enumerate(plan.hosts[0].measures)]
        target = Target(load(lab.inventory).host(SYSTEMD), {play.GROUPS: [one.group for one in changes]})
        repeated = asyncio.run(ansible.play(play.apply("repeated", changes), [target], Login(), lambda _: None))
        assert [one for one in repeated if one.state != "ok"] == []
        lab.run(SYSTEMD, ["rm", "-rf", "/var/backups/edufleet/repeated"])

        run = Enforcement.model_validate_json(first.stdout).run
        undone = enforce(edufleet, lab, "--undo", run, "--yes", "--json")
        assert undone.returncode == 0, undone.stdout + undone.stderr
        outcomes = Undoing.model_validate_json(undone.stdout).hosts[0].outcomes
        assert outcomes == dict.fromkeys(SYSTEMD_RULES, "fail")
        assert etc(lab, SYSTEMD) == before
    finally:
        lab.run(SYSTEMD, ["sh", "-c", PUT_BACK])
        for batch in reversed(SYSTEMD_BATCHES):
            played(lab, SYSTEMD, batch, "undo")
        lab.run(SYSTEMD, ["systemctl", "reload", "ssh"])


PLAIN_RULES = (
    "network.redirects,network.log_martians,cron.permissions,ssh.max_auth_tries,ssh.root_login,ssh.x11_forwarding"
)
MATCH = "PermitRootLogin no\nMatch Address 10.0.0.0/8\n  PermitRootLogin yes\n  MaxAuthTries 2\n"


@pytest.mark.usefixtures("clean")
def test_hosts_without_systemd_and_with_busybox_are_mended_and_put_back(edufleet: Program, lab: RunningLab) -> None:
    hosts = (PLAIN, BUSYBOX)
    try:
        for host in hosts:
            lab.run(host, ["sh", "-c", f"printf '{MATCH}' >/etc/ssh/sshd_config.d/00-lab.conf"])
        before = {host: etc(lab, host) for host in hosts}
        plan = plan_of(edufleet, lab, ",".join(hosts), PLAIN_RULES)
        assert {host.host for host in plan.hosts if host.measures} == set(hosts)

        first = enforce(edufleet, lab, "--apply", "plan.json", "--yes", "--json", "--rollback-after", "60")
        states = {state for host in mended(first).values() for state in host.values()}
        assert states == {"fixed"}, first.stdout + first.stderr
        for host in hosts:  # the number in the Match block is stricter than asked: it stays
            said = lab.run(host, ["cat", "/etc/ssh/sshd_config.d/00-lab.conf"])
            assert "# edufleet:   PermitRootLogin yes\n  MaxAuthTries 2\n" in said
        assert plan_of(edufleet, lab, ",".join(hosts), PLAIN_RULES).rules == frozenset()

        run = Enforcement.model_validate_json(first.stdout).run
        lab.run(PLAIN, ["sh", "-c", "echo '# of somebody' >>/etc/sysctl.d/zz-edufleet.conf"])
        undone = Undoing.model_validate_json(enforce(edufleet, lab, "--undo", run, "--yes", "--json").stdout)
        by_host = {host.host: host for host in undone.hosts}
        assert etc(lab, BUSYBOX) == before[BUSYBOX]
        assert (by_host[BUSYBOX].state, by_host[PLAIN].state) == ("restored", "partly")
        assert "changed since /etc/sysctl.d/zz-edufleet.conf" in by_host[PLAIN].lines
        lab.run(PLAIN, ["rm", "/etc/sysctl.d/zz-edufleet.conf"])
    finally:
        for host in hosts:
            lab.run(host, ["sh", "-c", PUT_BACK])
            lab.run(host, ["rm", "-f", "/etc/ssh/sshd_config.d/00-lab.conf"])


# Nobody stays locked out.


def lock_out(host: str) -> Plan:
    """Return a plan that lets nobody log in any more."""
    words = Text(en="x", zh="x")
    wrong = Measure(
        rule="ssh.allowed_users", title=words, severity="medium", danger="access", finding=words, params={},
        steps=(Sshd(do="sshd", option="AllowUsers", value="nobody-at-all"),),
    )  # fmt: skip
    now = datetime.now(UTC)
    seen = HostPlan(host=host, observed=now, capture="0" * 64, measures=(wrong,), excluded=())
    return Plan(format=1, id="x", created=now, tool="test", profile="mlps-l3", scope=host, hosts=(seen,)).sealed()


def lets_in(lab: RunningLab, host: str) -> bool:
    return lab.ssh(host, "sudo -n id -u").stdout == b"0\n"


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("host", [SYSTEMD, PLAIN])
def test_a_wrong_list_of_users_heals_itself(edufleet: Program, lab: RunningLab, host: str) -> None:
    before = etc(lab, host)
    (edufleet.home / "wrong.json").write_text(lock_out(host).model_dump_json(), encoding="utf-8")
    done = enforce(edufleet, lab, "--apply", "wrong.json", "--yes", "--json", "--rollback-after", str(PROBE_SECONDS))
    assert mended(done) == {host: {"ssh.allowed_users": "rolled_back"}}, done.stdout + done.stderr
    assert "auth_failed" in done.stdout
    assert done.returncode == 3
    assert lets_in(lab, host)
    assert etc(lab, host) == before


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("host", [SYSTEMD, PLAIN])
def test_a_controller_killed_in_the_middle_locks_nobody_out(edufleet: Program, lab: RunningLab, host: str) -> None:
    before = etc(lab, host)
    (edufleet.home / "wrong.json").write_text(lock_out(host).model_dump_json(), encoding="utf-8")
    argv = [str(EDUFLEET), "baseline", "enforce", "-i", str(lab.inventory), "--apply", "wrong.json", "--yes"]
    process = subprocess.Popen(
        [*argv, "--rollback-after", str(PROBE_SECONDS)],
        env=edufleet.environ, cwd=edufleet.home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert waited(lambda: not lets_in(lab, host), 60), "it was never locked"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert waited(lambda: lets_in(lab, host), PROBE_SECONDS + 30), "it stayed locked"
    assert etc(lab, host) == before
    runs = json.loads(edufleet.run("history", "list", "--json").stdout)["runs"]
    assert [run["state"] for run in runs] == ["running"]
    undone = enforce(edufleet, lab, "--undo", runs[0]["id"], "--yes", "--json")
    assert [one.state for one in Undoing.model_validate_json(undone.stdout).hosts] == ["nothing"], undone.stderr


def waited(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.5)
    return False


# A plan that does not fit what is there is not carried out.


def test_a_stale_plan_changes_nothing(edufleet: Program, lab: RunningLab) -> None:
    plan = plan_of(edufleet, lab, PLAIN, "network.log_martians")
    assert plan.rules == {"network.log_martians"}
    path = "/proc/sys/net/ipv4/conf/all/log_martians"
    lab.run(PLAIN, ["sh", "-c", f"echo 1 >{path}"])
    try:
        done = enforce(edufleet, lab, "--apply", "plan.json", "--yes")
        assert done.returncode == 2
        assert f"{PLAIN} network.log_martians: pass" in done.stderr
        assert "make a new plan" in done.stderr
    finally:
        lab.run(PLAIN, ["sh", "-c", f"echo 0 >{path}"])
    assert "edufleet" not in lab.run(PLAIN, ["ls", "/var/backups"])


@pytest.mark.usefixtures("clean")
def test_a_rule_whose_step_fails_is_put_back_at_once(lab: RunningLab) -> None:
    before = etc(lab, PLAIN)
    steps = (
        Setting(do="setting", file="/etc/login.defs", key="PASS_MAX_DAYS", value=90, form="key value"),
        Sshd(do="sshd", option="Nonsense", value="yes"),
    )
    change = Change("1-0000-test.fails", "test.fails", steps)
    target = Target(load(lab.inventory).host(PLAIN), {play.GROUPS: [change.group]})
    results = asyncio.run(ansible.play(play.apply("failing", [change]), [target], Login(), lambda _: None))
    failed = [result for result in results if result.state == "failed"]
    assert ["Bad configuration option: Nonsense" in result.message for result in failed] == [True]
    assert results[-1].task == play.RESCUE
    assert etc(lab, PLAIN) == before
    assert lets_in(lab, PLAIN)
