# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Conditions: Kleene's laws, quantifiers, what a missing fact leaves open, and mistakes found on loading."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.collector import catalogue
from fleet.facts import Missing
from security.content import Misplaced
from security.expression import Reader, Scope, Truth
from tests.security.facts import good_host

TRUE: dict[str, Any] = {"fact": "sshd_effective.permitrootlogin", "eq": "no"}
FALSE: dict[str, Any] = {"fact": "sshd_effective.permitrootlogin", "eq": "yes"}
OPEN: dict[str, Any] = {"fact": "sshd_effective.banner", "eq": "/etc/issue"}
"""The good host does not say what its banner is."""

conditions = st.recursive(
    st.sampled_from([TRUE, FALSE, OPEN]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)


def decide(data: object, **change: Any) -> Truth:
    return Reader(catalogue(), {}).read(data).decide(Scope(good_host(change), {}))


@pytest.mark.parametrize(("data", "value"), [(TRUE, True), (FALSE, False), (OPEN, None)])
def test_a_comparison_is_true_false_or_open(data: object, value: bool | None) -> None:
    assert decide(data).value is value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"all": [TRUE, OPEN]}, None),
        ({"all": [FALSE, OPEN]}, False),
        ({"any": [TRUE, OPEN]}, True),
        ({"any": [FALSE, OPEN]}, None),
        ({"not": OPEN}, None),
    ],
)
def test_what_is_missing_matters_only_when_it_would_decide(data: object, value: bool | None) -> None:
    assert decide(data).value is value


@settings(max_examples=60, deadline=None)
@given(conditions)
def test_double_negation_changes_nothing(data: dict[str, Any]) -> None:
    assert decide({"not": {"not": data}}).value is decide(data).value


@settings(max_examples=60, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=3))
def test_de_morgan(parts: list[dict[str, Any]]) -> None:
    assert decide({"not": {"all": parts}}).value is decide({"any": [{"not": part} for part in parts]}).value


@settings(max_examples=60, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=3))
def test_order_does_not_matter(parts: list[dict[str, Any]]) -> None:
    assert decide({"all": parts}).value is decide({"all": parts[::-1]}).value


@settings(max_examples=60, deadline=None)
@given(conditions)
def test_an_open_condition_names_what_is_missing_and_a_decided_one_what_was_seen(data: dict[str, Any]) -> None:
    truth = decide(data)
    assert bool(truth.missing) is (truth.value is None)
    assert bool(truth.seen) is (truth.value is not None)


def users(*uids: int) -> dict[str, Any]:
    def user(uid: int) -> dict[str, Any]:
        return {"name": f"u{uid}", "uid": uid, "gid": 0, "home": "/", "shell": "/bin/sh", "login": True,
                "password": "shadowed", "namesakes": 0}  # fmt: skip

    return {"users": [user(uid) for uid in uids]}


@pytest.mark.parametrize(
    ("kind", "uids", "value"),
    [
        ("every", (1, 2), True),
        ("every", (1, 9), False),
        ("every", (), True),
        ("some", (9, 1), True),
        ("some", (9,), False),
        ("some", (), False),
        ("none", (9,), True),
        ("none", (9, 1), False),
    ],
)
def test_quantifiers(kind: str, uids: tuple[int, ...], value: bool) -> None:
    data = {kind: "accounts.users", "that": {"fact": ".uid", "lt": 5}, "show": [".name"]}
    assert decide(data, accounts=users(*uids)).value is value


@pytest.mark.parametrize(("kind", "value"), [("every", True), ("some", False), ("none", True)])
def test_where_narrows_what_is_looked_at(kind: str, value: bool) -> None:
    data = {kind: "accounts.users", "where": {"fact": ".uid", "gt": 5}, "that": {"fact": ".name", "eq": "u9"}}
    narrowed = decide(data, accounts=users(1, 2)).value
    assert narrowed is value


def test_the_offending_items_are_what_was_seen() -> None:
    data = {"every": "accounts.users", "that": {"fact": ".uid", "lt": 5}, "show": [".name", ".uid"]}
    assert [seen.observed for seen in decide(data, accounts=users(1, 9, 8)).seen] == ["name=u9 uid=9", "name=u8 uid=8"]


