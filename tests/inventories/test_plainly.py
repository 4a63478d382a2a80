# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The quick reader of plain files: what it reads is what libyaml reads, place by place, or it reads nothing."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import inventories
from inventories.findings import Report
from inventories.generate.files import files
from inventories.generate.plan import Size
from inventories.reading import plainly, source
from inventories.reading.source import MAX_DEPTH, Node

Outline = tuple[object, object, tuple[int, int], tuple[int, int] | None]


def outline(node: Node) -> Outline:
    """Return everything that a node says, its type and all places included."""
    value: object = node.value
    if isinstance(node.value, dict):
        value = [(name, outline(inner)) for name, inner in node.value.items()]
    elif isinstance(node.value, list):
        value = [outline(inner) for inner in node.value]
    key = (node.key.line, node.key.column) if node.key is not None else None
    return type(node.value), value, (node.mark.line, node.mark.column), key


def by_libyaml(text: str) -> Outline:
    report = Report()
    node = source.compose("file.yml", text.encode(), report)
    assert report.findings == []
    assert node is not None
    return outline(node)


PLAIN = """\
---
# Who and where.
region:
  level: city
  name: {en: Lushan, zh: 庐山市}   # 地市

sites:
  ls-dc:
    prefixes: [10.17.0.0/16, "2001:db8:11::/48"]
    defaults:
    rooms: {dc: {grade: C, racks: {R01..R03: {kw: 4}}, feeds: {}, ups: []}}
    opened: 2026-09-01
    note: "it says: 'no' # yes"
  # the end
nothing:
"""


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.removeprefix("---\n"),
        "a: 1\n",
        "a:\nb:\n  c:\n",
        "  a: 1\n  b: 1.5\n",
        "a: {b: [c, {d: e}], f: ''}\n".replace("''", '""'),
        "a: 010\nb: no\nc: true\nd: null\n",
        "a: b  # c: d\n",
    ],
)
def test_plain_files_are_read_as_libyaml_reads_them(text: str) -> None:
    node = plainly.compose("file.yml", text.encode())

    assert node is not None
    assert outline(node) == by_libyaml(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "# nothing\n", "- a\n", "a: |\n  b\n", "a: b: c\n", "a: b\n  c\n", "a: b\n  c: d\n", "a: &x 1\n", "a: *x\n",
        "a: !!str 1\n", "a: 1\na: 2\n", "1: a\n", "true: a\n", "a:\n    b: 1\n  c: 2\n", "a:\tb\n", "a: b\r\n",
        "a: [b, c\n", "a: [b: c]\n", "a: {b, c}\n", "a: {b: 1, b: 2}\n", "a: [b,]\n", 'a: "b\\n"\n', "a: 'b'\n",
        "a: b#c\n",
        "a: [b]c\n", "a: b\n---\nc: d\n", "\ufeffa: b\n", "a: 12:30\n", "a: >\n  b\n", "? a\n: b\n", "a: \u0085\n",
        f"a: {'b' * 2000}\n", "a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "".join(f"{' ' * depth}a:\n" for depth in range(MAX_DEPTH + 2)),
    ],
)  # fmt: skip
def test_everything_else_is_left_to_libyaml(text: str) -> None:
    assert plainly.compose("file.yml", text.encode()) is None


def test_bytes_that_are_no_text_are_left_to_libyaml() -> None:
    assert plainly.compose("file.yml", b"a: \xff\n") is None


# Pieces of which plain files are made, and some that make them less plain.
pieces = st.sampled_from(
    ["a", "b1", "on", "10", "010", "1.5", "null", "清河", "2026-09-01", "10.1.0.0/16", "a: ", "b: ", "c:", " ", "  ",
     ": ", ":", "\n", "\n  ", "\n    ", "#", " # c", "{", "}", "[", "]", ", ", ",", '"', "'", "-", "- ", "/", "(", ")",
     "=", "@", "+", "_", "~", "|", ">", "&", "*", "!", "%", "?", "\\", "\t", "\r", "。", "\u0085", "\u2028", "..",
     "...", "---"]
)  # fmt: skip
values = st.recursive(
    st.sampled_from(["a", "10", "1.5", "no", "null", '"x: y"', "清河省", "10.1.0.0/16"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{name}: {value}" for name, value in items.items()) + "}"
        )
    ),
    max_leaves=6,
)
lines = st.builds(
    lambda depth, name, value, comment: f"{'  ' * depth}{name}:{value}{comment}",
    st.integers(0, 3),
    st.sampled_from(["a", "b", "c", "d.e", "R01..R03", "f-g"]),
    st.just("") | values.map(lambda value: f" {value}"),
    st.sampled_from(["", "", "", "  # why", "\n\n"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join) | st.lists(lines, min_size=1, max_size=8).map("\n".join))
@example("a:\n  b: {c: d}\n  e: f")
def test_no_text_is_read_otherwise_than_libyaml_reads_it(text: str) -> None:
    node = plainly.compose("file.yml", text.encode())

    assert node is None or outline(node) == by_libyaml(text)


@pytest.mark.parametrize("name", ["reference", "lab"])
def test_the_inventories_that_come_with_edufleet_are_read_alike(name: str) -> None:
    paths = sorted((Path(inventories.__file__).parent / name).rglob("*.yml"))

    texts = [path.read_text(encoding="utf-8") for path in paths]
    nodes = [plainly.compose(str(path), text.encode()) for path, text in zip(paths, texts, strict=True)]
    assert sum(node is not None for node in nodes) > len(nodes) / 2
    assert all(node is None or outline(node) == by_libyaml(text) for node, text in zip(nodes, texts, strict=True))


def test_generated_files_are_read_alike() -> None:
    for path, text in files(Size(sites=30, hosts=40, devices=200), 1):
        node = plainly.compose(path, text.encode())
        assert node is None or outline(node) == by_libyaml(text)
