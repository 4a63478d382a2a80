# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet baseline``: what can be looked up about rules and clauses."""

import json

import pytest
from typer.testing import CliRunner

from console.cli.baseline import app
from inventories.errors import BadInput
from security import catalogue, profile

run = CliRunner().invoke


def test_the_list_has_every_rule_of_the_profile() -> None:
    listed = json.loads(run(app, ["list", "--json"]).stdout)
    assert [rule["id"] for rule in listed["rules"]] == [rule.id for rule in profile.load().rules]
    assert int(run(app, ["list", "--count"]).stdout) == len(listed["rules"])


def test_there_are_at_least_310_rules_each_with_a_clause() -> None:
    chosen = profile.load()
    assert int(run(app, ["list", "--count"]).stdout) >= 310
    assert all(chosen.clauses_of(rule.id) for rule in chosen.rules)


def test_the_list_can_be_narrowed_to_what_covers_a_clause() -> None:
    clause = next(clause for clause in profile.load().clauses if clause.id == "8.1.4.1.b")
    listed = json.loads(run(app, ["list", "--covers", clause.id, "--json"]).stdout)
    assert [rule["id"] for rule in listed["rules"]] == list(clause.rules)
    assert int(run(app, ["list", "--covers", clause.id, "--count"]).stdout) == len(clause.rules)
    assert "login.lockout" in run(app, ["list", "--covers", clause.id, "--lang", "en"]).stdout


def test_a_clause_that_only_people_answer_lists_no_rule() -> None:
    assert run(app, ["list", "--covers", "8.1.2.1.a", "--count"]).stdout == "0\n"


@pytest.mark.parametrize(
    ("name", "clause", "near"),
    [("mlps-l3", "8.1.4.1.z", "8.1.4.1.d"), ("mlps-l2", "7.1.4.2.e", "7.1.4.2"), ("nist-800-53", "AC-66", "AC-6")],
)
def test_an_unknown_clause_gets_a_suggestion(name: str, clause: str, near: str) -> None:
    for arguments in (["list", "--covers", clause], ["explain", clause]):
        problem = run(app, [*arguments, "--profile", name]).exception
        assert isinstance(problem, BadInput)
        assert near in str(problem)


@pytest.mark.parametrize("name", profile.names())
def test_a_clause_of_every_framework_is_explained(name: str) -> None:
    clause = profile.load(name).clauses[0]
    said = run(app, ["explain", clause.id, "--profile", name, "--lang", "en"]).stdout
    assert clause.title.en in said
    assert clause.reason.en in said


def test_a_rule_is_explained_in_both_languages() -> None:
    rule = catalogue.rules()["ssh.root_login"]
    said = run(app, ["explain", rule.id, "--lang", "en"]).stdout
    assert rule.title.en in said
    assert rule.fix.en in said
    said = run(app, ["explain", rule.id, "--lang", "zh"]).stdout
    assert rule.title.zh in said
    assert rule.fix.zh in said


def test_a_clause_says_what_a_person_must_answer() -> None:
    clause = next(clause for clause in profile.load().clauses if clause.status == "manual")
    assert clause.question is not None
    assert clause.question.en in run(app, ["explain", clause.id]).stdout


def test_a_wrong_name_gets_a_suggestion() -> None:
    problem = run(app, ["explain", "ssh.root_logn"]).exception
    assert isinstance(problem, BadInput)
    assert "ssh.root_login" in str(problem)
