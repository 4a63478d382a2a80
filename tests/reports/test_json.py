# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``inspection.json`` keeps to the schema that is published."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from console.reports.json import render, schema
from console.reports.model import Inspection
from tests.reports import sample

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "inspection.schema.json"


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text("utf-8") == schema(), (
        "the document changed: python -m console.reports.json > docs/reference/inspection.schema.json"
    )


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(json.loads(schema()))


@pytest.mark.parametrize("make", [sample.fleet, sample.extremes, sample.nobody, sample.alone])
def test_a_document_keeps_to_the_schema(make: Callable[[], Inspection]) -> None:
    validator = Draft202012Validator(json.loads(schema()), format_checker=FormatChecker())
    assert list(validator.iter_errors(json.loads(render(make())))) == []


def test_the_schema_refuses_an_unknown_key_and_an_unknown_outcome() -> None:
    document = json.loads(render(sample.alone()))
    validator = Draft202012Validator(json.loads(schema()))
    assert not validator.is_valid({**document, "compliant": True})
    document["hosts"][0]["baseline"][0]["outcome"] = "passed"
    assert not validator.is_valid(document)


def test_a_document_comes_back_as_it_was() -> None:
    assert Inspection.model_validate_json(render(sample.fleet())) == sample.fleet()


def test_what_is_not_unicode_does_not_stop_the_document() -> None:
    assert "\udcff" in sample.HOSTILE
    assert json.loads(render(sample.extremes()).encode("utf-8"))["hosts"][5]["name"].endswith("gnp.exe?\0 {{ 7*7 }}")


def test_the_counts_are_where_the_documentation_says() -> None:
    summary = json.loads(render(sample.fleet()))["summary"]
    assert set(summary["hosts"]) >= {"total", "reached", "unreachable"}
    assert set(summary["baseline"]) == {"pass", "fail", "not_applicable", "manual", "error", "not_evaluated"}
    assert set(summary["health"]) == {"ok", "warning", "critical", "unknown"}
