# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""docs/reference/exports.md names every format, and every variable with the kinds of assets that have it."""

import re
from pathlib import Path

import pytest

from inventories.emitter import emitters
from inventories.model import Inventory
from inventories.variables import variables
from tests.inventories.emitters.resolved import resolved

PAGE = Path(__file__).parents[3] / "docs/reference/exports.md"
FULL = """\
rotas:
  round: {name: {en: Round, zh: 值班}, shifts: {all: {contacts: [ops]}}}
hosts:
  web3:
    {address: 10.1.0.3, rota: round, room: dc1, rack: R01, u_position: 1, power_w: 300, serial: a, stratum: 3,
     last_verified: 2026-11-01, virtual_on: web1, hardware: {cpus: 2, memory_gib: 4}}
devices:
  sw1:
    {address: 10.1.0.4, rota: round, room: dc1, rack: R01, u_position: 2, power_w: 300, serial: b, stratum: 3,
     last_verified: 2026-11-01, vendor: huawei, platform: huawei_vrpv8, role: core, model: x, os_version: y,
     stack: s, pair: p, management: {port: 22}}
services:
  portal: {name: {en: Portal, zh: 门户}, mlps_level: 2, hosts: [web3]}
"""


@pytest.fixture
def full(tmp_path: Path) -> Inventory:
    """A host and a device of which everything is stated."""
    return resolved(tmp_path, {"qinghe/full.yml": FULL})


def test_every_variable_is_in_the_table(full: Inventory) -> None:
    rows = re.findall(r"^\| `(edufleet_\w+)` \| (x?) ?\| (x?) ?\|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    named = {kind: {name for name, *marks in rows if marks[column]} for column, kind in enumerate(("web3", "sw1"))}

    assert named == {name: set(variables(full, full.asset(name))) for name in ("web3", "sw1")}


def test_every_format_is_in_the_table() -> None:
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == list(emitters())
