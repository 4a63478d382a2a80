# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Every collector has an answer recorded from a real host, and reads each recorded one as the facts beside it."""

import json
from pathlib import Path

import pytest

from fleet.collector import catalogue
from tests.collectors.recorded import RECORDED


@pytest.mark.parametrize("answer", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_answer_gives_the_recorded_facts(answer: Path) -> None:
    facts = catalogue()[answer.parent.name].parse(answer.read_text("utf-8"))
    assert facts.model_dump(mode="json") == json.loads(answer.with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_collector_has_a_recorded_answer(name: str) -> None:
    assert any(answer.parent.name == name and "by_hand" not in answer.stem for answer in RECORDED)
