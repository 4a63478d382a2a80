# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the rules about owners, rotas and locations find, and what they leave alone."""

from pathlib import Path

import pytest

from tests.inventories.asking import broken_lines, findings_of, marked_lines

NAME = "name: {en: N, zh: 名}"

CASES = {
    "owner: null where the region has one": (
        "INV-OWN-001",
        "hosts:\n  a: {address: 10.1.0.1}\n  b: {address: 10.1.0.2, owner: null} # here\n",
    ),
    "owner of a service": (
        "INV-OWN-001",
        f"services:\n  s: {{{NAME}, mlps_level: 1, hosts: [dr1], owner: null}} # here\n",
    ),
    "rota of what matters only": (
        "INV-OWN-002",
        f"""\
hosts:
  teaching-point: {{address: 10.1.0.1, importance: low}}
  usual: {{address: 10.1.0.2}}
  high: {{address: 10.1.0.3, importance: high}} # here
  called: {{address: 10.1.0.4, importance: critical, rota: always}}
services:
  one: {{{NAME}, mlps_level: 1, hosts: [usual]}}
  two: {{{NAME}, mlps_level: 2, hosts: [usual]}} # here
""",
    ),
    "location of what matters only": (
        "INV-LOC-001",
        """\
hosts:
  usual: {address: 10.1.0.1}
  nowhere: {address: 10.1.0.2, importance: high} # here
  in-a-room: {address: 10.1.0.3, importance: high, room: main} # here
  complete: {address: 10.1.0.4, importance: critical, room: main, rack: R01, u_position: 1}
  in-a-closet: {address: 10.1.0.5, importance: high, room: closet}
  virtual: {address: 10.1.0.6, importance: critical, virtual_on: complete}
""",
    ),
    "only rotas of critical assets cover the week": (
        "INV-ROT-001",
        f"""\
rotas:
  office:
    {NAME}
    shifts: {{day: {{start: "08:00", end: "18:00", contacts: [ops]}}}} # here
  unused:
    {NAME}
    shifts: {{day: {{start: "08:00", end: "18:00", contacts: [ops]}}}}
  halves:
    {NAME}
    shifts:
      day: {{start: "08:00", end: "20:00", contacts: [ops]}}
      night: {{start: "20:00", end: "08:00", contacts: [ops]}}
hosts:
  a: {{address: 10.1.0.1, importance: critical, rota: office}}
  b: {{address: 10.1.0.2, importance: critical, rota: halves}}
  c: {{address: 10.1.0.3, importance: high, rota: unused}}
""",
    ),
    "turns need a beginning": (
        "INV-ROT-003",
        f"""\
rotas:
  one: {{{NAME}, shifts: {{all: {{contacts: [ops]}}}}}}
  two: {{{NAME}, shifts: {{all: {{contacts: [ops, audit]}}}}}} # here
  three: {{{NAME}, since: 2026-11-02, shifts: {{all: {{contacts: [ops, audit]}}}}}}
""",
    ),
    "those who are called have a number or an address": (
        "INV-ROT-004",
        f"""\
contacts:
  mute: {{{NAME}}} # here
  mute-too: {{{NAME}}} # here
  not-called: {{{NAME}}}
rotas:
  r: {{{NAME}, shifts: {{all: {{contacts: [mute]}}}}, escalation: [security, mute-too]}}
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_people(case: str, tmp_path: Path) -> None:
    rule_id, text = CASES[case]

    assert broken_lines(rule_id, tmp_path, text) == marked_lines(text)


CALENDAR = """\
calendars:
  gaokao:
    name: {{en: Entrance examination, zh: 高考}}
    windows:
      last-year: {{kind: exam, start: 2026-06-07, end: 2026-06-09}}
      exam: {{kind: exam, start: 2027-06-07 08:00, end: 2027-06-07 18:00}}
      term: {{kind: term, start: 2027-02-20, end: 2027-07-10}}
rotas:
  duty:
    name: {{en: Duty, zh: 值班}}
    {zone}
    shifts: {{office: {{days: {days}, start: "{start}", end: "{end}", contacts: [ops]}}}} # here
services:
  registration: {{name: {{en: S, zh: 报名}}, mlps_level: 3, hosts: [dr1], rota: duty, calendar: gaokao}}
  statistics: {{name: {{en: S, zh: 统计}}, mlps_level: 2, hosts: [dr1], rota: duty, calendar: gaokao}}
"""


def peaks(root: Path, *, start: str = "08:00", end: str = "18:00", days: str = "[mon]", zone: str = "") -> list[str]:
    text = CALENDAR.format(start=start, end=end, days=days, zone=zone and f"timezone: {zone}")
    findings = findings_of("INV-ROT-002", root, text)
    assert [finding.line for finding in findings] in ([], marked_lines(text))
    return [finding.message for finding in findings]


def test_a_rota_that_covers_the_exam_to_come_is_enough(tmp_path: Path) -> None:
    assert peaks(tmp_path) == []


def test_an_exam_that_lasts_longer_than_the_shift_is_found_once_for_all_services(tmp_path: Path) -> None:
    (message,) = peaks(tmp_path, end="17:30")

    assert message == (
        "rota 'duty' has nobody on call for 0.5 hours of exam 'exam' of calendar 'gaokao', e.g. 2027-06-07 17:30 to "
        "2027-06-07 18:00 (Asia/Shanghai), for service registration, statistics"
    )


def test_the_wrong_day_of_the_week_is_found(tmp_path: Path) -> None:
    assert len(peaks(tmp_path, days="[tue, wed]")) == 1


def test_the_hours_of_a_rota_are_those_of_its_zone(tmp_path: Path) -> None:
    assert "e.g. 2027-06-07 08:00 to 2027-06-07 10:00" in peaks(tmp_path, zone="Asia/Urumqi")[0]


def test_a_zone_that_does_not_exist_is_left_to_its_own_rule(tmp_path: Path) -> None:
    assert peaks(tmp_path, zone="Asia/Beijing", end="17:30") == []
