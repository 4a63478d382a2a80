# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Findings for other tools: SARIF against its schema, GitHub's workflow commands, and every rule explained."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from console.cli.inventory import app
from inventories.catalogue import catalogue
from inventories.errors import BadInput
from inventories.findings import Rule
from inventories.reading import files, pages, shape, source
from inventories.registry import REGISTRY
from tests.inventories.trees import SOUND, write

PUBLISHED = Path(__file__).parent.parent / "published"


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "odd, name", {**SOUND, "qinghe/more.yml": "hosts: {web3: {adress: 10.1.0.3}}\n"})


def test_sarif_is_valid_and_points_at_the_line(broken: Path) -> None:
    result = CliRunner().invoke(app, ["validate", broken.name, "--format", "sarif"])

    log = json.loads(result.stdout)
    schema = json.loads((PUBLISHED / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.validate(log, schema)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == list(catalogue())
    unknown = next(one for one in run["results"] if one["ruleId"] == "INV-KEY-001")
    assert rules[unknown["ruleIndex"]] == "INV-KEY-001"
    assert unknown["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "odd%2C%20name/qinghe/more.yml"},
        "region": {"startLine": 1, "startColumn": 16},
    }
    assert result.exit_code == 1


def test_sarif_of_a_sound_inventory_has_no_results(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["validate", str(write(tmp_path, SOUND)), "--format", "sarif"])

    (run,) = json.loads(result.stdout)["runs"]
    assert {one["level"] for one in run["results"]} <= {"warning"}
    assert result.exit_code == 0


def test_github_gets_one_command_per_finding(broken: Path) -> None:
    result = CliRunner().invoke(app, ["validate", broken.name, "--format", "github"])

    lines = result.stdout.splitlines()
    assert all(
        re.fullmatch(r"::(error|warning) file=[^,:]+,line=\d+,col=\d+,title=INV-[A-Z]+-\d{3}::.+", one) for one in lines
    )
    assert any(
        one.startswith("::error file=odd%2C name/qinghe/more.yml,line=1,col=16,title=INV-KEY-001::") for one in lines
    )


def test_every_rule_is_in_the_catalogue_and_explained_in_both_languages() -> None:
    reading = {
        value.id
        for module in (files, pages, shape, source)
        for value in vars(module).values()
        if isinstance(value, Rule)
    }

    assert set(catalogue()) == reading | set(REGISTRY)
    for one in catalogue().values():
        assert re.fullmatch(r"INV-[A-Z]{2,4}-\d{3}", one.rule.id)
        for text in (one.title, one.why):
            assert text.en.rstrip(")").endswith(".")
            assert text.zh.rstrip("）").endswith("。")


def test_a_rule_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    shown = CliRunner().invoke(app, ["explain", "inv-yaml-002"]).stdout
    told = json.loads(CliRunner().invoke(app, ["explain", "INV-YAML-002", "--lang", "en", "--json"]).stdout)

    assert "同一映射中没有重复的键。" in shown
    assert told["rules"][0]["title"] == "No key is given twice in one mapping."


def test_without_a_rule_all_are_listed_and_a_wrong_one_is_asked_back() -> None:
    listed = CliRunner().invoke(app, ["explain", "--lang", "en"]).stdout
    assert all(rule in listed for rule in catalogue())

    wrong = CliRunner().invoke(app, ["explain", "INV-NTE-001"]).exception
    assert isinstance(wrong, BadInput)
    assert "did you mean" in str(wrong)
