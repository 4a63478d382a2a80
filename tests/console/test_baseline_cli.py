# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet baseline``: what can be looked up about rules and clauses."""

import json

from typer.testing import CliRunner

from console.cli.baseline import app
from inventories.errors import BadInput
from security import catalogue, profile

run = CliRunner().invoke


def test_the_list_has_every_rule_of_the_profile() -> None:
    listed = json.loads(run(app, ["list", "--json"]).stdout)
    assert [rule["id"] for rule in listed["rules"]] == [rule.id for rule in profile.load().rules]
    assert int(run(app, ["list", "--count"]).stdout) == len(listed["rules"])


def test_there_are_at_least_forty_rules_each_with_a_clause() -> None:
    chosen = profile.load()
    assert len(chosen.rules) >= 40
    assert all(chosen.clauses_of(rule.id) for rule in chosen.rules)
    assert set(catalogue.rules()) == {rule.id for rule in chosen.rules}


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
