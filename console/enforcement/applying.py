# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Carry out a plan: look, change in waves, look again until it is stable; access is cut for minutes at most."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from console.enforcement.model import Enforcement, HostOutcome, HostState, RuleOutcome, RuleState
from console.enforcement.scan import Look, logins, scan
from console.inspection import TOOL, Gather
from fleet.history.history import History
from fleet.history.records import EndState, HostRecord, ResultRecord
from fleet.settings import Settings
from inventories.errors import BadInput
from inventories.model import Host
from playbooks import ansible
from playbooks.ansible import Login, Target, TaskResult
from playbooks.baseline import play
from playbooks.baseline.play import Change
from security.enforcement.plan import DANGERS, HostPlan, Measure, Plan
from security.remedy import Danger

KIND = "enforcement"
"""Of the run in the history."""

_REMAKE = "make a new plan: edufleet baseline enforce --plan"
_AGAIN = 2.0
"""Seconds between two tries to log in to a host that is to come back."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far an enforcement goes."""

    max_age: timedelta = timedelta(hours=24)
    """Of what the plan stands on."""
    first_wave: int = 1
    wave: int = 25
    """Hosts of the first and of every other wave."""
    most_failed: int = 0
    """Failed hosts after which no other wave is begun."""
    passes: int = 3
    rollback_seconds: int = 180
    """After which a host puts back by itself what may have cut access."""


@dataclass(frozen=True, slots=True)
class Means:
    """What reaches the hosts, and who hears how it goes on."""

    gather: Gather
    login: Login
    say: Callable[[str], None]
    watch: Callable[[TaskResult], None]


@dataclass(slots=True)
class _Rule:
    measure: Measure
    state: RuleState = "not_started"
    passes: int = 0
    changed: int = 0
    changed_last: int = 0
    message: str = ""
    stuck: bool = False
    """Whether the last pass found nothing left to change."""

    @property
    def open(self) -> bool:
        """Whether another pass may mend it."""
        return self.state in {"not_started", "not_converged", "not_verified"} and not self.stuck


@dataclass(slots=True)
class _Host:
    host: Host
    plan: HostPlan
    critical: frozenset[str] = frozenset()
    state: HostState = "not_started"
    message: str = ""
    rules: dict[str, _Rule] = field(default_factory=dict)


async def apply(plan: Plan, hosts: Mapping[str, Host], bounds: Bounds, means: Means, settings: Settings) -> Enforcement:
    """Carry out the plan and return what came of it; it is written to the history, whatever happens.

    Cancelled (Ctrl-C), it ends what runs and says how far it came; what may cut access puts itself back.

    Raises:
        BadInput: the plan is stale, or a host of it is not in the inventory any more; nothing was changed.

    """
    work = [_Host(_known(one.host, hosts), one) for one in plan.hosts if one.measures]
    started = datetime.now(UTC)
    if not work:
        raise BadInput("the plan has nothing to do", hint="every finding in it is left to people; see its exclusions")
    if started - plan.oldest > bounds.max_age:
        age = (started - plan.oldest).total_seconds() / 3600
        raise BadInput(f"the plan is stale: it stands on what was seen {age:.1f} hours ago", hint=_REMAKE)
    for one in work:
        one.rules = {measure.rule: _Rule(measure) for measure in one.plan.measures}
    means.say(f"looking at {len(work)} hosts")
    await _refuse_changed(work, means)
    with History.open(settings) as history:
        run = history.begin(KIND, scope=plan.scope, profile=plan.profile, tool=TOOL, started=started)
        keep_plan(settings, run, plan)
        means.say(f"run {run}")
        doing = _Doing(run, bounds, means)
        interrupted = False
        try:
            stopped = await doing.waves([one for one in work if one.state == "not_started"])
        except asyncio.CancelledError:
            interrupted, stopped = True, "interrupted"
            for one in work:
                if one.state == "not_started" and any(rule.passes for rule in one.rules.values()):
                    one.state = "interrupted"
        except BaseException:
            history.finish(run, "interrupted", "{}")
            raise
        document = Enforcement(
            run=run, plan=plan.id, started=started,
            seconds=round((datetime.now(UTC) - started).total_seconds(), 1),
            interrupted=interrupted, stopped=stopped, hosts=tuple(map(_outcome, work)),
        )  # fmt: skip
        history.record(run, *_records(document, work), [])
        complete = not interrupted and all(one.state == "done" for one in work)
        state: EndState = "interrupted" if interrupted else "complete" if complete else "partial"
        history.finish(run, state, document.model_dump_json())
    return document


