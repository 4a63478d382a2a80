# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The documented truth table, row by row, and what a result shows."""

import re
from pathlib import Path
from typing import Any

import pytest

from fleet.facts import Reason
from security.evaluate import MOST_SHOWN, evaluate, judge
from security.profile import load
from security.rule import Rule
from tests.security.facts import good_host

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "verdicts.md"
YES = {"fact": "sshd_effective.permitrootlogin", "eq": "no"}
NO = {"fact": "sshd_effective.permitrootlogin", "eq": "yes"}


def rule(**fields: Any) -> Rule:
    text = {"en": "x", "zh": "x"}
    minimal = {"id": "a.b", "title": text, "rationale": text, "severity": "low", "tried": ["debian12"],
               "needs": ["sshd_effective"], "finding": text, "fix": text, "assert": YES}  # fmt: skip
    return Rule.model_validate({**minimal, **fields})


def outcome(one: Rule, **missing: Reason) -> str:
    return judge(one, one.params, good_host(missing=missing)).outcome


ROWS: dict[str, str] = {
    "the rule is for another platform": outcome(rule(platforms=["rhel"])),
    "`when` is false": outcome(rule(when=NO)),
    "`when` is open: something is absent": outcome(rule(when=YES), sshd_effective="absent"),
    "the rule is a question for a person (`kind: manual`)": outcome(
        rule(kind="manual", **{"assert": None}, evidence=["sshd_effective.port"])
    ),
    "`assert` is true": outcome(rule()),
    "`assert` is false": outcome(rule(**{"assert": NO})),
    "open: `timeout`": outcome(rule(), sshd_effective="timeout"),
    "open: `truncated`": outcome(rule(), sshd_effective="truncated"),
    "open: `failed`": outcome(rule(), sshd_effective="failed"),
    "open: `unparsable`": outcome(rule(), sshd_effective="unparsable"),
    "open: `denied`": outcome(rule(), sshd_effective="denied"),
    "open: `cut`": outcome(rule(), sshd_effective="cut"),
    "open: `not_asked`": outcome(rule(), sshd_effective="not_asked"),
    "open: `absent`, `on_missing: not_applicable`": outcome(rule(), sshd_effective="absent"),
    "open: `absent`, `on_missing: fail`": outcome(rule(on_missing="fail"), sshd_effective="absent"),
    "open: `absent`, `on_missing: error`": outcome(rule(on_missing="error"), sshd_effective="absent"),
}


def documented() -> dict[str, str]:
    rows = re.findall(r"^\| (.+) \| `(\w+)` \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(rows)


def test_the_documented_truth_table_is_what_happens() -> None:
    assert documented() == ROWS


@pytest.mark.parametrize(
    ("reason", "expected"), [("denied", "not_evaluated"), ("failed", "error"), ("absent", "not_applicable")]
)
def test_an_unknown_platform_is_judged_by_why_it_is_unknown(reason: Reason, expected: str) -> None:
    assert outcome(rule(platforms=["debian"]), os_release=reason) == expected


def test_linux_rules_do_not_ask_for_the_platform() -> None:
    assert outcome(rule(), os_release="failed") == "pass"


def test_of_several_gaps_the_gravest_counts() -> None:
    both = {"all": [YES, {"fact": "kernel.mac_enforced", "eq": True}]}
    one = rule(needs=["sshd_effective", "kernel"], **{"assert": both})
    assert outcome(one, sshd_effective="denied", kernel="timeout") == "error"
    assert outcome(one, sshd_effective="absent", kernel="denied") == "not_evaluated"


def test_a_message_says_what_could_not_be_read_and_how_to_mend_that() -> None:
    result = judge(rule(), {}, good_host(missing={"sshd_effective": "denied"}))
    assert "SSH server settings" in result.message.en
    assert "sudo" in result.message.en
    assert "SSH 服务有效配置" in result.message.zh


def test_evidence_is_bounded_shortened_and_redacted() -> None:
    grants = [
        {"who": f"u{n}", "runas": "root", "command": "/bin/x --password=hunter2 " + "y" * 500, "password": False}
        for n in range(25)
    ]
    data = {"none": "accounts.sudo.grants", "that": {"fact": ".password", "eq": False}, "show": [".who", ".command"]}
    result = judge(
        rule(needs=["accounts"], **{"assert": data}), {}, good_host({"accounts": {"sudo": {"grants": grants}}})
    )
    assert result.outcome == "fail"
    assert len(result.evidence) == MOST_SHOWN
    assert "(and 15 more)" in result.evidence[-1].observed
    assert all(len(one.observed) < 230 and "hunter2" not in one.observed for one in result.evidence)


def test_a_host_gets_one_result_for_every_rule_in_order() -> None:
    loaded = load()
    assert [result.rule for result in evaluate(good_host(), loaded)] == [one.id for one in loaded.rules]
