# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The rules together: nothing in a sound inventory, nothing that follows from another finding, and one id each.

``test_broken.py`` shows that each rule finds its violation.
"""

from pathlib import Path

import pytest

from inventories.registry import REGISTRY, Registered, rule
from tests.inventories.trees import PROVINCE, SOUND, found, write


def rules_of(root: Path) -> list[str]:
    return [finding.rule for finding in found(root)]


def test_a_sound_inventory_has_no_finding(tmp_path: Path) -> None:
    assert found(write(tmp_path, SOUND)) == []


def test_what_is_declared_but_invalid_counts_as_declared(tmp_path: Path) -> None:
    broken_site = PROVINCE.replace("link: fiber", "link: fibre")

    findings = found(write(tmp_path, {**SOUND, "qinghe/region.yml": broken_site}))

    assert [(f.rule, f.line, f.column, f.hint) for f in findings] == [("INV-KEY-003", 6, 11, "did you mean 'fiber'?")]


@pytest.mark.parametrize(
    ("unread", "rule_id"),
    [
        ("sites: {dx: {name: [}}", "INV-YAML-001"),
        ("sites: {dx: {name: {en: X, zh: \udce9}}}", "INV-FILE-001"),
    ],
)
def test_what_an_unreadable_file_may_declare_is_not_missing(tmp_path: Path, unread: str, rule_id: str) -> None:
    hosts = "hosts:\n  web3: {address: 10.9.0.3, site: dx}\n  web4: {address: 10.9.0.4, site: nowhere}\n"
    write(tmp_path, {**SOUND, "qinghe/more.yml": hosts})
    (tmp_path / "qinghe" / "sites.yml").write_bytes(unread.encode(errors="surrogateescape"))

    assert [(f.rule, Path(f.file).name, f.line) for f in found(tmp_path)] == [
        ("INV-REF-001", "more.yml", 3),
        (rule_id, "sites.yml", 1),
    ]


def test_what_many_inherit_is_reported_once(tmp_path: Path) -> None:
    more = (
        "defaults: {owner: opps, time_sources: [clock], vars: {ansible_host: x}}\nhosts:\n"
        "  web3: {address: 10.1.0.3}\n  web4: {address: 10.1.0.4}\n"
    )
    findings = found(
        write(tmp_path, {**SOUND, "qinghe/more/more.yml": more + "region: {level: city, name: {en: M, zh: 市}}\n"})
    )

    assert [(f.rule, f.line) for f in findings] == [
        ("INV-REF-001", 1), ("INV-TIME-001", 1), ("INV-REF-007", 1), ("INV-REF-009", 1),
    ]  # fmt: skip


def test_an_empty_directory_is_not_also_called_nameless(tmp_path: Path) -> None:
    (write(tmp_path, SOUND) / "yunling").mkdir()

    assert rules_of(tmp_path) == ["INV-DIR-001"]


def test_one_id_cannot_be_registered_twice() -> None:
    first: Registered = REGISTRY["INV-ID-001"]
    with pytest.raises(ValueError, match="INV-ID-001"):
        rule("INV-ID-001", "error", title=first.title, why=first.why, hint="x")(first.check)
