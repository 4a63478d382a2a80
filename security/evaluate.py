# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Judge one host by a profile: facts in, one result per rule out. The table is docs/reference/verdicts.md."""

import re
from collections.abc import Mapping

from fleet.collector import catalogue as collectors
from fleet.collectors.os_release import OsRelease
from fleet.facts import HostFacts, Missing, Reason
from inventories.base import Text
from security.expression import Scope, Seen
from security.operators import Value
from security.platforms import runs
from security.profile import Profile
from security.rule import Rule, plain
from security.verdict import Evidence, Outcome, Result

MOST_SHOWN = 10
"""Most observations kept with one result."""

_LONGEST_SHOWN = 200
_SECRET = re.compile(r"(?i)((?:password|passwd|passphrase|secret|token|api_?key)\S*?\s*[=:]\s*)\S+|\$\w{1,4}\$\S{8,}")

_PASS = Text(en="As required.", zh="符合要求。")
_NOT_THIS_PLATFORM = Text(en="The rule is not for this platform.", zh="本规则不针对此平台。")
_CONDITION_FALSE = Text(
    en="What the rule is about is not in use on this host.", zh="本规则涉及的功能未在此主机上使用。"
)

_UNDECIDED: Mapping[Reason, tuple[Outcome, Text]] = {
    "timeout": ("error", Text(en="timed out", zh="查询超时")),
    "truncated": ("error", Text(en="the answer was too long", zh="回答过长被截断")),
    "failed": ("error", Text(en="the question failed", zh="查询失败")),
    "unparsable": ("error", Text(en="the answer makes no sense", zh="回答无法解析")),
    "denied": (
        "not_evaluated",
        Text(
            en="needs root: give the inspection account sudo, see playbooks/prepare.yml",
            zh="需要 root 权限：请为巡检账号配置 sudo，见 playbooks/prepare.yml",
        ),
    ),
    "cut": (
        "not_evaluated",
        Text(
            en="the host was not reached, or the session ended early: mend the connection and inspect it again",
            zh="主机不可达或会话提前中断：修复连接后重新巡检",
        ),
    ),
    "not_asked": (
        "not_evaluated",
        Text(en="not asked in this capture: inspect the host again", zh="本次采集未包含此项：请重新巡检该主机"),
    ),
}
"""What a missing fact makes of an undecided rule, the gravest first; "absent" is the rule's own affair."""


def evaluate(facts: HostFacts, profile: Profile) -> tuple[Result, ...]:
    """Return one result for each rule of the profile, in the profile's order."""
    return tuple(judge(rule, profile.params[rule.id], facts) for rule in profile.rules)


def judge(rule: Rule, params: Mapping[str, Value], facts: HostFacts) -> Result:
    """Return the result of one rule on one host."""
    elsewhere = _platform(rule, params, facts)
    if elsewhere is not None:
        return elsewhere
    scope = Scope(facts, params)
    if rule.applies is not None:
        truth = rule.applies.decide(scope)
        if truth.value is None:
            return _undecided(rule, truth.missing) or Result(
                rule=rule.id, outcome="not_applicable", message=_CONDITION_FALSE, evidence=_gaps(truth.missing)
            )
        if not truth.value:
            return Result(rule=rule.id, outcome="not_applicable", message=_CONDITION_FALSE, evidence=_shown(truth.seen))
    beside = tuple(Seen(path.text, path.follow(facts, None)) for path in rule.shown)
    if rule.holds is None:
        gaps = tuple((seen.fact, seen.observed) for seen in beside if isinstance(seen.observed, Missing))
        return _undecided(rule, gaps) or Result(
            rule=rule.id, outcome="manual", message=rule.say(params), evidence=_shown(beside)
        )
    truth = rule.holds.decide(scope)
    if truth.value is None:
        return _undecided(rule, truth.missing) or _absent(rule, params, truth.missing)
    decided = {(seen.fact, str(seen.observed)) for seen in truth.seen}
    seen = (*truth.seen, *(more for more in beside if (more.fact, str(more.observed)) not in decided))
    if truth.value:
        return Result(rule=rule.id, outcome="pass", message=_PASS, evidence=_shown(seen))
    return Result(rule=rule.id, outcome="fail", message=rule.say(params), evidence=_shown(seen))


def _platform(rule: Rule, params: Mapping[str, Value], facts: HostFacts) -> Result | None:
    """Return the result that ends the matter: another platform, or one nobody knows; None when the rule applies."""
    if "linux" in rule.platforms:
        return None
    system = facts.facts.get("os_release")
    if not isinstance(system, OsRelease):
        gap = facts.missing.get("os_release", Missing("not_asked", "os_release was not asked"))
        return _undecided(rule, (("os_release", gap),)) or _absent(rule, params, (("os_release", gap),))
    if any(runs(platform, system) for platform in rule.platforms):
        return None
    seen = (Seen("os_release.pretty_name", system.pretty_name),)
    return Result(rule=rule.id, outcome="not_applicable", message=_NOT_THIS_PLATFORM, evidence=_shown(seen))


def _undecided(rule: Rule, gaps: tuple[tuple[str, Missing], ...]) -> Result | None:
    """Return the result for evidence that could not be had; None when all that is missing is absent on the host."""
    for reason, (outcome, why) in _UNDECIDED.items():
        path = next((path for path, gap in gaps if gap.reason == reason), None)
        if path is not None:
            about = collectors()[path.split(".")[0]].title if not path.startswith(".") else rule.title
            message = Text(en=f"{about.en}: {why.en}.", zh=f"{about.zh}：{why.zh}。")
            return Result(rule=rule.id, outcome=outcome, message=message, evidence=_gaps(gaps))
    return None


def _absent(rule: Rule, params: Mapping[str, Value], gaps: tuple[tuple[str, Missing], ...]) -> Result:
    if rule.on_missing == "fail":
        return Result(rule=rule.id, outcome="fail", message=rule.say(params), evidence=_gaps(gaps))
    message = Text(en="This host does not have what the rule looks at.", zh="此主机上没有本规则检查的对象。")
    return Result(rule=rule.id, outcome=rule.on_missing, message=message, evidence=_gaps(gaps))


def _gaps(gaps: tuple[tuple[str, Missing], ...]) -> tuple[Evidence, ...]:
    return _shown(tuple(Seen(path, gap) for path, gap in dict(gaps).items()))


def _shown(seen: tuple[Seen, ...]) -> tuple[Evidence, ...]:
    evidence = tuple(Evidence(fact=one.fact, observed=_observed(one.observed)) for one in seen[:MOST_SHOWN])
    if len(seen) > MOST_SHOWN:
        more = f"(and {len(seen) - MOST_SHOWN} more)"
        return (*evidence[:-1], Evidence(fact=evidence[-1].fact, observed=f"{evidence[-1].observed} {more}"))
    return evidence


def _observed(value: object) -> str:
    """Return a value as people read it: short, and without anything that looks like a secret."""
    match value:
        case None:
            text = "(not set)"
        case Missing(reason=reason, detail=detail):
            text = f"({reason}) {detail}"
        case True | False:
            text = "yes" if value else "no"
        case _:
            text = plain(value)
    text = _SECRET.sub(lambda found: f"{found[1] or ''}[redacted]", text)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
