# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Make a host's part of a plan from its results: pure, no network, no clock."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fleet.facts import HostFacts
from security.enforcement.plan import DANGERS, Exclusion, HostPlan, Measure, Reason
from security.enforcement.settle import UnsettledError, settle
from security.expression import Compare, Negation, Scope, walk
from security.operators import Value
from security.profile import Profile
from security.remedy import Step
from security.rule import Rule
from security.verdict import Outcome, Result

_DOORS = re.compile(
    r"/etc/(ssh/|sudoers|pam\.d/|security/(access|faillock|group)\.conf|hosts\.(allow|deny)|nftables|nsswitch)"
    r"|^(ssh|sshd|nftables|firewalld|ufw|iptables|ip6tables|sssd|systemd-networkd|NetworkManager)\.(service|socket)$"
)
"""Files and units that let people in, or keep them out."""

_UNDECIDED: Mapping[Outcome, Reason] = {"error": "error", "not_evaluated": "not_evaluated", "manual": "manual"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one capture showed of one host."""

    host: str
    at: datetime
    """UTC."""
    capture: str
    facts: HostFacts
    results: Sequence[Result]


def host_plan(
    seen: Seen, profile: Profile, *, rules: Collection[str], waived: Collection[str], kinds: Collection[str]
) -> HostPlan:
    """Return what is to be done on one host.

    ``rules`` are those to look at; ``waived`` those that somebody accepted on this host, which are never touched;
    ``kinds`` the kinds of steps that can be taken.
    """
    by_id = {rule.id: rule for rule in profile.rules}
    measures: list[Measure] = []
    excluded: list[Exclusion] = []
    for result in seen.results:
        if result.rule not in rules:
            continue
        rule = by_id[result.rule]
        if result.outcome in _UNDECIDED:
            excluded.append(Exclusion(rule=rule.id, reason=_UNDECIDED[result.outcome]))
        elif result.outcome == "fail":
            found = (
                Exclusion(rule=rule.id, reason="waived")
                if rule.id in waived
                else _measure(rule, profile.params[rule.id], result, seen.facts, kinds)
            )
            if isinstance(found, Measure):
                measures.append(found)
            else:
                excluded.append(found)
    return HostPlan(
        host=seen.host,
        observed=seen.at,
        capture=seen.capture,
        measures=tuple(sorted(measures, key=lambda one: (DANGERS.index(one.danger), one.rule))),
        excluded=tuple(sorted(excluded, key=lambda one: one.rule)),
    )


def _measure(
    rule: Rule, params: Mapping[str, Value], result: Result, facts: HostFacts, kinds: Collection[str]
) -> Measure | Exclusion:
    if rule.remedy is None:
        return Exclusion(rule=rule.id, reason="no_remedy")
    if any(step.do not in kinds for step in rule.remedy.steps):
        return Exclusion(rule=rule.id, reason="unsupported")
    try:
        steps = settle(rule.remedy, params)
    except UnsettledError:
        return Exclusion(rule=rule.id, reason="unsettled")
    steps = tuple(step for step in steps if not _holds(step, rule, params, facts))
    if not steps:
        return Exclusion(rule=rule.id, reason="stricter")
    danger = "access" if any(_is_a_door(step) for step in steps) else rule.remedy.danger
    return Measure(
        rule=rule.id,
        title=rule.title,
        severity=rule.severity,
        danger=danger,
        finding=result.message,
        params=dict(params),
        steps=steps,
    )


def _is_a_door(step: Step) -> bool:
    """Whether a step may lock people out, whatever its rule says: a slip of the pen must not do so."""
    words = (word for _, value in step for word in (value if isinstance(value, tuple) else (value,)))
    return step.do in {"sshd", "pam_option"} or any(isinstance(word, str) and _DOORS.search(word) for word in words)


def _holds(step: Step, rule: Rule, params: Mapping[str, Value], facts: HostFacts) -> bool:
    """Whether all that the rule says of the very value a step sets holds already.

    A rule may fail for one of its values while another is stricter than the remedy would make it: that one stays.
    """
    match step.do:
        case "sshd":
            path = f"sshd_effective.{step.option.lower()}"
            if _set_in_match(step.option.lower(), facts):
                return False
        case "sysctl":
            path = f"kernel.sysctl.{step.name}"
        case _:
            return False
    if rule.holds is None:
        return False
    parts = tuple(walk(rule.holds))
    said = [one for one in parts if isinstance(one, Compare) and one.path.text == path and one.operator.name != "set"]
    if any(isinstance(one, Negation) for one in parts):
        return False
    return bool(said) and all(one.decide(Scope(facts, params)).value is True for one in said)


def _set_in_match(option: str, facts: HostFacts) -> bool:
    match = getattr(facts.facts.get("sshd_effective"), "match", ())
    return isinstance(match, tuple) and any(one.keyword == option for one in match)
