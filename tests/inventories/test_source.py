# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reading one YAML file: values, places, and every way a file can be refused."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.findings import Report
from inventories.reading.source import MAX_BYTES, MAX_DEPTH, Node, SourceError, plain_scalar, read_source


def source(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "file.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def root_of(path: Path) -> Node:
    report = Report()
    node = read_source(path, report)
    assert report.findings == []
    assert node is not None
    return node


def refusal(path: Path) -> tuple[str, int, int]:
    with pytest.raises(SourceError) as caught:
        read_source(path, Report())
    finding = caught.value.finding
    return finding.rule, finding.line, finding.column


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("12:30", "12:30"),
        ("010", 10),
        ("-3", -3),
        ("1.5e3", 1500.0),
        ("1e999", "1e999"),
        ("198.18.1.1", "198.18.1.1"),
        ("2026-01-01", "2026-01-01"),
        ("True", True),
        ("~", None),
        ("'10'", "10"),
        ('"null"', "null"),
    ],
)
def test_unquoted_scalars_mean_what_yaml_1_2_says(tmp_path: Path, written: str, meant: object) -> None:
    value = root_of(source(tmp_path, f"key: {written}\n")).plain()["key"]

    assert value == meant
    assert type(value) is type(meant)


def test_every_value_and_key_knows_its_place(tmp_path: Path) -> None:
    path = source(tmp_path, "清河:\n  hosts: [a, b]\n")

    outer = root_of(path)
    assert isinstance(outer.value, dict)
    inner = outer.value["清河"]
    assert isinstance(inner.value, dict)
    hosts = inner.value["hosts"]
    assert isinstance(hosts.value, list)
    places = [(node.line, node.column) for node in (inner.key_place, hosts.key_place, hosts.value[1].place)]
    assert places == [(1, 1), (2, 3), (2, 14)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: &x 1\n", ("INV-YAML-003", 1, 4)),
        ("a: 1\nb: *x\n", ("INV-YAML-003", 2, 4)),
        ("a: !!python/object:os.system {}\n", ("INV-YAML-003", 1, 4)),
        ("a: 1\n---\nb: 2\n", ("INV-YAML-003", 2, 1)),
        ("a:\n\tb: 1\n", ("INV-YAML-001", 2, 1)),
        ("a: [1\n", ("INV-YAML-001", 2, 1)),
        ("a: \x07\n", ("INV-YAML-001", 1, 1)),
        ("a: " + "[" * 50_000, ("INV-YAML-004", 1, 3 + MAX_DEPTH)),
        (b"a: 1\nname: \xe6\xb8\x85\xff\n", ("INV-FILE-001", 2, 8)),
        (b"# " + b"x" * MAX_BYTES, ("INV-FILE-001", 1, 1)),
    ],
    ids=["anchor", "alias", "tag", "document", "tab", "unclosed", "bell", "deep", "not-utf8", "big"],
)
def test_a_file_that_cannot_be_used_gives_one_finding_at_its_place(
    tmp_path: Path, text: str | bytes, where: tuple[str, int, int]
) -> None:
    assert refusal(source(tmp_path, text)) == where


def test_an_alias_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))

    assert refusal(source(tmp_path, f"l0: &l0 [lol]\n{levels}\n")) == ("INV-YAML-003", 1, 5)


def test_what_is_not_a_file_is_not_read(tmp_path: Path) -> None:
    assert refusal(tmp_path)[0] == "INV-FILE-001"
    assert refusal(tmp_path / "missing.yml")[0] == "INV-FILE-001"


def test_tabs_are_explained(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="spaces, not tabs"):
        read_source(source(tmp_path, "a:\n\tb: 1\n"), Report())


@pytest.mark.parametrize(
    ("text", "rule", "where"),
    [
        ("a: 1\na: 2\n", "INV-YAML-002", (2, 1)),
        ("1: x\n", "INV-YAML-005", (1, 1)),
        ("[a, b]: x\n", "INV-YAML-005", (1, 1)),
        ('a: "\\e[31mred"\n', "INV-YAML-006", (1, 4)),
    ],
)
def test_a_bad_key_or_value_does_not_stop_the_reading(
    tmp_path: Path, text: str, rule: str, where: tuple[int, int]
) -> None:
    report = Report()
    node = read_source(source(tmp_path, text + "last: 1\n"), report)

    assert [(f.rule, f.line, f.column) for f in report.findings] == [(rule, *where)]
    assert node is not None
    assert node.plain()["last"] == 1


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read_source(source(tmp_path, "# only a comment\n"), Report()) is None


json_like: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters(codec="ascii", categories=["L"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(value=json_like)
def test_json_is_read_as_json_reads_it(value: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    import json  # noqa: PLC0415

    assert root_of(source(tmp_path_factory.mktemp("json"), json.dumps(value))).plain() == value


@settings(deadline=None)
@given(text=st.text(max_size=30))
def test_a_plain_scalar_is_a_finite_value_or_the_text_itself(text: str) -> None:
    value = plain_scalar(text)

    assert value == text or value is None or abs(value) < float("inf")  # type: ignore[arg-type] # a number by now
