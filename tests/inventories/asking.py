# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Asks one rule about a small inventory, in which the lines that break it end in ``# here``."""

from pathlib import Path

from inventories.findings import Finding
from inventories.loader import read
from inventories.registry import REGISTRY
from inventories.validate import rules
from tests.inventories.trees import write

__all__ = ["broken_lines", "findings_of", "marked_lines", "rules"]  # importing the rules registers them

BASE = {
    "authority.yml": """\
authority: {name: {en: Test authority, zh: 测试机构}, as_of: 2026-11-23}
contacts:
  ops: {name: {en: Operations, zh: 运维组}, phone: "1"}
  audit: {name: {en: Audit, zh: 审计组}, phone: "2"}
  security: {name: {en: Security, zh: 安全组}, email: security@edu.example}
rotas:
  always: {name: {en: Always, zh: 全天}, shifts: {all: {contacts: [ops]}}}
secrets:
  switches: {env: SWITCHES}
""",
    "qinghe/region.yml": """\
region: {level: province, name: {en: Qinghe, zh: 清河省}}
defaults: {site: dc, platform: debian13, owner: ops}
sites:
  dc:
    name: {en: Data centre, zh: 数据中心}
    link: fiber
    rooms:
      main: {grade: C, it_kw: 100, racks: {R01..R04: {}}}
      closet: {grade: C, it_kw: 1}
""",
    "qinghe/lushan/region.yml": "region: {level: city, name: {en: Lushan, zh: 鹿山市}}\n",
    "haibin/region.yml": """\
region: {level: province, name: {en: Haibin, zh: 海滨省}}
sites:
  dr: {name: {en: Recovery site, zh: 灾备中心}, link: fiber}
hosts:
  dr1: {address: 10.9.0.1, site: dr, platform: debian13, owner: ops}
""",
}


def findings_of(rule_id: str, root: Path, text: str, today: str = "2026-11-23") -> list[Finding]:
    """Return what the rule finds when the file ``qinghe/lushan/more.yml`` says ``text``, which must be readable."""
    authority = BASE["authority.yml"].replace("2026-11-23", today)
    book = read(write(root, {**BASE, "authority.yml": authority, "qinghe/lushan/more.yml": text}))
    assert book.report.findings == []
    registered = REGISTRY[rule_id]
    findings = list(registered.check(registered.rule, book))
    assert {finding.file for finding in findings} <= {str(root / "qinghe/lushan/more.yml")}
    return findings


def broken_lines(rule_id: str, root: Path, text: str) -> list[int]:
    """Return the lines of ``text`` in which the rule finds something, sorted."""
    return sorted(finding.line for finding in findings_of(rule_id, root, text))


def marked_lines(text: str) -> list[int]:
    """Return the lines of ``text`` that end in ``# here``."""
    return [number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# here")]
