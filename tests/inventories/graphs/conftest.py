# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the tests of pictures share: the reference authority, and a small province with a rack of everything."""

from pathlib import Path

import pytest

from inventories.loader import load
from inventories.model import Inventory
from tests.inventories.trees import AUTHORITY, write

_PROVINCE = """\
region: {level: province, name: {en: Qinghe, zh: 清河省}}
defaults: {site: dc, room: dc1}
sites:
  dc:
    name: {en: Data centre, zh: 数据中心}
    link: fiber
    prefixes: [10.1.0.0/16]
    uplinks: {wan: {link: fiber, mbps: 2500, latency_ms: 4, provider: "A & B"}, spare: {link: lte, mbps: 50}}
    vlans: {mgmt: {vid: 10, purpose: mgmt, prefixes: [10.1.0.0/24]}}
    rooms:
      dc1:
        grade: B
        it_kw: 4
        feeds: {a: {kw: 20}, b: {}}
        ups: {ups-a: {kw: 5, feeds: [a]}, ups-b: {kw: 5}}
        genset: {kw: 10, hours: 8}
        racks: {R01: {units: 12, kw: 1}, R02: {kw: 2, supply: [ups-b]}}
services:
  records: {name: {en: "Records <A&B>", zh: 学籍}, mlps_level: 3, hosts: [web1], depends_on: [names]}
  names: {name: {en: Names, zh: 域名}, mlps_level: 2, kind: infrastructure, hosts: [web2]}
hosts:
  web1:
    {address: 10.1.0.1, rack: R01, u_position: 3, u_height: 2, power_w: 900, interfaces: {eth0: {}}}
  web2: {address: 10.1.0.2, rack: R01, u_position: 1, power_w: 200}
  web3: {address: 10.1.0.3, rack: R01}
  vm1: {address: 10.1.0.4, virtual_on: web1}
devices:
  sw1: {address: 10.1.0.9, vendor: huawei, platform: huawei_vrpv8, role: access, rack: R02, u_position: 42, power_w: 90,
        interfaces: {10GE1/0/1: {}}}
cables:
  C-1: {ends: ["web1:eth0", "sw1:10GE1/0/1"], kind: dac}
"""
_SCHOOL = """\
region: {level: school, name: {en: Old School, zh: 老校}}
sites:
  old: {name: {en: Old School, zh: 老校}, link: leased, uplinks: {wan: {link: leased, mbps: 100, to: dc}}}
"""
_REFERENCE = Path(__file__).parents[3] / "inventories" / "reference"


@pytest.fixture(scope="session")
def reference() -> Inventory:
    return load(_REFERENCE)


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    files = {"authority.yml": AUTHORITY, "qinghe/region.yml": _PROVINCE, "qinghe/old/region.yml": _SCHOOL}
    return load(write(tmp_path_factory.mktemp("province"), files))
