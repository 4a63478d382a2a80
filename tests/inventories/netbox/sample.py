# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A small inventory with at least one of everything that NetBox is told."""

from pathlib import Path

from inventories.loader import load
from inventories.model import Inventory
from inventories.netbox.items import items
from inventories.netbox.objects import Item
from tests.inventories.trees import write

AUTHORITY = """\
authority: {name: {en: Test authority, zh: 测试机构}}
defaults:
  platform: debian12
  owner: ops
  vlans: {mgmt: {vid: 10, purpose: mgmt}, exam: {vid: 60, purpose: exam, vrf: exam}}
contacts: {ops: {name: {en: Operations, zh: 运维组}, phone: "000-1", email: ops@edu.example}}
vrfs: {exam: {name: {en: Examinations, zh: 考试}, rd: "65000:60", internet: false}}
groups: {web: {}, db: {}}
secrets: {netbox: {env: EDUFLEET_TEST_TOKEN}}
"""

PROVINCE = """\
region: {level: province, name: {en: Qinghe, zh: 清河省}, prefixes: [10.1.0.0/16]}
defaults: {site: dc, room: dc1}
sites:
  dc:
    name: {en: Data centre, zh: 数据中心}
    link: fiber
    prefixes: [10.1.0.0/16]
    vlans: {mgmt: {prefixes: [10.1.10.0/24], gateway: [10.1.10.1]}, exam: {prefixes: [10.1.60.0/24]}}
    rooms:
      dc1: {grade: C, it_kw: 8, feeds: {a: {kw: 20}}, ups: {ups-a: {kw: 10}}, racks: {R01..R02: {kw: 4}}}
"""

CITY = """\
region: {level: city, name: {en: Lushan, zh: 庐山市}}
"""

ASSETS = """\
hosts:
  web1: {address: 10.1.10.11, groups: [web, db], rack: R01, u_position: 1, serial: S-1, vars: {port: 9100, on: true}}
  web2: {address: 10.1.10.12, groups: [web], rack: R01, u_position: 3, u_height: 2, serial: S-2}
  vm1: {address: 10.1.10.13, virtual_on: web1, hardware: {cpus: 4, memory_gib: 8}}
devices:
  core1:
    address: 10.1.10.2
    vendor: huawei
    model: S12700E-8
    platform: huawei_vrpv8
    role: core
    rack: R02
    u_position: 1
    u_height: 14
    interfaces:
      meth0: {mac: "00:00:5e:00:53:01", addresses: [10.1.10.2/24], vlans: [mgmt], mbps: 1000}
      exam0: {addresses: [10.1.60.1/24], vlans: [mgmt, exam]}
  access1:
    address: 10.1.10.3
    vendor: h3c
    platform: hp_comware
    role: access
    rack: R02
    u_position: 20
    interfaces: {ge0: {addresses: [10.1.10.3/24]}}
cables:
  C-001: {ends: ["core1:exam0", "access1:ge0"], kind: fiber}
"""

FILES = {
    "authority.yml": AUTHORITY,
    "qinghe/region.yml": PROVINCE,
    "qinghe/assets.yml": ASSETS,
    "qinghe/lushan/region.yml": CITY,
}


def sample(root: Path, *replaced: tuple[str, str]) -> Inventory:
    """Write the inventory under ``root``, with texts of its assets replaced, and load it."""
    assets = ASSETS
    for old, new in replaced:
        assert old in assets
        assets = assets.replace(old, new)
    return load(write(root, {**FILES, "qinghe/assets.yml": assets}))


def wanted(inventory: Inventory) -> tuple[Item, ...]:
    """Return what NetBox is to have of all of it."""
    return items(inventory, inventory.assets)
