# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Every rule finds its violation, alone, on the line that is marked, and nothing in a sound inventory."""

from pathlib import Path

import pytest

from inventories.registry import REGISTRY, rule
from tests.inventories.trees import AUTHORITY, HOSTS, PROVINCE, SOUND, found, write

SERVICE = "  {id}: {{name: {{en: S, zh: 服务}}, mlps_level: {level}, hosts: [{hosts}], depends_on: [{needs}]}}{mark}\n"


def service(name: str, *, level: int = 2, hosts: str = "web1", needs: str = "", mark: str = "") -> str:
    return SERVICE.format(id=name, level=level, hosts=hosts, needs=needs, mark=mark)


# For each case: files laid over a sound inventory; the violation is on the line that ends in "# here".
CASES = {
    "INV-ID-001": {
        "qinghe/more.yml": "devices:\n  web1: {address: 10.1.0.9, platform: huawei, vendor: x, role: x} # here\n"
    },
    "INV-ID-002": {"qinghe/more.yml": "hosts:\n  web3:\n    address: 10.1.0.2 # here\n"},
    "INV-SEC-001": {
        "qinghe/more.yml": "hosts:\n  web3:\n    address: 10.1.0.3\n    vars:\n      db_password: x # here\n"
    },
    "INV-NET-001": {"qinghe/more.yml": "hosts:\n  web3:\n    address: 10.2.0.3 # here\n"},
    "INV-TREE-001": {"qinghe/sub/r.yml": "region:\n  name: {en: S, zh: 省}\n  level: province # here\n"},
    "INV-REF-001": {"qinghe/more.yml": "hosts:\n  web3:\n    address: 10.1.0.3\n    site: dx # here\n"},
    "INV-REF-002": {"qinghe/more.yml": "hosts:\n  web3:\n    address: 10.1.0.3\n    room: dc2 # here\n"},
    "INV-REF-003": {"qinghe/more.yml": "hosts:\n  web3:\n    address: 10.1.0.3\n    owner: opps # here\n"},
    "INV-REF-004": {"qinghe/more.yml": "services:\n" + service("a", hosts="web1,\n    web9", mark=" # here")},
    "INV-REF-005": {"qinghe/more.yml": "services:\n" + service("a", needs="b", mark=" # here")},
    "INV-PLT-001": {"qinghe/more.yml": "hosts:\n  web3:\n    address: 10.1.0.3\n    platform: debain12 # here\n"},
    "INV-HA-001": {"qinghe/more.yml": "services:\n" + service("a", level=3, hosts="web1, web1", mark=" # here")},
    "INV-HA-002": {
        "qinghe/region.yml": PROVINCE.replace(
            "      dc1: {grade: C, racks: 3, it_kw: 8}", "      dc1:\n        feeds: 1 # here"
        )
        + "        grade: B\n        racks: 3\n        it_kw: 8\n"
    },
    "INV-DEP-001": {
        "qinghe/more.yml": "services:\n"
        + service("a", needs="b")
        + service("b", needs="c")
        + service("c", needs="a", mark=" # here")
        + service("d", needs="a")
    },
    "INV-OWN-001": {
        "authority.yml": AUTHORITY.replace("  owner: ops\n", ""),
        "qinghe/hosts.yml": "hosts:\n  web1: {address: 10.1.0.1} # here\n",
    },
}


def marked(files: dict[str, str]) -> tuple[str, int]:
    for name, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            if line.endswith("# here"):
                return name, number
    raise AssertionError("no line is marked")


@pytest.mark.parametrize("rule_id", CASES)
def test_a_rule_finds_its_violation_alone_on_its_line(tmp_path: Path, rule_id: str) -> None:
    findings = found(write(tmp_path, {**SOUND, **CASES[rule_id]}))

    assert [(f.rule, str(Path(f.file).relative_to(tmp_path)), f.line) for f in findings] == [
        (rule_id, *marked(CASES[rule_id]))
    ]
    assert findings[0].severity == REGISTRY[rule_id].rule.severity


def test_a_directory_that_is_no_region_is_found(tmp_path: Path) -> None:
    findings = found(write(tmp_path, {**SOUND, "yunling/hosts.yml": "hosts: {}\n"}))

    assert [(f.rule, f.file) for f in findings] == [("INV-TREE-002", str(tmp_path / "yunling"))]


def test_every_rule_has_a_case_and_says_what_it_wants() -> None:
    assert {*CASES, "INV-TREE-002"} == set(REGISTRY)
    assert all(registered.check.__doc__ and registered.rule.hint for registered in REGISTRY.values())


def test_a_sound_inventory_has_no_finding(tmp_path: Path) -> None:
    assert found(write(tmp_path, SOUND)) == []


def test_what_is_declared_but_invalid_counts_as_declared(tmp_path: Path) -> None:
    broken_site = PROVINCE.replace("link: fiber", "link: fibre")

    findings = found(write(tmp_path, {**SOUND, "qinghe/region.yml": broken_site, "qinghe/hosts.yml": HOSTS}))

    assert [(f.rule, f.line, f.column, f.hint) for f in findings] == [("INV-KEY-003", 6, 11, "did you mean 'fiber'?")]


def test_rules_wait_until_every_file_can_be_read(tmp_path: Path) -> None:
    findings = found(write(tmp_path, {**SOUND, "qinghe/region.yml": "region: [\n"}))

    assert {f.rule for f in findings} == {"INV-YAML-001", "INV-KEY-002"}


def test_a_long_chain_of_services_is_no_circle(tmp_path: Path) -> None:
    chain = "services:\n" + "".join(service(f"s{n}", needs=f"s{n + 1}" if n < 2000 else "") for n in range(2001))

    assert found(write(tmp_path, {**SOUND, "qinghe/more.yml": chain})) == []


def test_one_id_cannot_be_registered_twice() -> None:
    with pytest.raises(ValueError, match="INV-ID-001"):
        rule("INV-ID-001", "error", "x")(REGISTRY["INV-ID-001"].check)
