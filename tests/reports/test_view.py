# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What readers are told first is the worst first."""

from console.reports.steps import first_steps
from console.reports.view import gaps, overview, soon_full
from console.reports.words import Words
from tests.reports import sample


def test_attention_is_critical_health_or_a_critical_finding() -> None:
    names = {line.host.name for line in overview(sample.extremes()).attention}
    assert names == {"hundred", sample.HOSTILE}


def test_hosts_come_worst_first_and_unfinished_before_the_fine() -> None:
    order = [line.host.name for line in overview(sample.extremes()).worst_first]
    assert order[:5] == ["hundred", sample.HOSTILE, "silent", "stopped", "late"]


def test_findings_come_by_severity_then_by_hosts() -> None:
    findings = overview(sample.fleet(48)).findings
    ranks = [("critical", "high", "medium", "low").index(line.rule.severity) for line in findings]
    assert ranks == sorted(ranks)
    high = [len(line.failing) for line in findings if line.rule.severity == "high"]
    assert high == sorted(high, reverse=True)


def test_every_result_is_tallied_once() -> None:
    inspection = sample.fleet()
    lines = overview(inspection).rules
    assert sum(sum(line.outcomes.values()) for line in lines) == sum(len(host.baseline) for host in inspection.hosts)
    assert sum(len(line.failing) for line in lines) == inspection.summary.baseline.fail


def test_a_clause_counts_a_host_once_however_many_of_its_rules_fail() -> None:
    clauses = overview(sample.extremes()).clauses
    busiest = max(clauses, key=lambda line: len(line.rules))
    assert busiest.outcomes["fail"] > busiest.failing == 1


def test_regions_without_a_host_are_left_out_and_the_rest_is_a_tree() -> None:
    lines = overview(sample.nobody()).regions
    assert [(line.depth, line.region.path) for line in lines] == [(0, "."), (1, "yunling")]


def test_file_systems_come_fullest_first() -> None:
    ratios = [stock.room.used_ratio for stock in overview(sample.fleet()).stocks]
    assert ratios == sorted(ratios, reverse=True)
    assert [stock.room.item for stock in soon_full(overview(sample.fleet()).stocks)] == ["/var"]


def test_the_first_steps_are_few_and_begin_with_health() -> None:
    inspection = sample.extremes()
    steps = first_steps(inspection, overview(inspection), Words("en"))
    assert [step.what for step in steps] == [
        "File system use: critical on 2 hosts",
        "Critical rule fails: SSH refuses empty passwords",
        "Critical rule fails: Only root has UID 0",
        "Find out why there was no login",
        "Prepare the inspection account (playbooks/prepare.yml): inspected without root",
    ]


def test_a_fleet_without_trouble_has_no_first_steps() -> None:
    inspection = sample.alone()
    assert first_steps(inspection, overview(inspection), Words("en")) == ()


def test_gaps_gather_results_by_their_reason() -> None:
    late = sample.extremes().hosts[3]
    assert [len(gap.results) for gap in gaps(late, "not_evaluated")] == [40]
