# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The ``--limit`` language, by example and by property."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.base import Text
from inventories.errors import BadInput
from inventories.model import Authority, Host, Inventory, Region, Site
from inventories.select import select, vocabulary

NAME = Text(en="N", zh="名")


def host(name: str, region: str, site: str, *groups: str) -> Host:
    number = sum(name.encode())
    return Host.model_validate(
        {
            "name": name,
            "address": f"10.0.{number >> 8}.{number & 255}",
            "region": region,
            "site": site,
            "groups": groups,
            "platform": "debian12",
            "link": "lan",
        }
    )


def region(path: str, parent: str | None) -> Region:
    return Region(path=path, level="province" if parent is None else "city", name=NAME, parent=parent)


INVENTORY = Inventory(
    authority=Authority(name=NAME),
    regions=(region("qinghe", None), region("qinghe/lushan", "qinghe"), region("qinghe2", None), region("empty", None)),
    sites=(
        Site(id="q-dc", region="qinghe", name=NAME, link="lan"),
        Site(id="l-dc", region="qinghe", name=NAME, link="lan"),
    ),
    hosts=(
        host("qh-web1", "qinghe", "q-dc", "web"),
        host("qh-db1", "qinghe", "q-dc", "db"),
        host("ls-web1", "qinghe/lushan", "l-dc", "web"),
        host("q2-db1", "qinghe2", "l-dc", "db", "web"),
    ),
)


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [
        (None, "qh-web1 qh-db1 ls-web1 q2-db1"),
        ("all", "qh-web1 qh-db1 ls-web1 q2-db1"),
        ("qh-db1", "qh-db1"),
        ("q2-db1,qh-web1", "qh-web1 q2-db1"),
        ("web", "qh-web1 ls-web1 q2-db1"),
        ("qinghe", "qh-web1 qh-db1 ls-web1"),
        ("qinghe/lushan", "ls-web1"),
        ("qinghe/*", "ls-web1"),
        ("l-dc", "ls-web1 q2-db1"),
        ("empty", ""),
        ("*-web*", "qh-web1 ls-web1"),
        ("!web", "qh-db1"),
        ("&db", "qh-db1 q2-db1"),
        ("qinghe,!qh-db1", "qh-web1 ls-web1"),
        ("!qh-db1 , qinghe", "qh-web1 ls-web1"),
        ("qinghe,q2-db1,&db,!qh-*", "q2-db1"),
        ("web,!all", ""),
    ],
)
def test_patterns(pattern: str | None, chosen: str) -> None:
    assert [one.name for one in select(INVENTORY, pattern)] == chosen.split()


@pytest.mark.parametrize("pattern", ["", "web,", ",web", "!", "web,& "])
def test_an_empty_term_is_refused(pattern: str) -> None:
    with pytest.raises(BadInput, match="empty term"):
        select(INVENTORY, pattern)


@pytest.mark.parametrize(
    ("pattern", "hint"), [("qinhe", "'qinghe'"), ("web,!qh-db2", "'qh-db1'"), ("zz*", "inventory list")]
)
def test_an_unknown_term_is_refused_with_a_suggestion(pattern: str, hint: str) -> None:
    with pytest.raises(BadInput) as caught:
        select(INVENTORY, pattern)

    assert hint in str(caught.value.hint)


known_terms = st.sampled_from(vocabulary(INVENTORY))
plain_patterns = st.lists(known_terms, min_size=1, max_size=4)


def names(pattern: str) -> set[str]:
    return {one.name for one in select(INVENTORY, pattern)}


@settings(deadline=None)
@given(plain_patterns, known_terms)
def test_excluding_takes_away_exactly_what_the_term_chooses(plain: list[str], term: str) -> None:
    assert names(",".join([*plain, f"!{term}"])) == names(",".join(plain)) - names(term)


@settings(deadline=None)
@given(plain_patterns, known_terms)
def test_intersecting_keeps_exactly_what_the_term_chooses(plain: list[str], term: str) -> None:
    assert names(",".join([*plain, f"&{term}"])) == names(",".join(plain)) & names(term)


@settings(deadline=None)
@given(plain_patterns.flatmap(lambda plain: st.tuples(st.just(plain), st.permutations(plain))))
def test_the_order_of_terms_does_not_matter_and_hosts_stay_in_inventory_order(
    both: tuple[list[str], list[str]],
) -> None:
    written, shuffled = both
    chosen = select(INVENTORY, ",".join(written))

    assert select(INVENTORY, ",".join(shuffled)) == chosen
    assert list(chosen) == [one for one in INVENTORY.hosts if one in chosen]


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_a_pattern_or_bad_input(pattern: str) -> None:
    try:
        chosen = select(INVENTORY, pattern)
    except BadInput:
        return
    assert set(chosen) <= set(INVENTORY.hosts)