def keep_plan(settings: Settings, run: str, plan: Plan) -> None:
    """Keep what a run is about to do, before it does: undoing it needs to know, even if nobody was left to say more."""
    directory = settings.state / KIND
    directory.mkdir(mode=0o700, exist_ok=True)
    (directory / f"{run}.json").write_text(plan.model_dump_json(indent=2), encoding="utf-8")


def _known(name: str, hosts: Mapping[str, Host]) -> Host:
    if name not in hosts:
        raise BadInput(f"the plan names {name}, which is not in the inventory", hint=_REMAKE)
    return hosts[name]


async def _refuse_changed(work: Sequence[_Host], means: Means) -> None:
    """Take note of hosts that do not answer; raise when a rule that was to be mended does not fail any more."""
    looks = await scan({one.host: one.plan for one in work}, means.gather)
    _raise_interrupted(looks.values())
    changed: list[str] = []
    for one in work:
        look = looks[one.host.name]
        if not look.complete:
            one.state, one.message = "unreachable", look.why
            continue
        one.critical = look.critical
        changed += [f"{one.host.name} {rule}: {now}" for rule, now in look.outcomes.items() if now != "fail"]
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""  # noqa: PLR2004 - enough to see what is up
        raise BadInput(f"the plan is stale: not as planned any more are {', '.join(changed[:3])}{more}", hint=_REMAKE)


def _raise_interrupted(looks: Iterable[Look]) -> None:
    """Raise when the gathering was cancelled: it keeps what it has instead of raising."""
    for look in looks:
        if look.capture.cause is not None and look.capture.cause.code == "interrupted":
            raise asyncio.CancelledError


