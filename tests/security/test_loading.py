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


def test_every_rule_gives_evidence_for_a_clause_of_some_framework() -> None:
    level_3, nist = ({rule.id for rule in profile.load(name).rules} for name in ("mlps-l3", "nist-800-53"))
    assert level_3 | nist == set(catalogue.rules())
    assert len(level_3) >= 310


LEVEL_3 = {
    "8.1.2": {1: "abcde", 2: "ab", 3: ""},
    "8.1.3": {1: "abcd", 2: "abcde", 3: "abcd", 4: "ab", 5: "abcd", 6: ""},
    "8.1.4": {
        1: "abcd", 2: "abcdefg", 3: "abcd", 4: "abcdef", 5: "", 6: "", 7: "ab", 8: "ab", 9: "abc", 10: "ab", 11: "ab",
    },
    "8.1.5": {1: "ab", 2: "ab", 3: "ab", 4: "abcdef"},
}  # fmt: skip
LEVEL_2 = {
    "7.1.2": {1: "ab", 2: "", 3: ""},
    "7.1.3": {1: "", 2: "abcd", 3: "", 4: "", 5: "abc", 6: ""},
    "7.1.4": {1: "abc", 2: "abcd", 3: "abc", 4: "abcde", 5: "", 6: "", 7: "", 8: "ab", 9: "", 10: "ab"},
    "7.1.5": {1: "ab", 2: "ab"},
}


@pytest.mark.parametrize(("name", "chapters"), [("mlps-l3", LEVEL_3), ("mlps-l2", LEVEL_2)])
def test_a_level_has_every_technical_clause_in_order(name: str, chapters: dict[str, dict[int, str]]) -> None:
    expected = [
        f"{chapter}.{number}" + (f".{letter}" if letter else "")
        for chapter, letters in chapters.items()
        for number, all_ in letters.items()
        for letter in all_ or [""]
    ]
    assert [clause.id for clause in profile.load(name).clauses] == expected


def test_level_2_asks_for_nothing_that_level_3_does_not_ask_for() -> None:
    level_2, level_3 = profile.load("mlps-l2"), profile.load("mlps-l3")
    assert {rule.id for rule in level_2.rules} < {rule.id for rule in level_3.rules}
    assert not {"ssh.two_factors", "malware.on_access", "mounts.disk_encrypted", "audit.immutable"} & {
        rule.id for rule in level_2.rules
    }


@pytest.mark.parametrize("name", profile.frameworks())
def test_a_clause_asks_in_words_of_its_own(name: str) -> None:
    clauses = profile.framework(name).clauses
    for texts in (
        [clause.title.zh for clause in clauses],
        [clause.question.en for clause in clauses if clause.question],
        [clause.question.zh for clause in clauses if clause.question],
    ):
        assert len(set(texts)) == len(texts)
    for clause in clauses:
        assert list(clause.rules) == sorted(set(clause.rules)), clause.id


@pytest.mark.parametrize("name", profile.names())
def test_every_profile_loads(name: str) -> None:
    assert profile.load(name).rules


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


ALIKE = """\
id: y
title: {en: Y, zh: Y}
base: mlps-l3
clauses:
  - {id: "1", like: 8.1.4.3.d, without: [audit.immutable]}
  - id: "2"
    like: 8.1.4.5
    title: {en: Other, zh: 其他}
"""


def test_a_clause_takes_over_what_it_does_not_say_itself() -> None:
    first, second = read(ALIKE, "map.yml", Framework).clauses
    pattern, other = (
        clause for clause in profile.framework("mlps-l3").clauses if clause.id in {"8.1.4.3.d", "8.1.4.5"}
    )
    assert (first.id, first.title, first.reason, first.status) == ("1", pattern.title, pattern.reason, pattern.status)
    assert set(first.rules) == set(pattern.rules) - {"audit.immutable"}
    assert (second.title.en, second.question, second.rules) == ("Other", other.question, other.rules)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("like: 8.1.4.5", "like: 8.1.4.5.x", 7, "did you mean '8.1.4.5'"),
        ("[audit.immutable]", "[audit.imutable]", 5, "did you mean 'audit.immutable'"),
        ("[audit.immutable]", "[ssh.root_login]", 5, "no such rule in 8.1.4.3.d: ssh.root_login"),
        ("mlps-l3", "mlps-13", 3, "did you mean 'mlps-l3'"),
        ("base: mlps-l3", "", 5, "no such clause: 8.1.4.3.d"),
        ("like: 8.1.4.5", "like: 8.1.4.5\n    witout: []", 8, "Extra inputs"),
        ("base: mlps-l3\nclauses:", "base: mlps-l3\nclause:", 1, "clauses: Field required"),
        ("without: [audit.immutable]", "without: audit.immutable", 5, "list of rules"),
    ],
)
def test_a_mistake_in_what_is_taken_over_is_named_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in ALIKE
    with pytest.raises(BadInput) as problem:
        read(ALIKE.replace(old, new), "map.yml", Framework)
    assert says in problem.value.what
    assert problem.value.where == f"map.yml:{line}"


def test_rules_are_found_by_clause_and_by_group_of_clauses() -> None:
    loaded = profile.load()
    group = {rule.id for rule in loaded.rules_for("8.1.4.1")}
    assert {rule.id for rule in loaded.rules_for("8.1.4.1.a")} < group
    assert {rule for clause in loaded.clauses if clause.id.startswith("8.1.4.1.") for rule in clause.rules} == group
    nist = profile.load("nist-800-53")
    assert {rule.id for rule in nist.rules_for("IA-5(1)")} < {rule.id for rule in nist.rules_for("IA-5")}
    with pytest.raises(BadInput, match=r"did you mean '8\.1\.4\.1\.a'"):
        loaded.rules_for("8.1.4.1.aa")
