# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the rules about redundancy, power and cooling find, and what they leave alone."""

from pathlib import Path

import pytest

from tests.inventories.asking import broken_lines, findings_of, marked_lines

SERVICE = "name: {en: S, zh: 业务}, mlps_level: 3"
DEVICE = "platform: huawei, vendor: huawei, role: core"

# Two racks, and hosts in them; what a case says of the room decides.
HALL = """\
sites:
  hall:
    name: {{en: Hall, zh: 机房}}
    link: fiber
    rooms:
      a: {{grade: C, it_kw: 100, {room}}}
hosts:
  one: {{address: 10.1.0.1, site: hall, room: a, rack: R01}}
  two: {{address: 10.1.0.2, site: hall, room: a, rack: R02}}
services:
  s: {{name: {{en: S, zh: 业务}}, mlps_level: 3, hosts: [one, two]}} # here
"""

SUPPLIES = {
    "not stated": ("racks: {R01..R02: {}}", None),
    "one UPS": ("ups: {u: {kw: 200}}", "UPS 'u'"),
    "two UPSes": ("ups: {u: {kw: 200}, v: {kw: 200}}, feeds: {f: {}, g: {}}", None),
    "two UPSes, racks on the same": (
        "racks: {R01..R02: {supply: [u]}}, ups: {u: {kw: 200}, v: {kw: 200}}, feeds: {f: {}, g: {}}",
        "UPS 'u'",
    ),
    "racks on one UPS each": (
        "racks: {R01: {supply: [u]}, R02: {supply: [v]}}, ups: {u: {kw: 200}, v: {kw: 200}}, feeds: {f: {}, g: {}}",
        None,
    ),
    "two UPSes on one feed": ("ups: {u: {kw: 200}, v: {kw: 200}}, feeds: {f: {}}", "feed 'f'"),
    "two UPSes on one of two feeds": (
        "ups: {u: {kw: 200, feeds: [f]}, v: {kw: 200, feeds: [f]}}, feeds: {f: {}, g: {}}",
        "feed 'f'",
    ),
    "one feed, but a generator": ("ups: {u: {kw: 200}, v: {kw: 200}}, feeds: {f: {}}, genset: {kw: 200}", None),
    "feeds without UPS": ("feeds: {f: {}, g: {}}", None),
    "a UPS and a feed past it": (
        "racks: {R01: {supply: [u]}, R02: {supply: [g]}}, ups: {u: {kw: 200, feeds: [f]}}, feeds: {f: {}, g: {}}",
        None,
    ),
}


@pytest.mark.parametrize("case", SUPPLIES)
def test_the_supply_that_all_hosts_of_a_service_share(case: str, tmp_path: Path) -> None:
    room, culprit = SUPPLIES[case]

    findings = findings_of("INV-HA-004", tmp_path, HALL.format(room=room))

    assert [culprit in finding.message for finding in findings if culprit] == [True] * bool(culprit)
    assert len(findings) == bool(culprit)


