# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""In ``inventories/broken`` every rule of the catalogue is broken once, on the line that carries its id."""

import re
from collections import Counter
from pathlib import Path

import pytest

import inventories
from inventories.catalogue import catalogue
from inventories.findings import Finding
from tests.inventories.trees import found

BROKEN = Path(inventories.__file__).parent / "broken"
MARK = re.compile(r"# (INV-[A-Z]+-[0-9]{3})$")

# These are about a directory, where no comment can stand.
DIRECTORIES = {
    "INV-DIR-001": "reading/empty",
    "INV-DIR-002": "reading/linked",
    "INV-TREE-002": "tree/unnamed",
}


def marked() -> dict[str, tuple[str, int]]:
    """Return for each rule the file, from the root of the inventory, and the line where it is broken."""
    lines = {rule_id: (directory, 1) for rule_id, directory in DIRECTORIES.items()}
    for path in sorted(BROKEN.rglob("*.yml")):
        for number, line in enumerate(path.read_bytes().decode(errors="replace").splitlines(), 1):
            if match := MARK.search(line):
                assert match[1] not in lines, f"{match[1]} is marked twice"
                lines[match[1]] = (path.relative_to(BROKEN).as_posix(), number)
    return lines


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return found(BROKEN)


def test_every_rule_of_the_catalogue_is_marked() -> None:
    assert set(marked()) == set(catalogue())


def test_every_rule_is_found_once_on_its_line_and_nothing_else_is(findings: list[Finding]) -> None:
    places = {rule_id: (str(BROKEN / file), line) for rule_id, (file, line) in marked().items()}

    assert {finding.rule: (finding.file, finding.line) for finding in findings} == places
    assert Counter(finding.rule for finding in findings) == Counter(places.keys())


def test_every_rule_says_in_both_languages_what_it_asks_for_and_why() -> None:
    for rule_id, described in catalogue().items():
        for text in (described.title, described.why):
            assert text.en.rstrip(")").endswith("."), rule_id
            assert text.zh.rstrip("）").endswith("。"), rule_id
            assert re.search(r"[\u4e00-\u9fff]", text.zh), rule_id
        assert described.rule.hint, rule_id
