# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Figures, harmless text and charts: the small pieces the reports are made of."""

import re
import unicodedata
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.reports import figures, plain
from console.reports.charts import Part, meter, stacked
from tests.reports.page import read


@settings(max_examples=100)
@given(st.text(st.characters(codec=None), max_size=60))
def test_plain_text_can_be_encoded_and_steers_nothing(text: str) -> None:
    shown = plain.plain(text)
    shown.encode("utf-8")
    assert len(shown) == len(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n"]
    assert not [
        c
        for c in shown
        if unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    ]


@settings(max_examples=100)
@given(st.floats(min_value=0, max_value=1e18, allow_nan=False))
def test_a_size_is_short(value: float) -> None:
    assert re.fullmatch(r"\d{1,4}(\.\d{1,2})? ([KMGTP]i)?B", figures.nbytes(value))


def test_a_date_beyond_the_calendar_is_its_last_day() -> None:
    assert figures.day(datetime.fromisoformat("2026-03-01T00:00:00+00:00"), 1e12) == "9999-12-31"


@settings(max_examples=100)
@given(st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=6))
def test_a_stacked_bar_fills_its_width_and_shows_every_part(counts: list[int]) -> None:
    svg = read(str(stacked([Part(f"k{i}", count, f"w{i}") for i, count in enumerate(counts)], "title"))).children[0]
    bars = [rect for rect in svg.all("rect") if "k" in rect.classes()]
    assert len(bars) == sum(count > 0 for count in counts)
    if bars:
        last = bars[-1].attributes
        assert float(last["x"] or 0) + float(last["width"] or 0) == pytest.approx(100, abs=0.1)
        assert min(float(bar.attributes["width"] or 0) for bar in bars) >= 1


def test_a_bar_says_its_parts_and_escapes_them() -> None:
    svg = str(stacked([Part("ok", 3, "<b>"), Part("critical", 0, "none")], '"&'))
    assert "<title>&#34;&amp;</title><desc>&lt;b&gt; 3</desc>" in svg


@pytest.mark.parametrize(("ratio", "width"), [(-1, 0), (0.5, 50), (7, 100)])
def test_a_meter_stays_on_its_track(ratio: float, width: float) -> None:
    assert f'<rect class="k full" width="{width}"' in str(meter(ratio, "full", 0.9, "disk"))
