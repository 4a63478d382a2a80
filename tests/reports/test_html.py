# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The HTML report is one honest, safe, self-contained page."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise

import pytest

from console.reports.html import prose, render
from console.reports.model import Inspection
from console.reports.words import Words
from inventories.base import Lang
from tests.reports import sample
from tests.reports.page import Element, read

SAMPLES: list[Callable[[], Inspection]] = [sample.fleet, sample.extremes, sample.nobody, sample.alone]
LANGS: list[Lang] = ["en", "zh"]


@pytest.fixture(params=[(make, lang) for make in SAMPLES for lang in LANGS], ids=lambda p: f"{p[0].__name__}-{p[1]}")
def shown(request: pytest.FixtureRequest) -> tuple[Inspection, str, Words]:
    make, lang = request.param
    inspection = make()
    return inspection, render(inspection, lang), Words(lang)


def fold(page: Element, number: int) -> Element:
    return next(
        element
        for element in page.all("details")
        if "host" in element.classes() and element.attributes["data-h"] == str(number)
    )


def test_a_page_is_well_formed_and_names_its_language(shown: tuple[Inspection, str, Words]) -> None:
    _, text, words = shown
    page = read(text)
    assert page.children[0].attributes["lang"] == {"en": "en", "zh": "zh-CN"}[words.lang]
    assert [element.tag for element in page.all() if element.tag in {"header", "nav", "main", "footer"}] == [
        "header", "nav", "main", "footer",
    ]  # fmt: skip


def test_nothing_is_fetched_from_anywhere(shown: tuple[Inspection, str, Words]) -> None:
    _, text, _ = shown
    page = read(text)
    for element in page.all():
        assert not element.attributes.keys() & {"src", "srcset", "xlink:href", "action", "data", "style"}
        assert not [name for name in element.attributes if name.startswith("on")]
        assert (element.attributes.get("href") or "#").startswith("#")
    style = page.all("style")[0].text
    assert "@import" not in style
    assert "@font-face" not in style
    assert set(re.findall(r"url\(.", style)) == {"url(#"}


def test_the_policy_allows_exactly_this_style_and_this_script(shown: tuple[Inspection, str, Words]) -> None:
    _, text, _ = shown
    page = read(text)
    policy = next(meta.attributes["content"] for meta in page.all("meta") if "http-equiv" in meta.attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    (style,), (script,) = page.all("style"), page.all("script")
    for element in (style, script):
        digest = b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{element.tag}-src 'sha256-{digest}'" in policy


def test_every_link_leads_somewhere(shown: tuple[Inspection, str, Words]) -> None:
    inspection, text, _ = shown
    page = read(text)
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = {(link.attributes["href"] or "")[1:] for link in page.all("a")}
    assert targets <= set(ids)
    for element in page.all():
        assert set((element.attributes.get("aria-labelledby") or "").split()) <= set(ids)
    assert {f"r{number}" for number in range(len(inspection.rules))} <= set(ids)
    assert {f"h{number}" for number in range(len(inspection.hosts))} <= set(ids)


def test_headings_never_skip_a_level(shown: tuple[Inspection, str, Words]) -> None:
    _, text, _ = shown
    levels = [int(element.tag[1]) for element in read(text).all() if re.fullmatch(r"h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_result_is_there_with_its_outcome_in_words_and_its_evidence(
    shown: tuple[Inspection, str, Words],
) -> None:
    inspection, text, words = shown
    page = read(text)
    groups = {"pass": "passes", "manual": "manual", "not_applicable": "not_applicable"}
    for number, host in enumerate(inspection.hosts):
        fold_ = fold(page, number)
        said = fold_.words()
        rules = [link.attributes["href"] for link in fold_.all("a")]
        assert len(rules) == len(host.baseline)
        for result in host.baseline:
            assert words(groups.get(result.outcome, f"outcome.{result.outcome}")) in said
            assert all(evidence.fact in said for evidence in result.evidence)
        for check in host.health:
            assert words("health.ok" if check.state == "ok" else f"state.{check.state}") in said
        assert host.capture is None or host.capture in said


def test_the_text_of_a_rule_is_said_once() -> None:
    inspection = sample.fleet()
    text = render(inspection, "en")
    assert text.count(inspection.rules[0].fix.en) == 1


def test_the_verdict_comes_first() -> None:
    page = read(render(sample.fleet(), "en"))
    assert page.all("h2")[0].text == "12 hosts asked, 11 answered; 2 need attention now"
    chinese = read(render(sample.fleet(), "zh"))
    assert chinese.all("h2")[0].text == "共巡检 12 台主机，11 台应答；2 台需要立即处理"


def test_a_host_without_an_answer_is_unknown_never_down_and_never_fine() -> None:
    page = read(render(sample.nobody(), "en"))
    assert page.all("h2")[0].text == "4 hosts asked, 0 answered; nothing can be said about them"
    said = fold(page, 0).words()
    assert "Not reached" in said
    assert "Unknown" in said
    assert "No answer, so nothing is known of this host." in said
    assert "0 findings" not in said
    assert "OK" not in said


def test_an_interrupted_inspection_says_so_at_the_top() -> None:
    verdict = next(e for e in read(render(sample.extremes(), "en")).all("section") if "verdict" in e.classes())
    assert "This inspection was stopped early: 1 host not inspected to the end" in verdict.words()


def test_reasons_for_no_verdict_are_said_once_for_all_rules_they_concern() -> None:
    page = read(render(sample.extremes(), "en"))
    said = fold(page, 3).words()
    assert said.count("needs root: prepare the account with playbooks/prepare.yml") == 1
    assert "40 rules" in said
    assert "sudo: a password is required" in said


def test_hostile_text_is_shown_and_does_nothing() -> None:
    text = render(sample.extremes(), "en")
    page = read(text)
    assert len(page.all("script")) == 1
    assert "alert(" not in page.all("script")[0].text
    assert "{{ 7*7 }}" in text
    assert "49" not in fold(page, 5).all("h3")[0].text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert text.encode("utf-8")
    assert sample.ARABIC in text


def test_charts_say_in_words_what_they_draw(shown: tuple[Inspection, str, Words]) -> None:
    _, text, _ = shown
    drawn = [svg for svg in read(text).all("svg") if svg.attributes.get("role") == "img"]
    assert drawn
    for svg in drawn:
        assert svg.children[0].tag == "title"
        assert svg.children[0].text


def test_every_table_has_a_caption_and_scoped_heads(shown: tuple[Inspection, str, Words]) -> None:
    _, text, _ = shown
    for table in read(text).all("table"):
        assert table.children[0].tag == "caption"
        assert table.children[0].text
        assert all("scope" in head.attributes for head in table.all("th"))


def test_a_large_fleet_stays_small_enough_to_mail() -> None:
    inspection = sample.fleet(300)
    assert sum(len(host.baseline) for host in inspection.hosts) > 15_000
    for lang in LANGS:
        assert len(render(inspection, lang).encode()) < 5_000_000


def test_backticks_in_texts_become_code_and_nothing_else_does() -> None:
    assert prose("run `a <b>` & wait") == "run <code>a &lt;b&gt;</code> &amp; wait"
