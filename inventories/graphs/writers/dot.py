# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Graphviz, for dot and the tools that read its language."""

from collections.abc import Iterator

from inventories.base import Text
from inventories.graphs.graph import Edge, Graph, Node
from inventories.graphs.registry import Writer
from inventories.graphs.styles import LIGHT, LOOKS, Shape
from inventories.graphs.text import drawable, plain

_SHAPES: dict[Shape, tuple[str, str]] = {
    "box": ("shape=box", "filled"),
    "rounded": ("shape=box", "filled,rounded"),
    "double": ("shape=box, peripheries=2", "filled"),
    "octagon": ("shape=octagon", "filled"),
    "ellipse": ("shape=ellipse", "filled"),
    "cylinder": ("shape=cylinder", "filled"),
    "parallelogram": ("shape=parallelogram", "filled"),
}
"""The shape of a node, and its style."""


def write(graph: Graph) -> str:
    """Return the graph in the DOT language; colours are those of light surroundings, classes name kinds."""
    return "\n".join(_statements(graph)) + "\n"


def _statements(graph: Graph) -> Iterator[str]:
    font = _quoted("sans-serif")
    yield f"digraph {_quoted(drawable(graph.title))} {{"
    yield f"  graph [label={_heading((graph.title, *graph.notes))}, labelloc=t, labeljust=l, rankdir=LR, ranksep=1,"
    yield f'    nodesep=0.15, charset="UTF-8", bgcolor=transparent, fontname={font}, fontsize=13]'
    yield f'  node [fontname={font}, fontsize=11, margin="0.2,0.06", height=0.3]'
    yield f"  edge [fontname={font}, fontsize=9, arrowsize=0.7, color={_quoted(LIGHT.line)}]"
    yield from _frame(graph, None, "  ")
    yield from (f"  {_edge(edge)}" for edge in graph.edges)
    yield "}"


def _frame(graph: Graph, group: str | None, indent: str) -> Iterator[str]:
    """Yield what is directly in a group, None: outside of all."""
    yield from (f"{indent}{_node(node)}" for node in graph.nodes_in.get(group, ()))
    for inner in graph.groups_in.get(group, ()):
        yield f"{indent}subgraph {_quoted(f'cluster_{drawable(inner.id)}')} {{"
        look = f"labeljust=l, fontsize=12, color={_quoted(LIGHT.line)}"
        yield f"{indent}  graph [label={_heading(inner.lines)}, {look}]"
        yield from _frame(graph, inner.id, indent + "  ")
        yield f"{indent}}}"


def _node(node: Node) -> str:
    look = LOOKS[node.kind]
    shape, style = _SHAPES[look.shape]
    style += ",dashed" if look.dashed else ""
    tip = f", tooltip={_label((node.tip,))}" if node.tip else ""
    return (
        f"{_quoted(drawable(node.id))} [label={_label(node.lines)}, {shape}, style={_quoted(style)}, "
        f"fillcolor={_quoted(LIGHT.fills[look.tone])}, color={_quoted(LIGHT.edges[look.tone])}, "
        f"class={_quoted(look.tone)}{tip}]"
    )


def _edge(edge: Edge) -> str:
    attributes = ["style=dashed"] if edge.line == "dashed" else []
    attributes += [f"label={_label((edge.label,))}"] if edge.label else []
    attributes += [] if edge.arrow else ["dir=none"]
    attributes += ["constraint=false"] if edge.beside else []
    attributes += [f"{name}={_label((edge.tip,))}" for name in ("tooltip", "labeltooltip") if edge.tip]
    return f"{_quoted(drawable(edge.start))} -> {_quoted(drawable(edge.end))} [{', '.join(attributes)}]"


def _label(lines: tuple[str, ...]) -> str:
    """Return the lines, centred, as one escString: an ampersand begins an entity in it, a backslash a code."""
    return '"' + "\\n".join(map(_escaped, lines)) + '"'


def _heading(lines: tuple[str, ...]) -> str:
    """Return the lines, left-justified, as one escString."""
    return '"' + "".join(f"{_escaped(line)}\\l" for line in lines) + '"'


def _escaped(line: str) -> str:
    return plain(line).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def _quoted(text: str) -> str:
    r"""Return the text as an ID.

    >>> print(_quoted('the "core" \\'))
    "the \"core\" \\"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


WRITER = Writer(id="dot", suffix=".dot", title=Text(en="Graphviz (DOT)", zh="Graphviz（DOT）"), write=write)
