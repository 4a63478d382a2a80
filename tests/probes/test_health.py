# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Judging a host: missing evidence is never good, hold-downs hold, and the worst result is the host's state."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from fleet.collectors.identity import Identity
from fleet.collectors.load import Load
from fleet.facts import HostFacts, Missing, Reason
from inventories.base import Text
from probes.health import judge, needed_collectors, worst
from probes.verdict import CheckResult, State
from probes.wording import write

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BUSY = Load(one=90, five=90, fifteen=90, cpus=2)


def of(state: State) -> CheckResult:
    return CheckResult(check="any", state=state, message=Text(en="", zh=""))


def booted(seconds: float) -> Identity:
    return Identity(
        hostname="a",
        kernel="6.1.0",
        arch="x86_64",
        boot_id="b",
        uptime_seconds=seconds,
        cpus=2,
        machine_id=None,
        virtualization=None,
        vendor=None,
        product=None,
        serial=None,
    )


@pytest.mark.parametrize("reason", sorted(set(get_args(Reason)) - {"absent"}))
def test_a_host_that_told_nothing_is_unknown_in_every_check_and_says_why(reason: Reason) -> None:
    nothing = HostFacts("a", {}, {name: Missing(reason, "the detail") for name in needed_collectors()})
    results = judge(nothing, NOW)
    assert {result.state for result in results} == {"unknown"}
    assert all("the detail" in result.message.en and "the detail" in result.message.zh for result in results)
    assert worst(results) == "unknown"


def test_what_was_not_asked_is_unknown() -> None:
    assert {result.state for result in judge(HostFacts("a", {}, {}), NOW)} == {"unknown"}


@pytest.mark.parametrize(
    ("results", "state"),
    [
        ([], "unknown"),
        (["unknown"], "unknown"),
        (["unknown", "unknown"], "unknown"),
        (["ok"], "ok"),
        (["ok", "unknown"], "ok"),
        (["warning", "unknown"], "warning"),
        (["ok", "warning"], "warning"),
        (["critical", "unknown"], "critical"),
        (["ok", "warning", "critical", "unknown"], "critical"),
    ],
)
def test_the_state_of_a_host_by_its_results(results: list[State], state: State) -> None:
    assert worst(of(result) for result in results) == state


@pytest.mark.parametrize(
    ("identity", "state"),
    [({"identity": booted(60)}, "unknown"), ({"identity": booted(86_400)}, "critical"), ({}, "critical")],
    ids=["just booted", "long up", "uptime not known: nothing excuses the load"],
)
def test_a_finding_is_held_down_only_by_a_circumstance_that_was_seen(
    identity: dict[str, Identity], state: State
) -> None:
    (load,) = (
        result for result in judge(HostFacts("a", {"load": BUSY, **identity}, {}), NOW) if result.check == "load"
    )
    assert (load.state, load.value) == (state, 45.0)


def test_a_finding_names_the_figure_and_the_limit() -> None:
    (load,) = (result for result in judge(HostFacts("a", {"load": BUSY}, {}), NOW) if result.check == "load")
    assert load.message.en == "The 15-minute load is 45 per processor; critical above 4"
    assert load.message.zh == "15 分钟平均负载为每核 45，高于 4 即严重"


def test_judging_twice_says_the_same() -> None:
    facts = HostFacts("a", {"load": BUSY, "identity": booted(86_400)}, {})
    assert judge(facts, NOW) == judge(facts, NOW)


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (0.923, "ratio", "92.3%", "92.3%"),
        (0.0042, "seconds", "4.2 ms", "4.2 毫秒"),
        (12.0, "seconds", "12 s", "12 秒"),
        (-0.5, "days", "-1 days", "-1 天"),
        (3.0, "count", "3", "3"),
        (True, "", "yes", "是"),
        ("degraded", "", "degraded", "degraded"),
    ],
)
def test_figures_are_written_for_people(value: object, unit: str, en: str, zh: str) -> None:
    assert (write(value, unit, "en"), write(value, unit, "zh")) == (en, zh)  # type: ignore[arg-type] # parametrized
