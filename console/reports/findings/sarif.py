# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Findings as SARIF 2.1.0, which code hosts and editors show at their lines."""

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from inventories.catalogue import Described, catalogue
from inventories.findings import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(findings: Sequence[Finding]) -> str:
    """Return one SARIF log; every rule of the catalogue is listed, so that a clean run says what was asked."""
    rules = list(catalogue().values())
    index = {one.rule.id: position for position, one in enumerate(rules)}
    driver = {
        "name": "edufleet",
        "semanticVersion": version("edufleet"),
        "rules": [_rule(one) for one in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index[finding.rule]) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(one: Described) -> dict[str, object]:
    return {
        "id": one.rule.id,
        "shortDescription": {"text": one.title.en},
        "fullDescription": {"text": one.why.en},
        "help": {"text": one.rule.hint},
        "defaultConfiguration": {"level": one.rule.severity},
    }


def _result(finding: Finding, index: int) -> dict[str, object]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    location = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": f"{finding.message} ({finding.hint})"},
        "locations": [{"physicalLocation": location}],
    }


def _uri(file: str) -> str:
    """Return a URI reference: absolute paths as file:, others relative to where the command ran."""
    return Path(file).as_uri() if Path(file).is_absolute() else quote(file)
