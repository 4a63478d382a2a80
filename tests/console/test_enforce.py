# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How an enforcement goes on: waves, passes, what stops it, what it says of hosts; on a made-up fleet."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from console.enforcement import applying
from console.enforcement.applying import Bounds, Means, apply
from console.enforcement.model import Enforcement
from console.enforcement.scan import Look
from fleet.capture import Capture, Cause
from fleet.history.history import History
from fleet.settings import Settings
from inventories.base import Text
from inventories.errors import BadInput
from inventories.model import Host
from playbooks.ansible import Login, Target, TaskResult
from playbooks.baseline import play
from security.enforcement.plan import HostPlan, Measure, Plan
from security.remedy import Danger, Sshd, Step, Sysctl

NOW = datetime.now(UTC)
WORDS = Text(en="x", zh="x")
RULES = ("a.calm", "b.access", "c.reboot")


class _Loader(yaml.SafeLoader):
    """Reads plays."""


_Loader.add_constructor("!unsafe", lambda _, node: str(node.value))


@dataclass
class Fleet:
    """Hosts on which some rules fail, and what changing them does."""

    failing: dict[str, set[str]]
    tries: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often a rule has to be changed on a host until it passes; 1 when it is not there."""
    broken: set[tuple[str, str]] = field(default_factory=set)
    """Rules whose step fails on a host."""
    cutting: set[tuple[str, str]] = field(default_factory=set)
    """Rules that cut access to a host, until its undoing."""
    lost: set[str] = field(default_factory=set)
    unreached: set[str] = field(default_factory=set)
    ill: set[str] = field(default_factory=set)
    """Hosts that become critical by any change."""
    changed: list[tuple[str, str]] = field(default_factory=list)
    plays: list[list[str]] = field(default_factory=list)
    interrupt_at: int = 0
    """Number of the play that Ctrl-C hits; 0: none."""

    def look(self, host: str) -> Look:
        away = host in self.unreached | self.lost
        cause = Cause("auth_failed", "no") if away else None
        capture = Capture(
            target=host, started=NOW.isoformat(), seconds=0, tool="t", questions="", asked=(), reached=not away,
            privilege="unknown" if away else "root", privilege_detail="", cause=cause, target_cpu_seconds=0,
            sections={},
        )  # fmt: skip
        failing = self.failing[host]
        critical = {"disk:/"} if host in self.ill and any(name == host for name, _ in self.changed) else set()
        return Look(
            capture,
            {} if away else {rule: "fail" if rule in failing else "pass" for rule in RULES},
            frozenset(critical),
        )

    async def scan(self, hosts: Mapping[Host, HostPlan], _: object) -> dict[str, Look]:
        return {host.name: self.look(host.name) for host in hosts}

    async def logins(self, hosts: Sequence[Host], _: object) -> dict[str, Look]:
        looks = {host.name: self.look(host.name) for host in hosts}
        self.lost.clear()  # by the next look the undoing has come
        return looks

    async def play(
        self, playbook: str, targets: Sequence[Target], _: Login, __: Callable[[TaskResult], None]
    ) -> tuple[TaskResult, ...]:
        self.plays.append([target.host.name for target in targets])
        if len(self.plays) == self.interrupt_at:
            raise asyncio.CancelledError
        tasks = yaml.load(playbook, _Loader)[0]["tasks"]  # noqa: S506 - a safe loader
        results = []
        for target in targets:
            host = target.host.name
            for task in tasks:
                if task["name"] == play.DISARM:
                    rule = task["tags"][0]
                    said = "rolled_back" if (host, rule) in self.cutting else "disarmed"
                    results.append(TaskResult(host, rule, play.DISARM, "ok", "", said))
                elif "block" in task and task["when"].split("'")[1] in str(target.variables[play.GROUPS]):
                    results += self._block(host, task["name"], armed=task["block"][0]["name"].startswith(play.ARM))
        return tuple(results)

    def _block(self, host: str, rule: str, *, armed: bool) -> list[TaskResult]:
        arm = [TaskResult(host, rule, play.ARM, "ok", "", "")] if armed else []
        if (host, rule) in self.broken:
            failed = TaskResult(host, rule, "step", "failed", "no space", "")
            return [*arm, failed, TaskResult(host, rule, play.RESCUE, "ok", "", "rolled_back")]
        self.changed.append((host, rule))
        if (host, rule) in self.cutting:
            self.lost.add(host)
        elif self.changed.count((host, rule)) >= self.tries.get((host, rule), 1):
            self.failing[host].discard(rule)
        return [*arm, TaskResult(host, rule, "step", "changed", "", "")]


def measure(rule: str, danger: Danger) -> Measure:
    step: Step = (
        Sshd(do="sshd", option="Port", value=22) if danger == "access" else Sysctl(do="sysctl", name="net.a", value=1)
    )
    return Measure(
        rule=rule, title=WORDS, severity="low", danger=danger, finding=WORDS, params={}, steps=(step,)
    )  # fmt: skip


CALM, ACCESS, REBOOT = measure("a.calm", "none"), measure("b.access", "access"), measure("c.reboot", "reboot")


def host(name: str) -> Host:
    return Host.model_validate(
        {"name": name, "address": "192.0.2.1", "region": "r", "site": "s", "platform": "debian12", "link": "lan"}
    )


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Enforcement]:
    """Enforces measures on every host of a fleet."""

    def enforce(fleet: Fleet, *measures: Measure, seen: datetime = NOW, most_failed: int = 0) -> Enforcement:
        monkeypatch.setattr(applying, "scan", fleet.scan)
        monkeypatch.setattr(applying, "logins", fleet.logins)
        monkeypatch.setattr("playbooks.ansible.play", fleet.play)
        monkeypatch.setattr(applying, "_AGAIN", 0)
        hosts = tuple(
            HostPlan(host=name, observed=seen, capture="0" * 64, measures=measures, excluded=())
            for name in fleet.failing
        )
        plan = Plan(format=1, id="p", created=NOW, tool="t", profile="p", scope="", hosts=hosts).sealed()
        means = Means(None, Login(), lambda _: None, lambda _: None)  # type: ignore[arg-type] # nothing is gathered
        limits = Bounds(rollback_seconds=0, most_failed=most_failed)
        return asyncio.run(apply(plan, {name: host(name) for name in fleet.failing}, limits, means, Settings(tmp_path)))

    return enforce


def states(done: Enforcement) -> dict[str, str]:
    return {one.host: one.state for one in done.hosts}


def rules(done: Enforcement) -> dict[str, str]:
    return {rule.rule: rule.state for rule in done.hosts[0].rules}


def fails(*names: str) -> dict[str, set[str]]:
    return {name: set(RULES) for name in names}


Run = Callable[..., Enforcement]


def test_the_first_wave_is_one_host_and_the_rest_follow(run: Run) -> None:
    fleet = Fleet(fails("a", "b", "c"))
    assert states(run(fleet, CALM)) == {"a": "done", "b": "done", "c": "done"}
    assert fleet.plays == [["a"], ["b", "c"]]


def test_a_failed_first_host_leaves_the_rest_alone(run: Run) -> None:
    fleet = Fleet(fails("a", "b"), broken={("a", "a.calm")})
    done = run(fleet, CALM)
    assert states(done) == {"a": "failed", "b": "not_started"}
    assert done.stopped == "1 hosts failed by the end of wave 1"
    assert done.hosts[0].rules[0].message == "step: no space"


def test_more_failures_may_be_allowed(run: Run) -> None:
    fleet = Fleet(fails("a", "b"), broken={("a", "a.calm")})
    assert states(run(fleet, CALM, most_failed=1)) == {"a": "failed", "b": "done"}


def test_a_rule_that_needs_a_second_pass_gets_it_and_no_more(run: Run) -> None:
    fleet = Fleet(fails("a"), tries={("a", "a.calm"): 2})
    done = run(fleet, CALM, ACCESS)
    assert rules(done) == {"a.calm": "fixed", "b.access": "fixed"}
    assert fleet.changed == [("a", "a.calm"), ("a", "b.access"), ("a", "a.calm")]


def test_what_never_passes_is_said_after_three_passes(run: Run) -> None:
    fleet = Fleet(fails("a"), tries={("a", "a.calm"): 99})
    done = run(fleet, CALM)
    assert (rules(done), done.hosts[0].rules[0].passes) == ({"a.calm": "not_converged"}, 3)
    assert states(done) == {"a": "done"}


def test_what_holds_after_a_reboot_comes_last_and_once(run: Run) -> None:
    fleet = Fleet(fails("a"), tries={("a", "c.reboot"): 99})
    done = run(fleet, REBOOT, ACCESS, CALM)
    assert rules(done) == {"c.reboot": "needs_reboot", "b.access": "fixed", "a.calm": "fixed"}
    assert [rule for _, rule in fleet.changed] == ["a.calm", "b.access", "c.reboot"]


def test_lost_access_comes_back_and_is_said(run: Run) -> None:
    fleet = Fleet(fails("a"), cutting={("a", "b.access")})
    done = run(fleet, CALM, ACCESS)
    assert rules(done)["b.access"] == "rolled_back"
    assert "no new login (auth_failed: no); put back, access is back" in done.hosts[0].message
    assert states(done) == {"a": "failed"}
    assert fleet.changed.count(("a", "b.access")) == 1


def test_a_host_that_becomes_critical_stops_the_rest(run: Run) -> None:
    fleet = Fleet(fails("a", "b"), ill={"a"})
    done = run(fleet, CALM)
    assert states(done) == {"a": "failed", "b": "not_started"}
    assert "critical since the change: disk:/" in done.hosts[0].message


def test_a_host_that_does_not_answer_is_left_alone(run: Run) -> None:
    fleet = Fleet(fails("a", "b"), unreached={"a"})
    done = run(fleet, CALM)
    assert states(done) == {"a": "unreachable", "b": "done"}
    assert fleet.plays == [["b"]]


def test_a_plan_on_old_evidence_is_refused(run: Run) -> None:
    fleet = Fleet(fails("a"))
    with pytest.raises(BadInput, match="stale: it stands on what was seen 25"):
        run(fleet, CALM, seen=NOW - timedelta(hours=25))
    assert fleet.plays == []


def test_a_plan_for_what_passes_by_now_is_refused(run: Run) -> None:
    fleet = Fleet({"a": set()})
    with pytest.raises(BadInput, match=r"not as planned any more are a a\.calm: pass"):
        run(fleet, CALM)
    assert fleet.plays == []


def test_an_interruption_is_kept_with_what_was_done(run: Run, tmp_path: Path) -> None:
    fleet = Fleet(fails("a", "b", "c"), interrupt_at=2)
    done = run(fleet, CALM)
    assert (done.interrupted, states(done)) == (True, {"a": "done", "b": "interrupted", "c": "interrupted"})
    with History.open(Settings(tmp_path)) as history:
        assert (history.run(done.run).state, history.verify()) == ("interrupted", None)
        assert {one.host: one.outcome for one in history.results(done.run)} == {
            "a": "fixed", "b": "not_verified", "c": "not_verified",
        }  # fmt: skip
