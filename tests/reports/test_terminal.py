# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The terminal summary fits a screen and lets nothing through that a target sent to confuse it."""

from collections.abc import Callable
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from console.reports.model import Inspection
from console.reports.terminal import render
from inventories.base import Lang
from tests.reports import sample


def big() -> Inspection:
    return sample.fleet(300)


def screen(inspection: Inspection, lang: Lang, *, colour: bool = False) -> str:
    out = StringIO()
    console = Console(file=out, width=80, force_terminal=colour, color_system="standard" if colour else None)
    console.print(render(inspection, lang))
    return out.getvalue()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("make", [sample.fleet, sample.extremes, sample.nobody, sample.alone, big])
def test_it_fits_one_screen(make: Callable[[], Inspection], lang: Lang) -> None:
    lines = screen(make(), lang).splitlines()
    assert len(lines) <= 23
    assert max(map(cell_len, lines)) <= 80


def test_it_says_the_verdict_first_and_who_was_not_reached_and_why() -> None:
    lines = screen(sample.fleet(), "en").splitlines()
    assert lines[0].rstrip() == "12 hosts asked, 11 answered; 2 need attention now"
    silent = next(line for line in lines if "haibin-web-08" in line)
    assert "Not reached · no answer in time" in silent


def test_it_counts_every_outcome_and_state_in_words() -> None:
    text = screen(sample.fleet(), "en")
    counts = sample.fleet().summary.baseline
    for said in (f"{counts.fail} fail", f"{counts.pass_} pass", f"{counts.not_evaluated} not evaluated"):
        assert said in text
    for said in ("1 critical", "2 warning", "1 unknown", "8 ok"):
        assert said in text


def test_a_region_without_an_answer_is_unknown() -> None:
    line = next(line for line in screen(sample.nobody(), "en").splitlines() if "Yunling" in line)
    assert line.split() == ["Yunling", "0/4", "hosts", "?", "unknown"]


def test_hostile_names_neither_style_nor_steer_the_terminal() -> None:
    text = screen(sample.extremes(), "en", colour=True)
    assert "\x1b[2J" not in text
    assert "\x1b]0;" not in text
    assert "\u202e" not in text
    assert "[red]x[/re" in text
    assert text.encode("utf-8")
