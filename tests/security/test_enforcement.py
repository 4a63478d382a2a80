# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A plan has exactly what fails and can be mended, in the order of danger, and never loosens what is stricter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from fleet.collectors.sshd_effective import MatchSetting, SshdEffective
from fleet.facts import HostFacts
from inventories.errors import BadInput
from playbooks.baseline import play
from security import catalogue, profile
from security.enforcement import plan as plans
from security.enforcement.make import Seen, host_plan
from security.enforcement.plan import HostPlan, Plan
from security.enforcement.settle import UnsettledError, settle
from security.evaluate import judge
from security.profile import Profile
from security.remedy import OwnFile, Permissions, Remedy, Setting, Sshd, Step, Sysctl, Unit_, parameters
from security.rule import Rule

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SSHD: Mapping[str, Any] = {
    "port": (22,), "permitrootlogin": "no", "passwordauthentication": "no", "permitemptypasswords": "no",
    "maxauthtries": 4, "clientaliveinterval": 300, "clientalivecountmax": 2, "match": (),
}  # fmt: skip
KINDS = play.kinds()


def planned(
    rules: str, *, waived: frozenset[str] = frozenset(), known: Profile | None = None, **sshd: object
) -> HostPlan:
    """Return the plan for a host whose sshd is as said."""
    facts = {"sshd_effective": SshdEffective(**{**SSHD, **sshd})}
    known = known or profile.load()
    seen = HostFacts("h", facts, {})
    chosen = tuple(rule for rule in known.rules if rule.id in rules.split())
    results = tuple(judge(rule, known.params[rule.id], seen) for rule in chosen)
    return host_plan(Seen("h", NOW, "0" * 64, seen, results), known, rules=rules.split(), waived=waived, kinds=KINDS)


def sealed(*hosts: HostPlan) -> Plan:
    return Plan(format=1, id="p", created=NOW, tool="t", profile="mlps-l3", scope="", hosts=hosts).sealed()


def test_what_passes_is_not_in_the_plan() -> None:
    assert planned("ssh.root_login ssh.max_auth_tries") == HostPlan(
        host="h", observed=NOW, capture="0" * 64, measures=(), excluded=()
    )


def test_a_measure_has_the_settled_values() -> None:
    (measure,) = planned("ssh.max_auth_tries", maxauthtries=20).measures
    assert measure.steps == (Sshd(do="sshd", option="MaxAuthTries", value=5),)
    assert measure.params == {"most": 5}


def test_a_value_that_is_stricter_already_stays_when_another_of_the_rule_is_not() -> None:
    (measure,) = planned("ssh.idle_timeout", clientaliveinterval=60, clientalivecountmax=99).measures
    assert measure.steps == (Sshd(do="sshd", option="ClientAliveCountMax", value=3),)


def test_a_match_block_that_says_otherwise_is_a_reason_to_say_it_all() -> None:
    block = MatchSetting(criteria="User x", keyword="permitrootlogin", value="yes")
    (measure,) = planned("ssh.root_login", match=(block,)).measures
    assert measure.steps == (Sshd(do="sshd", option="PermitRootLogin", value="no"),)


def test_what_can_cut_access_is_dangerous_whatever_the_rule_says() -> None:
    rule = catalogue.rules()["ssh.max_auth_tries"]
    assert rule.remedy is not None
    harmless = rule.model_copy(update={"remedy": rule.remedy.model_copy(update={"danger": "none"})})
    known = replace(profile.load(), rules=(harmless,))
    assert planned("ssh.max_auth_tries", known=known, maxauthtries=20).measures[0].danger == "access"


@pytest.mark.parametrize(
    "step",
    [
        OwnFile(do="file", file="/etc/sudoers.d/x", text="x"),
        Permissions(do="permissions", paths=("/etc/ssh/ssh_host_*_key",), at_most="0600"),
        Unit_(do="unit", names=("nftables.service",), state="running"),
    ],
)
def test_so_is_what_lies_where_access_is_decided(step: Step) -> None:
    remedy = Remedy(danger="service", steps=(step,))
    rule = catalogue.rules()["ssh.max_auth_tries"].model_copy(update={"remedy": remedy})
    known = replace(profile.load(), rules=(rule,))
    assert planned("ssh.max_auth_tries", known=known, maxauthtries=20).measures[0].danger == "access"


def test_waived_findings_are_left_with_the_reason() -> None:
    found = planned("ssh.max_auth_tries", waived=frozenset({"ssh.max_auth_tries"}), maxauthtries=20)
    assert (found.measures, found.excluded[0].reason) == ((), "waived")


def test_findings_without_remedy_and_rules_without_verdict_are_left_with_the_reason() -> None:
    found = planned("ssh.allowed_users accounts.uid_zero accounts.review")
    reasons = {one.rule: one.reason for one in found.excluded}
    assert found.measures == ()
    assert reasons["ssh.allowed_users"] == "no_remedy"
    assert reasons["accounts.uid_zero"] == "not_evaluated"


def test_a_changed_plan_is_refused() -> None:
    whole = sealed(planned("ssh.max_auth_tries", maxauthtries=20)).model_dump_json()
    assert plans.read(whole, "plan.json").intact
    with pytest.raises(BadInput, match="its digest does not fit"):
        plans.read(whole.replace('"value":5', '"value":50'), "plan.json")
    with pytest.raises(BadInput, match="not a plan"):
        plans.read("{}", "plan.json")


def test_parameters_go_into_steps_as_value_as_items_or_joined() -> None:
    steps = (
        Sysctl(do="sysctl", name="net.a", value="$one"),
        Unit_(do="unit", names=("$many",), state="masked"),
        Permissions(do="permissions", paths=("$many", "/etc/x"), at_most="$mode"),
        Setting(do="setting", file="/etc/x", key="k", value="$many"),
    )
    settled = settle(Remedy(danger="none", steps=steps), {"one": 5, "many": ("/a", "/b"), "mode": "0640"})
    assert settled == (
        Sysctl(do="sysctl", name="net.a", value=5),
        Unit_(do="unit", names=("/a", "/b"), state="masked"),
        Permissions(do="permissions", paths=("/a", "/b", "/etc/x"), at_most="0640"),
        Setting(do="setting", file="/etc/x", key="k", value="/a,/b"),
    )


def test_a_parameter_that_does_not_fit_is_said() -> None:
    remedy = Remedy(danger="none", steps=(Permissions(do="permissions", paths=("/x",), at_most="$mode"),))
    with pytest.raises(UnsettledError, match="at_most"):
        settle(remedy, {"mode": "rwx"})


REMEDIED = [rule for rule in catalogue.rules().values() if rule.remedy is not None]


@pytest.mark.parametrize("rule", REMEDIED, ids=[rule.id for rule in REMEDIED])
def test_every_shipped_remedy_settles_and_has_tasks(rule: Rule) -> None:
    assert rule.remedy is not None
    steps = settle(rule.remedy, rule.params)
    for step in steps:
        assert parameters(Remedy(danger="none", steps=(step,))) == frozenset()
    supported = tuple(step for step in steps if step.do in KINDS)
    assert play.apply("run", [play.Change("1-0000-x", rule.id, supported)])
