# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Mermaid flowcharts, which wikis and code hosts draw inside of Markdown."""

import json
import re
from collections.abc import Iterator, Mapping

from inventories.base import Text
from inventories.graphs.graph import Edge, Graph, Line, Node
from inventories.graphs.registry import Writer
from inventories.graphs.styles import LIGHT, LOOKS, Shape
from inventories.graphs.text import plain

_SHAPES: dict[Shape, tuple[str, str]] = {
    "box": ("[", "]"),
    "rounded": ("(", ")"),
    "double": ("[[", "]]"),
    "octagon": ("{{", "}}"),
    "ellipse": ("([", "])"),
    "cylinder": ("[(", ")]"),
    "parallelogram": ("[/", "/]"),
}
_LINES: dict[tuple[Line, bool], str] = {
    ("plain", True): "-->", ("plain", False): "---",
    ("dashed", True): "-.->", ("dashed", False): "-.-",
}  # fmt: skip
_NO_WORD = re.compile(r"[^\w .,()/+·…≤≥%-]|(?<=\d)\.(?= )|^[+-]")
"""What Mermaid or the Markdown in its labels may give a meaning; also ``1.`` and ``-``, which begin a list."""


def write(graph: Graph) -> str:
    """Return the graph as a flowchart; nodes and groups have ids of their own, their names are in the labels."""
    return "\n".join(_statements(graph)) + "\n"


def _statements(graph: Graph) -> Iterator[str]:
    yield "---"
    yield f"title: {json.dumps(plain(' · '.join((graph.title, *graph.notes))), ensure_ascii=False)}"
    yield "---"
    yield "flowchart LR"
    ids = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    groups = {group.id: f"g{number}" for number, group in enumerate(graph.groups)}
    yield from _frame(graph, None, ids, groups, "  ")
    yield from (f"  {_edge(edge, ids)}" for edge in graph.edges)
    for kind in sorted({node.kind for node in graph.nodes}):
        look = LOOKS[kind]
        dashed = ",stroke-dasharray:4 3" if look.dashed else ""
        fill, stroke = LIGHT.fills[look.tone], LIGHT.edges[look.tone]
        yield f"  classDef {kind} fill:{fill},stroke:{stroke},color:{LIGHT.text}{dashed}"


def _frame(
    graph: Graph, group: str | None, ids: Mapping[str, str], groups: Mapping[str, str], indent: str
) -> Iterator[str]:
    """Yield what is directly in a group, None: outside of all."""
    yield from (f"{indent}{_node(node, ids[node.id])}" for node in graph.nodes_in.get(group, ()))
    for inner in graph.groups_in.get(group, ()):
        yield f"{indent}subgraph {groups[inner.id]}[{_label(inner.lines)}]"
        yield from _frame(graph, inner.id, ids, groups, indent + "  ")
        yield f"{indent}end"


def _node(node: Node, name: str) -> str:
    opening, closing = _SHAPES[LOOKS[node.kind].shape]
    return f"{name}{opening}{_label(node.lines)}{closing}:::{node.kind}"


def _edge(edge: Edge, ids: Mapping[str, str]) -> str:
    label = f"|{_label((edge.label,))}|" if edge.label else ""
    return f"{ids[edge.start]} {_LINES[edge.line, edge.arrow]}{label} {ids[edge.end]}"


def _label(lines: tuple[str, ...]) -> str:
    return '"' + "<br/>".join(map(_escaped, lines)) + '"'


def _escaped(line: str) -> str:
    """Return the line with everything as a code that could mean something.

    >>> _escaped('R01 "end" & <b>'), _escaped("1. 核心")
    ('R01 #34;end#34; #38; #60;b#62;', '1#46; 核心')
    """
    return _NO_WORD.sub(lambda found: f"#{ord(found.group())};", plain(line))


WRITER = Writer(id="mermaid", suffix=".mmd", title=Text(en="Mermaid flowchart", zh="Mermaid 流程图"), write=write)