CASES = {
    "hosts count as machines": (
        "INV-HA-001",
        f"""\
hosts:
  metal1: {{address: 10.1.0.1}}
  metal2: {{address: 10.1.0.2}}
  vm1: {{address: 10.1.0.3, virtual_on: metal1}}
  vm2: {{address: 10.1.0.4, virtual_on: metal1}}
  vm3: {{address: 10.1.0.5, virtual_on: metal2}}
services:
  level-two: {{name: {{en: S, zh: 业务}}, mlps_level: 2, hosts: [metal1]}}
  alone: {{{SERVICE}, hosts: [metal1]}} # here
  twice: {{{SERVICE}, hosts: [metal1, metal1]}} # here
  together: {{{SERVICE}, hosts: [vm1, vm2]}} # here
  on-its-own-guest: {{{SERVICE}, hosts: [metal1, vm1]}} # here
  apart: {{{SERVICE}, hosts: [vm1, vm3]}}
  both: {{{SERVICE}, hosts: [metal1, metal2]}}
  partly-unknown: {{{SERVICE}, hosts: [metal1, no-host]}}
""",
    ),
    "feeds are counted where they are stated": (
        "INV-HA-002",
        """\
sites:
  hall:
    name: {en: Hall, zh: 机房}
    link: fiber
    rooms:
      unstated: {grade: A, it_kw: 10}
      basic: {grade: C, it_kw: 10, feeds: {a: {}}}
      single: {grade: A, it_kw: 10, feeds: {a: {}}} # here
      double: {grade: B, it_kw: 10, feeds: {a: {}, b: {}}}
""",
    ),
    "racks apart, as far as they are stated": (
        "INV-HA-003",
        f"""\
hosts:
  r1: {{address: 10.1.0.1, room: main, rack: R01}}
  r1-too: {{address: 10.1.0.2, room: main, rack: R01}}
  r2: {{address: 10.1.0.3, room: main, rack: R02}}
  somewhere: {{address: 10.1.0.4, room: main}}
  anywhere: {{address: 10.1.0.5}}
  vm: {{address: 10.1.0.6, virtual_on: r1-too}}
services:
  same: {{{SERVICE}, hosts: [r1, r1-too]}} # here
  same-below: {{{SERVICE}, hosts: [r1, vm]}} # here
  apart: {{{SERVICE}, hosts: [r1, r1-too, r2]}}
  unstated: {{{SERVICE}, hosts: [r1, somewhere]}}
  nowhere: {{{SERVICE}, hosts: [somewhere, anywhere]}}
  single: {{{SERVICE}, hosts: [r1]}}
  level-two: {{name: {{en: S, zh: 业务}}, mlps_level: 2, hosts: [r1, r1-too]}}
""",
    ),
    "pairs in one rack": (
        "INV-HA-005",
        f"""\
devices:
  a1: {{address: 10.1.0.1, {DEVICE}, pair: a, room: main, rack: R01}}
  a2: {{address: 10.1.0.2, {DEVICE}, pair: a, room: main, rack: R01}} # here
  b1: {{address: 10.1.0.3, {DEVICE}, pair: b, room: main, rack: R01}}
  b2: {{address: 10.1.0.4, {DEVICE}, pair: b, room: closet, rack: R01}}
  c1: {{address: 10.1.0.5, {DEVICE}, pair: c}}
  c2: {{address: 10.1.0.6, {DEVICE}, pair: c}}
  none: {{address: 10.1.0.7, {DEVICE}, room: main, rack: R01}}
""",
    ),
    "pairs of one": (
        "INV-HA-006",
        f"""\
devices:
  a1: {{address: 10.1.0.1, {DEVICE}, pair: a}}
  a2: {{address: 10.1.0.2, {DEVICE}, pair: a, site: dr}}
  b1: {{address: 10.1.0.3, {DEVICE}, pair: b}} # here
  none: {{address: 10.1.0.4, {DEVICE}}}
""",
    ),
    "stacks of one kind": (
        "INV-HA-007",
        """\
devices:
  a1: {address: 10.1.0.1, platform: huawei, vendor: huawei, role: x, stack: floor, os_version: "8.1"}
  a2: {address: 10.1.0.2, platform: huawei, vendor: huawei, role: x, stack: floor}
  a3: {address: 10.1.0.3, platform: huawei, vendor: huawei, role: x, stack: floor, os_version: "8.2"} # here
  a4: {address: 10.1.0.4, platform: ruijie_os, vendor: ruijie, role: x, stack: floor, os_version: "8.1"} # here
  other: {address: 10.1.0.5, platform: ruijie_os, vendor: ruijie, role: x, stack: floor, site: dr}
  none: {address: 10.1.0.6, platform: ruijie_os, vendor: ruijie, role: x}
""",
    ),
    "power in a rack": (
        "INV-PWR-001",
        """\
sites:
  hall:
    name: {en: Hall, zh: 机房}
    link: fiber
    rooms:
      a:
        grade: C
        it_kw: 1
        racks:
          R01: {kw: 0.3}
          R02: {kw: 0.2} # here
          R03: {}
hosts:
  one: {address: 10.1.0.1, site: hall, room: a, rack: R01, power_w: 100}
  two: {address: 10.1.0.2, site: hall, room: a, rack: R01, power_w: 200}
  virtual: {address: 10.1.0.3, site: hall, room: a, rack: R01, power_w: 900, virtual_on: one}
  unstated: {address: 10.1.0.4, site: hall, room: a, rack: R01}
  three: {address: 10.1.0.5, site: hall, room: a, rack: R03, power_w: 9000}
devices:
  four: {address: 10.1.0.6, site: hall, room: a, rack: R02, power_w: 200.1, platform: huawei, vendor: x, role: x}
""",
    ),
    "power in a room": (
        "INV-PWR-002",
        """\
sites:
  hall:
    name: {en: Hall, zh: 机房}
    link: fiber
    rooms:
      a: {grade: C, it_kw: 0.3}
      b: {grade: C, it_kw: 0.3} # here
hosts:
  one: {address: 10.1.0.1, site: hall, room: a, power_w: 100}
  two: {address: 10.1.0.2, site: hall, room: a, power_w: 200}
  three: {address: 10.1.0.3, site: hall, room: b, rack: R01, power_w: 200}
  four: {address: 10.1.0.4, site: hall, room: b, rack: R02, power_w: 200}
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_redundancy_and_load(case: str, tmp_path: Path) -> None:
    rule_id, text = CASES[case]

    assert broken_lines(rule_id, tmp_path, text) == marked_lines(text)


ROOMS = {
    "INV-PWR-003": """\
      exactly: {grade: C, it_kw: 1.2, racks: {R01..R03: {kw: 0.4}}}
      unstated: {grade: C, it_kw: 1, racks: {R01..R03: {}}}
      partly: {grade: C, it_kw: 10, racks: {R01..R03: {kw: 4}, R03: {kw: 2}}}
      too-much: {grade: C, it_kw: 10, racks: {R01..R03: {kw: 4}}} # here
""",
    "INV-PWR-004": """\
      exactly: {grade: C, it_kw: 30, ups: {u: {kw: 20}, v: {kw: 13}}}
      none: {grade: C, it_kw: 30}
      short: {grade: C, it_kw: 30, ups: {u: {kw: 32.9}}} # here
""",
    "INV-PWR-005": """\
      spare: {grade: B, it_kw: 80, ups: {u: {kw: 40}, v: {kw: 40}, w: {kw: 40}}}
      basic: {grade: C, it_kw: 80, ups: {u: {kw: 100}}}
      unstated: {grade: A, it_kw: 80}
      single: {grade: B, it_kw: 80, ups: {u: {kw: 100}}} # here
      uneven: {grade: A, it_kw: 80, ups: {u: {kw: 100}, v: {kw: 79}}} # here
""",
    "INV-PWR-006": """\
      unstated: {grade: B, it_kw: 10, feeds: {a: {}, b: {}}}
      single: {grade: B, it_kw: 10, feeds: {a: {}}}
      basic: {grade: C, it_kw: 10, feeds: {a: {kw: 1}, b: {kw: 1}}}
      weak: {grade: B, it_kw: 10, feeds: {a: {kw: 20}, b: {kw: 9}}} # here
      generator: {grade: B, it_kw: 10, feeds: {a: {kw: 20}, b: {kw: 9}}, genset: {kw: 10}}
      crossed: {grade: B, it_kw: 10, feeds: {a: {}, b: {}}, ups: {u: {kw: 12}, v: {kw: 12}}}
      straight: {grade: B, it_kw: 10, feeds: {a: {}, b: {}}, ups: {u: {kw: 12, feeds: [a]}, v: {kw: 12, feeds: [b]}}}
      lopsided:
        grade: B
        it_kw: 10
        feeds:
          a: {} # here
          b: {}
        ups: {u: {kw: 12, feeds: [a]}, v: {kw: 12, feeds: [a]}}
""",
    "INV-PWR-007": """\
      right: {grade: C, it_kw: 9, feeds: {a: {}}, ups: {u: {kw: 10, feeds: [a]}}, racks: {R01: {supply: [u, a]}}}
      once: {grade: C, it_kw: 9, ups: {u: {kw: 10}}, racks: {R01..R09: {supply: [v]}}} # here
      crossed: {grade: C, it_kw: 9, feeds: {a: {}}, ups: {u: {kw: 10, feeds: [u]}}} # here
""",
    "INV-PWR-008": """\
      unstated: {grade: A, it_kw: 10}
      redundant: {grade: B, it_kw: 10, feeds: {a: {}, b: {}}}
      three: {grade: A, it_kw: 10, feeds: {a: {}, b: {}, c: {}}}
      enough: {grade: A, it_kw: 10, feeds: {a: {}, b: {}}, genset: {kw: 10}}
      none: {grade: A, it_kw: 10, feeds: {a: {}, b: {}}} # here
      small: {grade: A, it_kw: 10, feeds: {a: {}, b: {}}, genset: {kw: 8}} # here
""",
    "INV-COOL-001": """\
      unstated: {grade: A, it_kw: 10}
      basic: {grade: C, it_kw: 10, cooling: {kw: 10, units: 1}}
      spare: {grade: B, it_kw: 1.2, cooling: {kw: 0.4, units: 4}}
      single: {grade: B, it_kw: 10, cooling: {kw: 20, units: 1}} # here
""",
}


@pytest.mark.parametrize("rule_id", ROOMS)
def test_rooms(rule_id: str, tmp_path: Path) -> None:
    text = "sites:\n  hall:\n    name: {en: Hall, zh: 机房}\n    link: fiber\n    rooms:\n" + ROOMS[rule_id]

    assert broken_lines(rule_id, tmp_path, text) == marked_lines(text)


def test_a_name_nearly_like_that_of_a_supply_is_suggested(tmp_path: Path) -> None:
    text = """\
sites:
  hall:
    name: {en: Hall, zh: 机房}
    link: fiber
    rooms:
      a: {grade: C, it_kw: 9, ups: {ups-a: {kw: 10}}, racks: {R01: {supply: [ups-b]}}}
"""
    (finding,) = findings_of("INV-PWR-007", tmp_path, text)

    assert finding.hint == "did you mean 'ups-a'?"
