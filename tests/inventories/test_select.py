# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The ``--limit`` language, by example and by property."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.base import Text
from inventories.errors import BadInput
from inventories.model import Authority, Device, Host, Inventory, Region, Site
from inventories.select import select, select_assets, vocabulary

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


def device(name: str, region: str, site: str, *groups: str) -> Device:
    common = host(name, region, site, *groups).model_dump(include={"name", "address", "region", "site", "groups"})
    return Device.model_validate({**common, "vendor": "huawei", "platform": "huawei", "role": "access"})


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
    devices=(
        device("qh-sw1", "qinghe", "q-dc", "switches"),
        device("ls-sw1", "qinghe/lushan", "l-dc", "switches", "db"),
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


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [
        (None, "qh-web1 qh-db1 ls-web1 q2-db1 qh-sw1 ls-sw1"),
        ("all,!switches", "qh-web1 qh-db1 ls-web1 q2-db1"),
        ("qh-sw1", "qh-sw1"),
        ("switches", "qh-sw1 ls-sw1"),
        ("db", "qh-db1 q2-db1 ls-sw1"),
        ("qinghe/lushan", "ls-web1 ls-sw1"),
        ("qinghe,&q-dc", "qh-web1 qh-db1 qh-sw1"),
        ("*-sw?,qh-web1", "qh-web1 qh-sw1 ls-sw1"),
        ("empty", ""),
    ],
)
def test_the_same_language_chooses_among_hosts_and_devices(pattern: str | None, chosen: str) -> None:
    assert [one.name for one in select_assets(INVENTORY, pattern)] == chosen.split()


@pytest.mark.parametrize("pattern", ["qh-sw1", "switches", "*-sw*"])
def test_what_means_only_devices_chooses_no_hosts(pattern: str) -> None:
    with pytest.raises(BadInput):
        select(INVENTORY, pattern)


def test_a_glob_means_names_and_not_the_word_for_everything() -> None:
    with pytest.raises(BadInput):
        select(INVENTORY, "al*")


@pytest.mark.parametrize("choose", [select, select_assets])
@pytest.mark.parametrize("pattern", ["", "web,", ",web", "!", "web,& "])
def test_an_empty_term_is_refused(choose: Callable[[Inventory, str], object], pattern: str) -> None:
    with pytest.raises(BadInput, match="empty term"):
        choose(INVENTORY, pattern)


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
@given(
    st.lists(st.sampled_from(["", "!", "&"]), max_size=4).flatmap(
        lambda signs: st.tuples(*[known_terms.map(sign.__add__) for sign in signs])
    )
)
def test_hosts_are_chosen_as_they_are_among_assets(terms: tuple[str, ...]) -> None:
    pattern = ",".join(terms) or None

    assert select(INVENTORY, pattern) == tuple(
        one for one in select_assets(INVENTORY, pattern) if isinstance(one, Host)
    )


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
