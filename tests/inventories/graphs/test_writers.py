# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The formats: golden files of a small province, and that no name can break what the real readers read."""

import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.errors import BadInput, CouldNotFinish
from inventories.graphs.graph import Edge, Elevation, Graph, Group, Mount, Node
from inventories.graphs.registry import views, writers
from inventories.graphs.scope import Scope
from inventories.graphs.styles import DARK, LIGHT, LOOKS, Colours
from inventories.model import Inventory

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"
with_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="needs dot of the package graphviz")
texts = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    [
        '"',
        "\\",
        "\\N\\G",
        "a\\",
        "&amp;",
        "&#60;",
        "<b>",
        "end",
        "]]>",
        "%%{",
        "1. x",
        "- x",
        "`x`",
        "|",
        "style a:b#x;",
    ]
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Return a graph with one of everything and any text in each place that takes one."""

    def some() -> str:
        return draw(texts)

    group = Group(id="g", lines=(some(), some()))
    nodes = [
        Node(id=f"{number} {some()}", lines=(some(), some()), kind=kind, group="g" if number % 2 else None, tip=some())
        for number, kind in enumerate(LOOKS)
    ]
    edges = [
        Edge(start=nodes[0].id, end=nodes[1].id, label=some(), tip=some()),
        Edge(start=nodes[1].id, end=nodes[2].id, label=some(), line="dashed", arrow=False, beside=True),
    ]
    return Graph(title=some(), notes=(some(),), groups=(group,), nodes=tuple(nodes), edges=tuple(edges))


@st.composite
def racks(draw: st.DrawFn) -> Graph:
    """Return a rack with any text in each place that takes one."""

    def some() -> str:
        return draw(texts)

    mounts = tuple(
        Mount(name=some(), word=some(), kind="host", unit=unit, height=1, tip=some()) for unit in (None, 1, 2)
    )
    rack = Elevation(node="r", header=(some(), some(), some()), units=4, mounts=mounts, load_kw=3, kw=2)
    node = Node(id="r", lines=(some(),), kind="rack", group="g")
    return Graph(title=some(), groups=(Group(id="g", lines=(some(),)),), nodes=(node,), elevations=(rack,))


def dot(text: str, form: str) -> str:
    done = subprocess.run(["dot", f"-T{form}"], input=text, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("form", ["dot", "mermaid"])
@pytest.mark.parametrize("view", list(views()))
def test_a_small_province_is_written_as_ever(view: str, form: str, province: Inventory) -> None:
    writer = writers()[form]
    region = "qinghe" if view == "network" else "."
    written = writer.write(views()[view].draw(Scope(province, region, None, "en")))
    assert written == (GOLDEN / f"{view}{writer.suffix}").read_text(encoding="utf-8")


@with_dot
@given(graphs())
@settings(max_examples=60, deadline=None)
def test_dot_takes_any_text_as_it_is(graph: Graph) -> None:
    drawn = dot(writers()["dot"].write(graph), "dot")
    assert len(re.findall(r"peripheries=2", drawn)) == sum(look.shape == "double" for look in LOOKS.values())
    assert drawn.count("->") - sum(text.count("->") for text in texts_of(graph)) == len(graph.edges)


@with_dot
@given(graphs())
@settings(max_examples=60, deadline=None)
def test_pictures_by_graphviz_are_xml_with_everything_in_them(graph: Graph) -> None:
    root = ET.fromstring(writers()["svg"].write(graph))  # noqa: S314 - written just now
    classes = [part.get("class", "").split()[:1] for part in root.iter(f"{SVG}g")]
    assert (classes.count(["node"]), classes.count(["edge"])) == (len(graph.nodes), len(graph.edges))
    shown = {" ".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    for node in graph.nodes:
        for line in (line for line in node.lines if line.isascii() and line.isalnum()):
            assert line in shown


@given(racks())
@settings(max_examples=100, deadline=None)
def test_elevations_are_xml_with_everything_in_them(graph: Graph) -> None:
    root = ET.fromstring(writers()["svg"].write(graph))  # noqa: S314 - written just now
    assert len(root.findall(f".//{SVG}rect[@class='grey']")) == 2
    assert [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "unit"] == ["1", "2", "3", "4"]
    assert not list(root.iter(f"{SVG}script"))


LABEL = r'"(?:[\w .,()/+·…≤≥%-]|\#\d+;|<br/>)*"'
MERMAID = re.compile(
    rf"""^\ *(?:
      n\d+(?:\[|\(|\[\[|\{{\{{|\(\[|\[\(|\[/){LABEL}(?:\]|\)|\]\]|\}}\}}|\]\)|\)\]|/\]):::\w+
    | subgraph\ g\d+\[{LABEL}\] | end
    | n\d+\ (?:-->|---|-\.->|-\.-)(?:\|{LABEL}\|)?\ n\d+
    | classDef\ \w+\ [\w:\#,-]+(?:\ \d)?
    )$""",
    re.VERBOSE,
)


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_mermaid_has_nothing_but_statements_with_coded_labels(graph: Graph) -> None:
    head, title, line, kind, *statements = writers()["mermaid"].write(graph).removesuffix("\n").split("\n")
    assert (head, line, kind) == ("---", "---", "flowchart LR")
    assert title.startswith('title: "')
    assert [statement for statement in statements if not MERMAID.match(statement)] == []


def texts_of(graph: Graph) -> list[str]:
    nodes = [text for node in graph.nodes for text in (node.id, *node.lines, node.tip)]
    edges = [text for edge in graph.edges for text in (edge.label, edge.tip, edge.tip, edge.start, edge.end)]
    groups = [text for group in graph.groups for text in group.lines]
    return [graph.title, graph.title, *graph.notes, *nodes, *edges, *groups]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_stand_out_from_what_lies_behind(colours: Colours) -> None:
    for fill in (colours.back, *colours.fills.values()):
        assert contrast(colours.text, fill) >= 4.5
        assert contrast(colours.soft, fill) >= 4.5
    for line in (colours.line, *colours.edges.values()):
        assert contrast(line, colours.back) >= 3


def test_levels_differ_by_shape_too() -> None:
    levels = [LOOKS["level1"], LOOKS["level2"], LOOKS["level3"], LOOKS["level4"]]
    assert all(one.shape != other.shape for one, other in combinations(levels, 2))


def test_a_graph_that_is_too_large_for_a_layout_is_refused_with_a_way_out() -> None:
    nodes = tuple(Node(id=str(number), lines=("x",), kind="host") for number in range(2001))
    with pytest.raises(BadInput, match="2,001 nodes") as refused:
        writers()["svg"].write(Graph(title="big", nodes=nodes))
    assert refused.value.hint is not None
    assert "--region" in refused.value.hint


def test_without_graphviz_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CouldNotFinish) as failed:
        writers()["svg"].write(Graph(title="x", nodes=(Node(id="a", lines=("a",), kind="host"),)))
    assert failed.value.hint is not None
    assert "package graphviz" in failed.value.hint
    assert "--format mermaid" in failed.value.hint
