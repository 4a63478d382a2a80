# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rule files, control maps and profiles: what is wrong in them is said with file and line; what is shipped is right."""

from pathlib import Path

import pytest

from fleet.collector import catalogue as collectors
from inventories.errors import BadInput
from security import catalogue, profile
from security.content import Misplaced, read
from security.profile import Framework

GOOD = """\
id: ssh.tries
title: {en: Few tries, zh: 限制次数}
rationale: {en: Because., zh: 因为。}
severity: low
tried: [debian12]
needs: [sshd_effective]
params: {most: 4}
assert:
  all:
    - {fact: sshd_effective.maxauthtries, le: $most}
finding: {en: "More than {most}.", zh: "超过 {most}。"}
fix: {en: Mend it., zh: 修复。}
"""


def load(tmp_path: Path, text: str, name: str = "tries.yml") -> None:
    (tmp_path / "ssh").mkdir(exist_ok=True)
    (tmp_path / "ssh" / name).write_text(text, encoding="utf-8")
    catalogue.load(tmp_path, "rules")


def test_a_good_rule_loads(tmp_path: Path) -> None:
    load(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("severity: low", "severity: awful", "rules/ssh/tries.yml:4", "severity"),
        ("severity: low", "severity: low\nlevel: 3", "rules/ssh/tries.yml:5", "Extra inputs"),
        ("severity: low", "severity: low\nseverity: high", "rules/ssh/tries.yml:5", "given twice"),
        ("debian12]", "beos]", "rules/ssh/tries.yml:5", "tried"),
        ("severity: low", "severity: low\nplatforms: [beos]", "rules/ssh/tries.yml:5", "platforms"),
        ("[sshd_effective]", "[sshd_effective, kernel]", "rules/ssh/tries.yml:6", "read sshd_effective"),
        ("params: {most: 4}", "params: {most: 4, least: 1}", "rules/ssh/tries.yml:7", "not used: least"),
        ("params: {most: 4}", "params: {most: many}", "rules/ssh/tries.yml:10", "expected float or int"),
        ("le: $most", "le: $least", "rules/ssh/tries.yml:10", "no parameter 'least'"),
        ("sshd_effective.maxauthtries", "sshd_effective.tries", "rules/ssh/tries.yml:10", "no field 'tries'"),
        ("sshd_effective.maxauthtries", "sshd.maxauthtries", "rules/ssh/tries.yml:10", "no collector 'sshd'"),
        ("{most}.", "{least}.", "rules/ssh/tries.yml:11", "does not have"),
        ("id: ssh.tries", "id: ssh.other", "rules/ssh/tries.yml", "does not belong here"),
        ("id: ssh.tries", "id: ssh.tries\nkind: manual", "rules/ssh/tries.yml:9", "a manual rule has none"),
        ("severity: low", "severity: [", "rules/ssh/tries.yml:6", "expected"),
        (GOOD, "- a list\n", "rules/ssh/tries.yml:1", "must be a mapping"),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, where: str, says: str
) -> None:
    assert old in GOOD
    with pytest.raises(BadInput) as problem:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert problem.value.where == where
    assert says in problem.value.what


def test_a_copy_of_a_rule_under_another_name_is_refused(tmp_path: Path) -> None:
    load(tmp_path, GOOD)
    with pytest.raises(BadInput, match=r"id ssh\.tries does not belong here"):
        load(tmp_path, GOOD, name="copy.yml")


def test_the_shipped_rules_load() -> None:
    assert len(catalogue.rules()) >= 50


def test_the_default_profile_uses_every_rule() -> None:
    assert {rule.id for rule in profile.load().rules} == set(catalogue.rules())


def test_the_default_profile_covers_every_clause_of_the_computing_environment() -> None:
    letters = {
        1: "abcd",
        2: "abcdefg",
        3: "abcd",
        4: "abcdef",
        5: "",
        6: "",
        7: "ab",
        8: "ab",
        9: "abc",
        10: "ab",
        11: "ab",
    }
    expected = [f"8.1.4.{number}.{letter}" for number, all_ in letters.items() for letter in all_]
    clauses = [clause.id for clause in profile.load().clauses]
    assert sorted(clauses) == sorted([*expected, "8.1.4.5", "8.1.4.6"])


def test_a_profile_needs_what_its_rules_read() -> None:
    loaded = profile.load()
    assert loaded.needed_collectors <= collectors().keys()
    assert loaded.needed_collectors >= {"os_release", "sshd_effective"}
    assert "8.1.4.2.b" in loaded.clauses_of("ssh.root_login")


def test_an_unknown_profile_is_named_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="mlps-l3"):
        profile.load("mlps-l9")


@pytest.mark.parametrize(
    ("overrides", "says"), [({"least": 3}, "no parameter 'least'"), ({"most": "3"}, "expected int, not str")]
)
def test_an_override_must_fit_its_parameter(overrides: dict[str, int | str], says: str) -> None:
    with pytest.raises(Misplaced, match=says):
        catalogue.rules()["ssh.max_auth_tries"].settle(overrides)


def test_an_override_is_what_the_rule_is_held_to() -> None:
    assert catalogue.rules()["ssh.max_auth_tries"].settle({"most": 3}) == {"most": 3}


CLAUSE = """\
id: x
title: {en: X, zh: X}
clauses:
  - {id: "1", title: {en: A, zh: A}, status: automated, verified: false, reason: {en: R, zh: R},
     rules: [ssh.root_login]}
  - {id: "2", title: {en: B, zh: B}, status: manual, verified: false, reason: {en: R, zh: R}, question: {en: Q, zh: Q}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('id: "2"', 'id: "1"', 6, "given twice"),
        ("ssh.root_login", "ssh.rot_login", 5, "no such rule"),
        (",\n     rules: [ssh.root_login]", "", 4, "name rules"),
        (", question: {en: Q, zh: Q}", "", 6, "ask a question"),
        ("status: manual", "status: automated", 6, "name rules"),
    ],
)
def test_a_mistake_in_a_control_map_is_named_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert read(CLAUSE, "map.yml", Framework).id == "x"
    with pytest.raises(BadInput) as problem:
        read(CLAUSE.replace(old, new), "map.yml", Framework)
    assert problem.value.where == f"map.yml:{line}"
    assert says in problem.value.what
