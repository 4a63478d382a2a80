# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the rules about grading, backups and dependencies of services find, and what they leave alone."""

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inventories.asking import broken_lines, findings_of, marked_lines

ON = "name: {en: S, zh: 业务}, hosts: [dr1]"
POLICY = "every_hours: 24, restore_hours: 8, retention_days: 180"

CASES = {
    "filing from level 2 up": (
        "INV-SVC-001",
        f"""\
services:
  one: {{{ON}, mlps_level: 1}}
  two: {{{ON}, mlps_level: 2}} # here
  undated: {{{ON}, mlps_level: 3, filing: {{filed: 2026-01-01}}}} # here
  filed: {{{ON}, mlps_level: 3, filing: {{filed: 2026-01-01, next_assessment: 2026-12-01}}}}
""",
    ),
    "an assessment is due on its day, overdue the day after": (
        "INV-SVC-002",
        f"""\
services:
  today: {{{ON}, mlps_level: 3, filing: {{filed: 2026-01-01, next_assessment: 2026-11-23}}}}
  yesterday: {{{ON}, mlps_level: 3, filing: {{filed: 2026-01-01, next_assessment: 2026-11-22}}}} # here
  unfiled: {{{ON}, mlps_level: 3}}
""",
    ),
    "one year from level 3 up, two for level 2": (
        "INV-SVC-003",
        f"""\
services:
  a: {{{ON}, mlps_level: 3, filing: {{filed: 2020-01-01, assessed: 2026-06-01, next_assessment: 2027-06-01}}}}
  b: {{{ON}, mlps_level: 3, filing: {{filed: 2020-01-01, assessed: 2026-06-01, next_assessment: 2027-07-01}}}} # here
  c: {{{ON}, mlps_level: 2, filing: {{filed: 2020-01-01, assessed: 2026-06-01, next_assessment: 2028-06-01}}}}
  d: {{{ON}, mlps_level: 2, filing: {{filed: 2024-01-01, next_assessment: 2027-01-01}}}} # here
  e: {{{ON}, mlps_level: 1, filing: {{filed: 2016-01-01, next_assessment: 2036-01-01}}}}
""",
    ),
    "zones are found by address, by further address and by interface": (
        "INV-SVC-004",
        """\
sites:
  campus:
    name: {en: Campus, zh: 校区}
    link: fiber
    vlans:
      strict: {vid: 10, purpose: server, prefixes: [10.3.0.0/24, "2001:db8:3::/64"], mlps_level: 3}
      plain: {vid: 20, purpose: server, prefixes: [10.3.1.0/24, "2001:db8:4::/64"]}
      bare: {vid: 30, purpose: staff}
hosts:
  safe: {address: 10.3.0.1, site: campus, interfaces: {eth0: {addresses: ["2001:db8:3::1/64"], vlans: [strict]}}}
  by-address: {address: 10.3.1.1, site: campus}
  by-second: {address: 10.3.0.2, site: campus, interfaces: {eth1: {addresses: ["2001:db8:4::1/64"]}}}
  by-interface: {address: 10.3.0.3, site: campus, interfaces: {eth1: {vlans: [bare]}}}
  in-no-vlan: {address: 10.4.0.1, site: campus}
services:
  three:
    name: {en: S, zh: 业务}
    mlps_level: 3
    hosts:
      - safe
      - by-address # here
      - by-second
      - by-interface # here
      - in-no-vlan
  two: {name: {en: S, zh: 业务}, mlps_level: 2, hosts: [by-address, by-interface]}
""",
    ),
    "only data stores, only of lower level": (
        "INV-SVC-005",
        f"""\
services:
  low-store: {{{ON}, mlps_level: 2, kind: datastore}}
  low-other: {{{ON}, mlps_level: 2, kind: infrastructure}}
  store: {{{ON}, mlps_level: 3, kind: datastore}}
  fine: {{{ON}, mlps_level: 3, depends_on: [store, low-other]}}
  level-two: {{{ON}, mlps_level: 2, depends_on: [low-store]}}
  weak: {{{ON}, mlps_level: 3, depends_on: [store, low-store]}} # here
""",
    ),
    "three different administrators": (
        "INV-SVC-006",
        f"""\
services:
  two: {{{ON}, mlps_level: 2}}
  none: {{{ON}, mlps_level: 3}} # here
  twice: {{{ON}, mlps_level: 3, administrators: {{system: ops, audit: audit, security: ops}}}} # here
  three: {{{ON}, mlps_level: 3, administrators: {{system: ops, audit: audit, security: security}}}}
""",
    ),
    "level 3 is backed up": (
        "INV-BAK-001",
        f"""\
backups:
  nightly: {{target: dr, {POLICY}}}
services:
  two: {{{ON}, mlps_level: 2}}
  three: {{{ON}, mlps_level: 3}} # here
  kept: {{{ON}, mlps_level: 3, backup: nightly}}
""",
    ),
    "copies lie elsewhere: another site, for level 3 another province": (
        "INV-BAK-002",
        f"""\
sites:
  second: {{name: {{en: Second, zh: 第二机房}}, link: fiber}}
hosts:
  here1: {{address: 10.1.0.1}}
backups:
  local: {{target: dc, {POLICY}}}
  city: {{target: second, {POLICY}}}
  away: {{target: dr, {POLICY}}}
  local-first: {{target: dc, {POLICY}}}
  then-second: {{target: second, {POLICY}, copy_of: local-first}}
  then-away: {{target: dr, {POLICY}, copy_of: then-second}}
services:
  a: {{name: {{en: S, zh: 业务}}, mlps_level: 2, hosts: [here1], backup: local}} # here
  b: {{name: {{en: S, zh: 业务}}, mlps_level: 2, hosts: [here1], backup: city}}
  c: {{name: {{en: S, zh: 业务}}, mlps_level: 3, hosts: [here1], backup: city}} # here
  d: {{name: {{en: S, zh: 业务}}, mlps_level: 3, hosts: [here1], backup: away}}
  e: {{name: {{en: S, zh: 业务}}, mlps_level: 3, hosts: [here1], backup: local-first}}
  f: {{name: {{en: S, zh: 业务}}, mlps_level: 3, hosts: [here1, dr1], backup: away}}
""",
    ),
    "policies that copy each other": (
        "INV-BAK-003",
        f"""\
backups:
  data: {{target: dr, {POLICY}}}
  copy: {{target: dc, {POLICY}, copy_of: data}}
  ring1: {{target: dr, {POLICY}, copy_of: ring2}}
  ring2: {{target: dr, {POLICY}, copy_of: ring1}} # here
  itself: {{target: dr, {POLICY}, copy_of: itself}} # here
""",
    ),
    "restores were tested within a year": (
        "INV-BAK-004",
        f"""\
backups:
  unused: {{target: dr, {POLICY}}}
  never: {{target: dr, {POLICY}}} # here
  long-ago: {{target: dr, {POLICY}, restore_tested: 2025-11-22}} # here
  lately: {{target: dr, {POLICY}, restore_tested: 2025-11-23}}
services:
  a: {{{ON}, mlps_level: 3, backup: never}}
  b: {{{ON}, mlps_level: 3, backup: long-ago}}
  c: {{{ON}, mlps_level: 3, backup: lately}}
  d: {{{ON}, mlps_level: 2, backup: unused}}
""",
    ),
    "level 3 is copied every day": (
        "INV-BAK-005",
        f"""\
backups:
  daily: {{target: dr, every_hours: 24, restore_hours: 8, retention_days: 30}}
  weekly: {{target: dr, every_hours: 168, restore_hours: 8, retention_days: 30}} # here
  monthly: {{target: dr, every_hours: 720, restore_hours: 8, retention_days: 30}}
services:
  a: {{{ON}, mlps_level: 3, backup: daily}}
  b: {{{ON}, mlps_level: 3, backup: weekly}}
  c: {{{ON}, mlps_level: 3, backup: weekly}}
  d: {{{ON}, mlps_level: 2, backup: monthly}}
""",
    ),
    "logs are kept for half a year, if need be as copies": (
        "INV-BAK-006",
        f"""\
backups:
  month: {{target: dr, every_hours: 24, restore_hours: 8, retention_days: 30}} # here
  first: {{target: dc, every_hours: 24, restore_hours: 8, retention_days: 30}}
  then: {{target: dr, every_hours: 24, restore_hours: 8, retention_days: 180, copy_of: first}}
services:
  logs: {{{ON}, mlps_level: 2, kind: logging, backup: month}}
  more-logs: {{{ON}, mlps_level: 2, kind: logging, backup: month}}
  kept-logs: {{{ON}, mlps_level: 2, kind: logging, backup: first}}
  data: {{{ON}, mlps_level: 2, kind: datastore, backup: first}}
  unstated: {{{ON}, mlps_level: 2, kind: logging}}
""",
    ),
    "copies of copies lie apart": (
        "INV-BAK-007",
        f"""\
backups:
  data: {{target: dr, {POLICY}}}
  beside: {{target: dr, {POLICY}, copy_of: data}} # here
  apart: {{target: dc, {POLICY}, copy_of: data}}
""",
    ),
    "watchers need no application, also not through others": (
        "INV-DEP-002",
        f"""\
services:
  dns: {{{ON}, mlps_level: 2, kind: infrastructure}}
  identity: {{{ON}, mlps_level: 3, depends_on: [database]}}
  portal: {{{ON}, mlps_level: 2, kind: infrastructure, depends_on: [dns, identity]}}
  database: {{{ON}, mlps_level: 3, kind: datastore}}
  logs: {{{ON}, mlps_level: 2, kind: logging, depends_on: [dns]}}
  monitoring: {{{ON}, mlps_level: 2, kind: monitoring, depends_on: [logs, dns]}}
  backup: {{{ON}, mlps_level: 2, kind: backup, depends_on: [dns, portal]}} # here
  more-logs: {{{ON}, mlps_level: 2, kind: logging, depends_on: [database]}} # here
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_services(case: str, tmp_path: Path) -> None:
    rule_id, text = CASES[case]

    assert broken_lines(rule_id, tmp_path, text) == marked_lines(text)


def test_inherited_administrators_are_reported_where_they_stand(tmp_path: Path) -> None:
    text = f"""\
defaults:
  administrators: {{system: ops, audit: ops, security: security}} # here
services:
  a: {{{ON}, mlps_level: 3}}
  b: {{{ON}, mlps_level: 3}}
  c: {{{ON}, mlps_level: 3, administrators: {{audit: audit}}}}
"""
    (finding,) = findings_of("INV-SVC-006", tmp_path, text)

    assert [finding.line] == marked_lines(text)
    assert finding.message == "three different administrators are not named for service a, b"


MONITORED = """\
hosts:
  here1: {{address: 10.1.0.1}}
services:
  eyes: {{name: {{en: S, zh: 监控}}, mlps_level: 2, kind: monitoring, hosts: [{eyes}]}} # here
  more-eyes: {{name: {{en: S, zh: 监控}}, mlps_level: 2, kind: monitoring, hosts: [{more}]}}
  portal: {{name: {{en: S, zh: 门户}}, mlps_level: 2, hosts: [{portal}]}}
"""


@pytest.mark.parametrize(
    ("eyes", "more", "portal", "blind"),
    [
        ("here1", "here1", "here1, dr1", True),
        ("dr1", "dr1", "here1", True),
        ("here1", "dr1", "here1, dr1", False),
        ("here1, dr1", "here1", "here1", False),
        ("here1", "here1", "here1", False),
    ],
    ids=["both inside", "elsewhere, but alone", "each at one", "one at both", "there is one site only"],
)
def test_monitoring_at_one_site(eyes: str, more: str, portal: str, blind: bool, tmp_path: Path) -> None:
    text = MONITORED.format(eyes=eyes, more=more, portal=portal)

    assert broken_lines("INV-DEP-003", tmp_path, text) == (marked_lines(text) if blind else [])


def test_unknown_hosts_sites_and_policies_are_left_to_their_own_rule(tmp_path: Path) -> None:
    text = """\
hosts:
  nowhere: {address: 10.1.0.1, site: no-site}
backups:
  lost: {target: no-site, every_hours: 24, restore_hours: 8, retention_days: 30}
services:
  a: {name: {en: S, zh: 业务}, mlps_level: 3, hosts: [no-host, nowhere], backup: lost, depends_on: [no-service]}
  b: {name: {en: S, zh: 业务}, mlps_level: 3, hosts: [dr1], backup: no-policy, kind: logging}
  c: {name: {en: S, zh: 业务}, mlps_level: 3, hosts: [no-host], kind: monitoring, depends_on: [no-service]}
"""
    for rule_id in ("INV-SVC-004", "INV-SVC-005", "INV-BAK-002", "INV-BAK-006", "INV-DEP-001", "INV-DEP-002"):
        assert findings_of(rule_id, tmp_path, text) == []


KINDS = ("application", "datastore", "infrastructure", "monitoring", "logging", "backup")
graphs = st.lists(
    st.tuples(st.sampled_from(KINDS), st.lists(st.integers(0, 7), max_size=4)), min_size=1, max_size=8
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


def written(graph: list[tuple[str, list[int]]]) -> str:
    """Return the services of a graph; service ``s0`` is in line 2."""
    lines = (
        f"  s{number}: {{{ON}, mlps_level: 1, kind: {kind}, depends_on: [{', '.join(f's{n}' for n in needs)}]}}\n"
        for number, (kind, needs) in enumerate(graph)
    )
    return f"services:\n{''.join(lines)}"


def edges(graph: list[tuple[str, list[int]]]) -> dict[int, set[int]]:
    return {number: {needed for needed in needs if needed < len(graph)} for number, (_, needs) in enumerate(graph)}


@settings(max_examples=100, deadline=None)
@given(graphs)
def test_circles_are_found_where_there_are_some(shared: Path, graph: list[tuple[str, list[int]]]) -> None:
    findings = findings_of("INV-DEP-001", shared, written(graph))

    try:
        TopologicalSorter(edges(graph)).prepare()
        assert findings == []
    except CycleError:
        assert findings
    for finding in findings:
        circle = [int(name[1:]) for name in finding.message.partition(": ")[2].split(" -> ")]
        assert circle[0] == circle[-1]
        assert all(needed in edges(graph)[name] for name, needed in pairwise(circle))
        assert finding.line == circle[-2] + 2


@settings(max_examples=100, deadline=None)
@given(graphs)
def test_watchers_that_reach_what_they_watch_are_found(shared: Path, graph: list[tuple[str, list[int]]]) -> None:
    reached = edges(graph)
    for _ in graph:
        reached = {name: needs.union(*(reached[needed] for needed in needs)) for name, needs in reached.items()}
    dependent = {
        name + 2
        for name, (kind, _) in enumerate(graph)
        if kind in {"monitoring", "logging", "backup"}
        and any(graph[needed][0] in {"application", "datastore"} for needed in reached[name])
    }

    assert set(broken_lines("INV-DEP-002", shared, written(graph))) == dependent
