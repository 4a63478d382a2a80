# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory quality``, as people and programs read it."""

import json
from pathlib import Path

from tests.console.program import Program
from tests.inventories.trees import SOUND, write

HOSTS = """\
hosts:
  web1: {address: 10.1.0.1, groups: [web], serial: DEMO-1, last_verified: 2026-11-01}
  web2: {address: 10.1.0.2, last_verified: 2025-01-01}
  web3: {address: 10.1.0.3}
  web4: {address: 10.1.0.4, last_verified: 2027-01-01}
"""
AUTHORITY = SOUND["authority.yml"].replace("authority:\n", "authority:\n  as_of: 2026-11-23\n")
CITY = "region: {level: city, name: {en: Lushan, zh: 庐山市}, prefixes: [10.9.0.0/16]}\n"
FILES = {**SOUND, "authority.yml": AUTHORITY, "qinghe/hosts.yml": HOSTS, "qinghe/lushan/region.yml": CITY}


def test_each_region_counts_with_what_is_under_it(edufleet: Program, tmp_path: Path) -> None:
    write(tmp_path / "inventory", FILES)

    report = json.loads(edufleet.run("inventory", "quality", "--json").stdout)

    assert (report["today"], report["days"]) == ("2026-11-23", 365)
    rows = {row["region"]: row for row in report["regions"]}
    assert rows.keys() == {".", "qinghe"}
    assert (rows["qinghe"]["assets"], rows["qinghe"]["verified"], rows["qinghe"]["never_verified"]) == (4, 0.25, 1)
    states = {one["id"]: one["verified"] for one in report["entries"] if one["kind"] == "host"}
    assert states == {"web1": "fresh", "web2": "stale", "web3": "never", "web4": "future"}
    assert "serial" in next(one for one in report["entries"] if one["id"] == "web2")["missing"]


def test_a_region_shows_those_in_it(edufleet: Program, tmp_path: Path) -> None:
    write(tmp_path / "inventory", FILES)

    report = json.loads(edufleet.run("inventory", "quality", "--region", "qinghe", "--days", "10", "--json").stdout)

    assert [(row["region"], row["complete"] == 1, row["verified"]) for row in report["regions"]] == [
        ("qinghe", False, 0.0),
        ("qinghe/lushan", True, None),
    ]


def test_people_read_it_in_their_language(edufleet: Program, tmp_path: Path) -> None:
    write(tmp_path / "inventory", FILES)

    english = edufleet.run("inventory", "quality")
    assert english.returncode == 0
    assert "verified in 365 days" in english.stdout
    assert "host web2: rota, importance" in english.stdout
    assert "365 天内核实" in edufleet.run("inventory", "quality", "--lang", "zh").stdout


def test_an_unknown_region_is_one_clear_error(edufleet: Program, tmp_path: Path) -> None:
    write(tmp_path / "inventory", FILES)
    done = edufleet.run("inventory", "quality", "--region", "qinge")
    assert done.returncode == 2
    assert done.stderr == "error: there is no region 'qinge'\nhint: did you mean 'qinghe'?\n"