@dataclass(slots=True)
class _Doing:
    """One run under way."""

    run: str
    bounds: Bounds
    means: Means

    async def waves(self, work: Sequence[_Host]) -> str:
        """Take one wave after the other; return why the rest was not begun."""
        waves = [work[: self.bounds.first_wave]]
        rest = work[self.bounds.first_wave :]
        waves += [rest[at : at + self.bounds.wave] for at in range(0, len(rest), self.bounds.wave)]
        failed = 0
        for number, wave in enumerate(filter(None, waves), 1):
            self.means.say(f"wave {number} of {len(waves)}: {', '.join(one.host.name for one in wave)}")
            await self._wave(wave)
            failed += sum(one.state != "done" for one in wave)
            if failed > self.bounds.most_failed and any(one.state == "not_started" for one in work):
                return f"{failed} hosts failed by the end of wave {number}"
        return ""

    async def _wave(self, wave: Sequence[_Host]) -> None:
        look: dict[str, Look] = {}
        for number in range(1, self.bounds.passes + 1):
            going = [
                one for one in wave if one.state == "not_started" and any(rule.open for rule in one.rules.values())
            ]
            if not going:
                break
            await self._calm(number, going, {"none", "service"})
            await self._access(number, going)
            await self._calm(number, going, {"reboot"})
            self.means.say(f"looking at {len(going)} hosts again, pass {number}")
            fresh = await scan({one.host: one.plan for one in going}, self.means.gather)
            _raise_interrupted(fresh.values())
            look |= fresh
            for one in going:
                _judge(one, fresh[one.host.name])
        for one in wave:
            _close(one, look.get(one.host.name))

    async def _calm(self, number: int, going: Sequence[_Host], dangers: Collection[Danger]) -> None:
        """Take all steps of these dangers in one run of Ansible; none of them can cut access."""
        going = [one for one in going if one.state == "not_started"]
        changes, groups = _changes(number, going, dangers)
        if not changes:
            return
        self.means.say(f"pass {number}: {len(changes)} rules")
        targets = [Target(one.host, {play.GROUPS: groups[one.host.name]}) for one in going if groups[one.host.name]]
        _begin(going, changes, groups)
        results = await ansible.play(play.apply(self.run, changes), targets, self.means.login, self.means.watch)
        _take(going, results)

    async def _access(self, number: int, going: Sequence[_Host]) -> None:
        """Take the steps that may cut access, one rule after the other, each with its undoing armed first."""
        changes, groups = _changes(number, going, {"access"})
        for change in changes:
            about = [one for one in going if one.state == "not_started" and change.group in groups[one.host.name]]
            if about:
                self.means.say(f"pass {number}: {change.rule}, which may cut access")
                await self._armed(change, about)

    async def _armed(self, change: Change, about: Sequence[_Host]) -> None:
        seconds = self.bounds.rollback_seconds
        _begin(about, [change], {one.host.name: [change.group] for one in about})
        for one in about:
            one.rules[change.rule].message = f"not disarmed: the host puts it back within {seconds} s"
        targets = [Target(one.host, {play.GROUPS: [change.group]}) for one in about]
        playbook = play.apply_armed(self.run, change, seconds)
        results = await ansible.play(playbook, targets, self.means.login, self.means.watch)
        due = time.monotonic() + seconds
        _take(about, results)
        armed = {result.host for result in results if result.task.startswith(play.ARM) and result.state == "ok"}
        put_back = {result.host for result in results if result.task == play.RESCUE and "rolled_back" in result.output}
        changed = [one for one in about if one.host.name in armed - put_back]
        looks = await logins([one.host for one in changed], self.means.gather)
        _raise_interrupted(looks.values())
        fine = [one for one in changed if looks[one.host.name].complete and one.state == "not_started"]
        lost = {result.host for result in results if result.state == "unreachable"}  # perhaps in the middle of it
        fine = [one for one in fine if one.rules[change.rule].state != "failed" and one.host.name not in lost]
        said = await self._disarm(change, fine) if fine else {}
        waiting = []
        for one in changed:
            match said.get(one.host.name):
                case "disarmed":
                    one.rules[change.rule].message = ""
                case "rolled_back":
                    one.rules[change.rule].state = "rolled_back"
                    one.rules[change.rule].message = "it was put back before a new login was tried: allow it more time"
                case _:
                    waiting.append(one)
        if waiting:
            why = {one.host.name: _why(looks[one.host.name], one.host.name in lost) for one in waiting}
            await self._wait(change, waiting, due, why)

    async def _disarm(self, change: Change, fine: Sequence[_Host]) -> dict[str, str]:
        """Return what hosts say to a login of Ansible's own: ``disarmed``, or ``rolled_back`` when it is too late."""
        targets = [Target(one.host, {}) for one in fine]
        results = await ansible.play(play.disarm(self.run, change), targets, self.means.login, self.means.watch)
        return {result.host: result.output.strip() for result in results if result.state in {"ok", "changed"}}

    async def _wait(self, change: Change, hosts: Sequence[_Host], due: float, why: Mapping[str, str]) -> None:
        """Wait until the hosts have put the change back by themselves, and hear from them that they did."""
        names = ", ".join(one.host.name for one in hosts)
        left = max(0.0, due - time.monotonic())
        self.means.say(f"{names}: {why[hosts[0].host.name]}; in {left:.0f} s {change.rule} is put back by itself")
        await asyncio.sleep(left)
        waiting = list(hosts)
        end = time.monotonic() + max(60, self.bounds.rollback_seconds)
        while waiting and time.monotonic() < end:
            await asyncio.sleep(_AGAIN)
            looks = await logins([one.host for one in waiting], self.means.gather)
            _raise_interrupted(looks.values())
            back = [one for one in waiting if looks[one.host.name].complete]
            said = await self._disarm(change, back) if back else {}
            for one in back:
                reason = why[one.host.name]
                match said.get(one.host.name):
                    case "rolled_back":
                        self._end(one, change, "rolled_back", f"{reason}; put back, access is back")
                    case "disarmed":
                        self._end(one, change, "not_verified", f"{reason}; access is back, but nothing was put back")
                    case _:
                        continue
                waiting.remove(one)
        for one in waiting:
            self._end(one, change, "lost", f"{why[one.host.name]}, not after the time of its undoing either")

    def _end(self, one: _Host, change: Change, state: RuleState, message: str) -> None:
        one.rules[change.rule].state, one.rules[change.rule].message = state, message
        one.state, one.message = "failed", f"{change.rule}: {message}"
        self.means.say(f"{one.host.name}: {one.message}")


