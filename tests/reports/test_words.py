# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The reports have every word they need in both languages, and no others."""

import re
from pathlib import Path
from typing import get_args

import pytest

import console.reports
from console.reports.model import ClauseReport, Reach, ReachStatus
from console.reports.words import PAIRS, Words
from fleet.capture import CauseCode
from inventories.model import LinkClass, RegionLevel
from probes.verdict import State
from security.verdict import Outcome, Severity

ROOM = Path(console.reports.__file__).parent
CODE = "\n".join(
    path.read_text("utf-8") for path in [*ROOM.glob("*.py"), *ROOM.glob("templates/*.j2")] if path.name != "words.py"
)
FAMILIES = {
    "outcome": get_args(Outcome),
    "severity": get_args(Severity),
    "state": get_args(State),
    "reach": get_args(ReachStatus),
    "cause": get_args(CauseCode),
    "level": get_args(RegionLevel),
    "link": get_args(LinkClass),
    "clause": get_args(ClauseReport.model_fields["status"].annotation),
    "privilege": get_args(Reach.model_fields["privilege"].annotation),
}


@pytest.mark.parametrize("key", PAIRS)
def test_both_languages_say_it_with_the_same_values(key: str) -> None:
    english, chinese = PAIRS[key]
    assert english.strip()
    assert chinese.strip()
    assert set(re.findall(r"\{(\w+)\}", english)) == set(re.findall(r"\{(\w+)\}", chinese))


@pytest.mark.parametrize(("family", "members"), FAMILIES.items())
def test_every_code_of_the_document_has_a_word(family: str, members: tuple[str, ...]) -> None:
    assert members
    assert {key.partition(".")[2] for key in PAIRS if key.startswith(f"{family}.")} == set(members)


def test_chinese_uses_chinese_punctuation() -> None:
    for key, (_, chinese) in PAIRS.items():
        assert not re.search(r"[\u4e00-\u9fff][,;:?!()]", chinese), key


@pytest.mark.parametrize("key", PAIRS)
def test_no_word_is_left_over(key: str) -> None:
    stem, _, last = key.rpartition(".")
    asked = stem if stem in FAMILIES or last in {"one", "many"} else key
    assert re.search(rf"""["']{asked}["'.]""", CODE)


def test_an_unknown_word_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Words("en")("no such word")


def test_one_is_not_many() -> None:
    assert Words("en").count("host", 1) == "1 host"
    assert Words("en").count("host", 1200) == "1,200 hosts"
    assert Words("zh").count("host", 1) == "1 台主机"