def test_one_item_that_cannot_be_judged_leaves_the_rest_open() -> None:
    gap = {"reason": "denied", "detail": ""}
    hidden = {"path": "/root/x", "mode": gap, "owner": gap, "group": gap, "kind": "other"}
    seen = {"path": "/etc/x", "mode": "0600", "owner": "root", "group": "root", "kind": "file"}
    data = {"every": "files.found", "that": {"fact": ".mode", "mode_within": "0600"}}
    truth = decide(data, files={"found": [seen, hidden]})
    assert truth == Truth(None, missing=((".mode", Missing("denied", "")),))


@pytest.mark.parametrize("value", ["0600", "600", "0400", "0000"])
def test_a_stricter_mode_is_within(value: str) -> None:
    file = {"path": "/x", "mode": value.zfill(4), "owner": "root", "group": "root", "kind": "file"}
    data = {"every": "files.found", "that": {"fact": ".mode", "mode_within": "0640"}}
    assert decide(data, files={"found": [file]}).value is True


def test_text_where_a_number_belongs_is_an_error_not_a_verdict() -> None:
    data = {"fact": "kernel.sysctl.net.ipv4.ip_forward", "le": 0}
    truth = decide(data, kernel={"sysctl": {"net.ipv4.ip_forward": "0 0"}})
    assert [gap.reason for _, gap in truth.missing] == ["unparsable"]


@pytest.mark.parametrize(
    ("data", "path", "says"),
    [
        ({"fact": "nobody.x", "eq": "y"}, ("fact",), "no collector 'nobody'"),
        ({"fact": "sshd_effective.nothing", "eq": "y"}, ("fact",), "no field 'nothing'"),
        ({"fact": "sshd_effective.maxauthtries.x", "eq": 1}, ("fact",), "no field 'x'"),
        ({"fact": ".name", "eq": "y"}, ("fact",), "only inside every"),
        ({"fact": "sshd_effective.maxauthtries", "eq": "4"}, ("eq",), "never str"),
        ({"fact": "sshd_effective.permitrootlogin", "eq": False}, ("eq",), "never bool"),
        ({"fact": "sshd_effective.permitrootlogin", "le": 4}, ("le",), "takes float or int"),
        ({"fact": "sshd_effective.maxauthtries", "le": "4"}, ("le",), "expected float or int"),
        ({"fact": "sshd_effective.ciphers", "eq": "x"}, ("eq",), "takes"),
        ({"fact": "sshd_effective.maxauthtries", "in": 4}, ("in",), "expected list"),
        ({"fact": "sshd_effective.maxauthtries", "in": [4, "5"]}, ("in",), "one of them"),
        ({"fact": "sshd_effective.maxauthtries", "le": "$most"}, ("le",), "no parameter 'most'"),
        ({"fact": "sshd_effective.banner", "matches": "(a+)+"}, ("matches",), "nests"),
        ({"fact": "sshd_effective.banner", "matches": "("}, ("matches",), "not a regular expression"),
        ({"fact": "sshd_effective.maxauthtries", "is": 4}, ("fact",), "expected one operator"),
        ({"fact": "sshd_effective.maxauthtries", "le": 4, "ge": 1}, ("fact",), "expected one operator"),
        ({"all": []}, ("all",), "expected a list"),
        ({"all": [TRUE, {"not": {"fact": "x.y", "eq": 1}}]}, ("all", 1, "not", "fact"), "no collector"),
        ({"all": [TRUE], "any": [TRUE]}, ("all",), "expected one of"),
        ({"every": "accounts.users"}, ("every",), "that (required)"),
        ({"every": "accounts.defaults", "that": TRUE}, ("every",), "not a list"),
        ({"every": "accounts.users", "that": {"fact": ".nothing", "eq": 1}}, ("that", "fact"), "no field"),
        ({"every": "accounts.users", "that": TRUE, "show": [".nothing"]}, ("show",), "no field"),
        ("sshd_effective.permitrootlogin == no", (), "a condition is a mapping"),
    ],
)
def test_mistakes_are_found_on_loading_with_their_place(data: object, path: tuple[str | int, ...], says: str) -> None:
    with pytest.raises(Misplaced) as problem:
        Reader(catalogue(), {}).read(data)
    assert problem.value.path == path
    assert says in str(problem.value)