def _why(look: Look, lost: bool) -> str:  # noqa: FBT001 - a word of the report
    if not look.complete:
        return f"no new login ({look.why})"
    return "Ansible lost its connection" if lost else "no new login of Ansible"


def _changes(
    number: int, going: Sequence[_Host], dangers: Collection[Danger]
) -> tuple[list[Change], dict[str, list[str]]]:
    """Return what is to be changed, equal steps of several hosts as one, and the groups meant for each host."""
    changes: list[Change] = []
    groups: dict[str, list[str]] = defaultdict(list)
    todo = [(rule.measure, one.host.name) for one in going for rule in one.rules.values() if rule.open]
    todo = [(measure, host) for measure, host in todo if measure.danger in dangers]
    for measure, host in sorted(todo, key=lambda pair: (DANGERS.index(pair[0].danger), pair[0].rule)):
        change = next((one for one in changes if (one.rule, one.steps) == (measure.rule, measure.steps)), None)
        if change is None:
            first = min(map(DANGERS.index, dangers))
            group = f"{number}-{first}{len(changes):03}-{measure.rule}"
            change = Change(group, measure.rule, measure.steps)
            changes.append(change)
        groups[host].append(change.group)
    return changes, groups


def _begin(going: Sequence[_Host], changes: Sequence[Change], groups: Mapping[str, Sequence[str]]) -> None:
    for one in going:
        for change in changes:
            if change.group in groups[one.host.name]:
                rule = one.rules[change.rule]
                rule.passes += 1
                rule.changed_last = 0
                rule.state = "not_verified"


def _take(going: Sequence[_Host], results: Sequence[TaskResult]) -> None:
    """Write down what tasks came to."""
    by_name = {one.host.name: one for one in going}
    for result in results:
        one = by_name[result.host]
        rule = one.rules.get(result.rule)
        if result.state == "unreachable":
            one.message = f"lost on the way: {result.message}"
        elif result.task == play.RESCUE and rule is not None and result.state == "failed":
            rule.message += "; and what it did could not be put back: look at the host"
        elif result.state == "failed" and rule is not None:
            rule.state, rule.message = "failed", f"{result.task}: {result.message}"
        elif result.state == "failed":
            one.state, one.message = "failed", f"{result.task}: {result.message}"
        elif result.state == "changed" and rule is not None:
            rule.changed += 1
            rule.changed_last += 1


def _judge(one: _Host, look: Look) -> None:
    """Write down what the new scan says."""
    if not look.complete:
        one.state, one.message = "failed", one.message or f"no answer after the change: {look.why}"
        return
    for name, rule in one.rules.items():
        if rule.state in {"failed", "rolled_back", "lost"}:
            continue
        now = look.outcomes[name]
        if now in {"pass", "not_applicable"}:
            rule.state, rule.message = "fixed", ""
        elif rule.measure.danger == "reboot":
            rule.state, rule.message = "needs_reboot", f"{now} until the next boot"
        else:
            rule.stuck = not rule.changed_last
            left = ", and there is nothing left to change" if rule.stuck else ""
            rule.state, rule.message = "not_converged", f"still {now} after pass {rule.passes}{left}"
    worse = look.critical - one.critical
    if worse:
        one.state, one.message = "failed", f"critical since the change: {', '.join(sorted(worse))}"


def _close(one: _Host, look: Look | None) -> None:
    if one.state != "not_started" or look is None:
        return
    failed = [rule for rule in one.rules.values() if rule.state in {"failed", "rolled_back", "lost"}]
    one.state = "failed" if failed else "done"
    if failed and not one.message:
        one.message = f"{len(failed)} rules failed"


def _outcome(one: _Host) -> HostOutcome:
    rules = tuple(
        RuleOutcome(rule=name, state=rule.state, passes=rule.passes, changed=rule.changed, message=rule.message)
        for name, rule in one.rules.items()
    )
    return HostOutcome(host=one.host.name, state=one.state, message=one.message, rules=rules)


def _records(document: Enforcement, work: Sequence[_Host]) -> tuple[list[HostRecord], list[ResultRecord]]:
    hosts = [HostRecord(document.run, one.host.name, one.state, "", one.message, one.plan.capture, 0.0) for one in work]
    results = [
        ResultRecord(document.run, host.host, "baseline", rule.rule, "", rule.state, rule.message)
        for host in document.hosts
        for rule in host.rules
    ]
    return hosts, results
