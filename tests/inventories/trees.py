# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Small inventories for the tests, written to a temporary directory."""

from pathlib import Path

from inventories.findings import Finding
from inventories.loader import read
from inventories.validate import validate

AUTHORITY = """\
authority:
  name: {en: Test authority, zh: 测试机构}
defaults:
  platform: debian12
  owner: ops
  ssh: {user: inspector, config: ssh/config}
contacts:
  ops: {name: {en: Operations, zh: 运维组}}
groups: {web: {}, db: {}}
"""

PROVINCE = """\
region: {level: province, name: {en: Qinghe, zh: 清河省}}
defaults: {site: dc}
sites:
  dc:
    name: {en: Data centre, zh: 数据中心}
    link: fiber
    prefixes: [10.1.0.0/16, "2001:db8:1::/48"]
    rooms:
      dc1: {grade: C, racks: {R01..R03: {}}, it_kw: 8}
"""

HOSTS = """\
hosts:
  web1: {address: 10.1.0.1, groups: [web]}
  web2: {address: 10.1.0.2, groups: [web]}
"""

SOUND = {"authority.yml": AUTHORITY, "qinghe/region.yml": PROVINCE, "qinghe/hosts.yml": HOSTS}


def write(root: Path, files: dict[str, str]) -> Path:
    """Write the files under ``root`` and return it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def found(root: Path) -> list[Finding]:
    """Return every finding of the inventory under ``root``."""
    return list(validate(read(root)))
