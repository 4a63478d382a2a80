# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the rules compute fast is what a plain definition of it computes slowly."""

from ipaddress import IPv4Network, IPv6Network
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.rules.certificates import covers
from inventories.rules.circles import circles
from inventories.rules.ranges import among, inside, overlapping, span

Network = IPv4Network | IPv6Network

# Few addresses and short names, so that much meets.
FEW = st.sampled_from("abcde")


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Draw a range of at most 64 addresses among the first or the last 128 of a family."""
    bits = draw(st.sampled_from([32, 128]))
    small = draw(st.integers(0, 6))
    first = draw(st.sampled_from([0, (1 << bits) - 128])) + (draw(st.integers(0, 127)) >> small << small)
    return IPv4Network((first, bits - small)) if bits == 32 else IPv6Network((first, bits - small))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(networks(), FEW), max_size=12))
def test_overlaps_are_those_of_all_pairs(given_ranges: list[tuple[Network, str]]) -> None:
    numbered = [(span(network), (n, owner)) for n, (network, owner) in enumerate(given_ranges)]

    found = list(overlapping(numbered, lambda one, other: one[1] == other[1]))

    # Of a pair the smaller range is reported, of two equal ones the later; each once.
    blamed = set()
    for n, (one, owner) in enumerate(given_ranges):
        for m, (other, other_owner) in enumerate(given_ranges[:n]):
            if owner != other_owner and one.version == other.version and one.overlaps(other):
                blamed.add(m if other.prefixlen > one.prefixlen else n)
    assert sorted(inner[0] for inner, _ in found) == sorted(blamed)
    for inner, outer in found:
        assert given_ranges[inner[0]][0].subnet_of(given_ranges[outer[0]][0])  # type: ignore[arg-type] # one family
        assert inner[1] != outer[1]


@settings(max_examples=100, deadline=None)
@given(networks(), st.lists(networks(), max_size=4))
def test_a_range_or_address_is_inside_as_ipaddress_has_it(inner: Network, outer: list[Network]) -> None:
    ranges = [span(network) for network in outer]

    holding = [network for network in outer if network.version == inner.version]
    assert inside(span(inner), ranges) == any(inner.subnet_of(network) for network in holding)  # type: ignore[arg-type]
    assert among(inner[-1], ranges) == any(inner[-1] in network for network in outer)


def reachable(leads_to: dict[str, list[str]], start: str) -> set[str]:
    """Return what can be reached from ``start`` in one step or more."""
    reached: set[str] = set()
    fresh = set(leads_to.get(start, ()))
    while fresh:
        reached |= fresh
        fresh = {name for known in fresh for name in leads_to.get(known, ())} - reached
    return reached


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(FEW, st.lists(FEW, max_size=3), max_size=5))
def test_circles_are_found_exactly_where_something_leads_back_to_itself(leads_to: dict[str, list[str]]) -> None:
    found = list(circles(leads_to))

    for circle in found:
        assert circle[0] == circle[-1]
        assert len(set(circle[:-1])) == len(circle) - 1
        assert all(name in leads_to[before] for before, name in pairwise(circle))
    assert bool(found) == any(name in reachable(leads_to, name) for name in leads_to)
    last_steps = {circle[-2:] for circle in found}
    cut = {name: [to for to in names if (name, to) not in last_steps] for name, names in leads_to.items()}
    assert list(circles(cut)) == []


def test_a_long_chain_is_no_circle_and_a_long_circle_is_one() -> None:
    chain = {f"s{n}": [f"s{n + 1}"] for n in range(20_000)}

    assert list(circles(chain)) == []
    assert [len(circle) for circle in circles({**chain, "s20000": ["s0"]})] == [20_002]


LABELS = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=3)


@settings(max_examples=100, deadline=None)
@given(st.booleans(), LABELS, LABELS)
def test_a_star_stands_for_one_whole_label(star: bool, san: list[str], name: list[str]) -> None:
    """RFC 9525, 6.3: only the whole leftmost label may be a star, and it stands for exactly one."""
    pattern = ["*", *san] if star else san

    fits = len(pattern) == len(name) and all(p in ("*", label) for p, label in zip(pattern, name, strict=True))
    assert covers(".".join(pattern), ".".join(name)) == fits
    assert covers(".".join(pattern), ".".join(["*", *name])) == (pattern == ["*", *name])
