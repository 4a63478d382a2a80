# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The published page on what the baseline covers is current and hides nothing."""

from pathlib import Path

from security import coverage
from security.profile import framework, frameworks

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "coverage.md"


def test_the_published_page_is_current() -> None:
    assert PUBLISHED.read_text("utf-8") == coverage.document(), (
        "a control map changed: python -m security.coverage > docs/reference/coverage.md"
    )


def test_every_clause_has_a_row_with_its_status_question_and_rules() -> None:
    rows = [line.strip("| ").split(" | ") for line in coverage.document().splitlines() if "<br>" in line]
    clauses = [clause for name in frameworks() for clause in framework(name).clauses]
    assert len(rows) == len(clauses)
    for (id_, _title, status, number, question, reason, rules), clause in zip(rows, clauses, strict=True):
        assert (id_, status, int(number), reason) == (clause.id, clause.status, len(clause.rules), clause.reason.en)
        assert question == (clause.question.en if clause.question else "nothing")
        assert all(f"`{rule}`" in rules for rule in clause.rules)
