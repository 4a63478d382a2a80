# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Counting hosts, results and exit status; docs/decisions/0005 says how."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.cli.inspect import exit_code
from console.hints import HINTS
from console.reports.model import BaselineCounts, HealthCounts, HostCounts, HostReport, Inspection, Summary
from console.rollup import summarise
from fleet.capture import CauseCode
from tests.reports import sample

CLEAN = {"hosts": HostCounts(total=2, reached=2), "baseline": BaselineCounts(), "health": HealthCounts(ok=2)}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 0),
        ({"baseline": BaselineCounts(pass_=5, not_applicable=2, not_evaluated=1, manual=1)}, 0),
        ({"baseline": BaselineCounts(fail=1)}, 1),
        ({"health": HealthCounts(ok=1, warning=1)}, 1),
        ({"health": HealthCounts(ok=1, critical=1)}, 1),
        ({"hosts": HostCounts(total=2, reached=1, unreachable=1)}, 3),
        ({"hosts": HostCounts(total=2, reached=2, partial=1), "baseline": BaselineCounts(fail=9)}, 3),
        ({"hosts": HostCounts(total=2, reached=1, interrupted=1)}, 3),
    ],
)
def test_exit_status(change: dict[str, object], status: int) -> None:
    summary = Summary.model_validate({**CLEAN, **change})
    assert exit_code(sample.fleet().model_copy(update={"summary": summary})) == status


def everything() -> list[Inspection]:
    return [sample.fleet(), sample.nobody(), sample.extremes()]


@settings(max_examples=30)
@given(hosts=st.lists(st.sampled_from([host for document in everything() for host in document.hosts]), max_size=30))
def test_every_host_and_every_result_is_counted_once(hosts: list[HostReport]) -> None:
    summary = summarise(hosts)
    counts = summary.hosts
    assert counts.total == len(hosts) == counts.reached + counts.unreachable + counts.interrupted
    assert counts.partial <= counts.reached
    assert sum(summary.health.model_dump().values()) == len(hosts)
    assert sum(summary.baseline.model_dump().values()) == sum(len(host.baseline) for host in hosts)


def test_every_cause_has_a_hint_in_both_languages() -> None:
    assert set(HINTS) == set(get_args(CauseCode))
    assert all(hint.en and hint.zh for hint in HINTS.values())
