# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The checks: every one says what its cases expect, and a file that is no check is refused by name."""

from datetime import UTC, datetime

import pytest

from fleet.collector import catalogue
from inventories.errors import BadInput
from probes.check import Check, checks, load
from probes.health import apply
from tests.probes.cases import CASES, cases

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ALL = [(check, name) for check in checks() for name in cases(check)]


def possible(check: Check) -> set[str]:
    """Return the states the check's own words provide for."""
    if check.states is not None:
        return set(check.states.values())
    assert check.limits is not None
    return {"ok"} | {state for state in ("warning", "critical") if check.limits.of(state) is not None}


@pytest.mark.parametrize(("check", "name"), ALL)
def test_a_check_says_what_its_case_expects(check: str, name: str) -> None:
    case = cases(check)[name]
    results = list(apply(checks()[check], case.host(), NOW))
    assert {result.item: result.state for result in results} == case.states
    for result in results:
        assert "{" not in result.message.en + result.message.zh
        assert result.message.en != result.message.zh


@pytest.mark.parametrize("check", checks())
def test_every_state_a_check_can_reach_has_a_case_and_so_has_missing_evidence(check: str) -> None:
    tried = cases(check).values()
    reached = {state for case in tried for state in case.states.values()}
    assert possible(checks()[check]) <= reached
    assert any(case.missing and set(case.states.values()) == {"unknown"} for case in tried)


@pytest.mark.parametrize("check", checks())
def test_a_host_without_the_thing_is_skipped_or_unknown_as_the_check_says(check: str) -> None:
    absent = [case for case in cases(check).values() if "absent" in case.missing.values()]
    assert absent
    for case in absent:
        assert set(case.states.values()) == (set() if checks()[check].on_absent == "skip" else {"unknown"})


def test_no_case_file_is_left_without_its_check() -> None:
    assert {file.stem for file in CASES.glob("*.yml")} == set(checks())


GOOD = """
id: load
title: {en: a, zh: b}
figure: load.per_cpu
limits: {direction: above, warning: 1, critical: 2}
message: {en: "{value}", zh: "{value} 个"}
runbook: {en: a, zh: b}
on_absent: unknown
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("on_absent: unknown", "", "on_absent"),
        ("on_absent: unknown", "on_absent: unknown\nextra: 1", "extra"),
        ("load.per_cpu", "load.per_core", "no field 'per_core'"),
        ("load.per_cpu", "laod.per_cpu", "no collector 'laod'"),
        ("load.per_cpu", "load.per_cpu.more", "nothing lies below"),
        ("load.per_cpu", "reboot.pending", "no limits"),
        ("critical: 2", "critical: 0.5", "must lie above"),
        ("warning: 1, critical: 2", "", "give a warning or a critical limit"),
        ("limits: {direction: above, warning: 1, critical: 2}", "", "either limits or states"),
        ("limits: {direction: above, warning: 1, critical: 2}", "states: {true: ok}", "states must name exactly"),
        ('en: "{value}"', 'en: "{item}"', "cannot be filled in"),
        ("figure:", "item: mount\nfigure:", "belong together"),
        ("figure: load.per_cpu", "each: load.one\nitem: one\nfigure: two", "is no list"),
        ("figure:", "detail: load.one\nfigure:", "neither a word"),
        ("id: load", "id: lode", "must be the file's name"),
        ("id: load", "id: [", "not YAML"),
    ],
)
def test_a_file_that_is_no_check_is_refused_by_name(old: str, new: str, told: str) -> None:
    assert load("load.yml", GOOD, catalogue()).id == "load"
    assert old in GOOD
    with pytest.raises(BadInput, match=r"probes/checks/load\.yml") as refused:
        load("load.yml", GOOD.replace(old, new), catalogue())
    assert told in str(refused.value)
