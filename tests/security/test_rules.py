# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Every shipped rule: its cases, and that nothing but evidence makes it pass."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from fleet.capture import Capture, Section
from fleet.collector import DENIED, catalogue
from fleet.collectors import files, kernel, packages, units
from fleet.facts import HostFacts, Missing, Reason, read
from security import catalogue as shipped
from security.evaluate import judge
from security.rule import Rule
from tests.security.facts import good_host

CASES = Path(__file__).parent / "cases"
RULES = tuple(shipped.rules().values())
NOT_ON_DEBIAN = {
    "crypto.system_policy",
    "crypto.policy_followed",
    "updates.local_signatures",
    "updates.metadata_signed",
    *(rule.id for rule in RULES if rule.id.startswith("mac.selinux_")),
}
"""Rules on what the good host does not have."""


def cases_of(rule: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((CASES / f"{rule}.yml").read_text(encoding="utf-8"))
    return found


def host(case: dict[str, Any]) -> HostFacts:
    return good_host(case.get("with"), case.get("replace"), case.get("missing"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_its_cases_expect(rule: Rule) -> None:
    for number, case in enumerate(cases_of(rule.id)):
        assert case.keys() <= {"outcome", "with", "replace", "missing"}
        result = judge(rule, rule.params, host(case))
        assert result.outcome == case["outcome"], f"case {number}: {result}"
        assert result.message.en
        assert result.message.zh


def test_every_rule_has_cases_and_every_case_a_rule() -> None:
    assert {file.stem for file in CASES.glob("*.yml")} == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_cases_of_a_rule_show_a_pass_and_a_fail(rule: Rule) -> None:
    outcomes = {case["outcome"] for case in cases_of(rule.id)}
    assert outcomes >= ({"manual"} if rule.kind == "manual" else {"pass", "fail"})


def test_every_rule_passes_on_the_good_host_or_is_not_for_it() -> None:
    outcomes = {rule.id: judge(rule, rule.params, good_host()).outcome for rule in RULES}
    assert {name for name, outcome in outcomes.items() if outcome not in {"pass", "manual"}} == NOT_ON_DEBIAN


@pytest.mark.parametrize("reason", get_args(Reason))
def test_no_rule_passes_on_missing_evidence(reason: Reason) -> None:
    nothing = HostFacts("host", {}, {name: Missing(reason, "") for name in catalogue()})
    for rule in RULES:
        result = judge(rule, rule.params, nothing)
        assert result.outcome not in {"pass", "manual"} or (rule.kind == "manual" and reason == "absent"), result


def capture(sections: dict[str, Section]) -> Capture:
    return Capture(
        target="host", started="2026-11-23T00:00:00Z", seconds=1.0, tool="test", questions="", asked=tuple(catalogue()),
        reached=True, privilege="user", privilege_detail="", cause=None, target_cpu_seconds=None, sections=sections,
    )  # fmt: skip


BROKEN = {
    "empty": Section(0, "", "", 0.0, truncated=False, timed_out=False),
    "truncated": Section(0, "x" * 100, "", 0.0, truncated=True, timed_out=False),
    "errored": Section(1, "", "oops", 0.0, truncated=False, timed_out=False),
    "timed out": Section(124, "", "", 9.0, truncated=False, timed_out=True),
    "denied": Section(DENIED, "", "", 0.0, truncated=False, timed_out=False),
    "nonsense": Section(0, "{]\n\nend\n", "", 0.0, truncated=False, timed_out=False),
}


@pytest.mark.parametrize("section", BROKEN.values(), ids=BROKEN.keys())
def test_no_rule_passes_on_a_broken_capture(section: Section) -> None:
    facts = read(capture(dict.fromkeys(catalogue(), section)))
    assert not [rule.id for rule in RULES if judge(rule, rule.params, facts).outcome == "pass"]


def test_no_rule_passes_on_a_host_that_was_not_reached() -> None:
    facts = read(capture({}))
    assert {judge(rule, rule.params, facts).outcome for rule in RULES} == {"not_evaluated"}


def test_rules_name_only_what_the_collectors_ask_for() -> None:
    """A key that is never asked for would look absent on every host."""
    for rule in RULES:
        text = rule.model_dump_json(by_alias=True)
        assert set(re.findall(r"kernel\.sysctl\.([\w.]+)", text)) <= set(kernel.SYSCTLS)
        if "units" in rule.needs:
            assert set(re.findall(r'"([\w@-]+\.(?:service|socket|timer))"', text)) <= set(units.UNITS)
        if rule.needs == {"packages"}:
            names = rule.params["names"]
            assert isinstance(names, tuple)
            assert set(names) <= set(packages.PACKAGES)
        if rule.needs == {"files"}:
            named = set(re.findall(r'"(/(?:etc|root)/[\w/.-]+)"', text))
            assert all(re.sub(r"ssh_host_.*", "ssh_host_*_key", path) in files.QUESTION for path in named), named
