# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Draws graphs as SVG by Graphviz, made fit for light and dark surroundings."""

import shutil
import subprocess
from xml.etree import ElementTree as ET

from inventories.errors import BadInput, CouldNotFinish
from inventories.graphs.graph import Graph
from inventories.graphs.styles import DARK, FONTS, LIGHT, Colours
from inventories.graphs.svg import SVG, element, serialized
from inventories.graphs.writers import dot

_MOST_NODES = 2000
_MOST_EDGES = 6000
_SECONDS = 120
_TITLE = "{http://www.w3.org/1999/xlink}title"


def draw(graph: Graph) -> str:
    """Return the graph as SVG.

    Raises BadInput when it is too large to be laid out, CouldNotFinish without Graphviz or when that fails.
    """
    if len(graph.nodes) > _MOST_NODES or len(graph.edges) > _MOST_EDGES:
        size = f"{len(graph.nodes):,} nodes and {len(graph.edges):,} edges are too much to be laid out"
        raise BadInput(size, hint="name a part with --region, fewer levels with --depth, or take --format dot")
    program = shutil.which("dot")
    if program is None:
        hint = "install the package graphviz, or take --format dot or --format mermaid, which need nothing"
        raise CouldNotFinish("the program dot, which lays graphs out, is not installed", hint=hint)
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=dot.write(graph),
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        hint = "name a part with --region, or fewer levels with --depth"
        raise CouldNotFinish(f"dot did not lay the graph out in {_SECONDS} s", hint=hint) from None
    if done.returncode != 0:
        raise CouldNotFinish(f"dot failed: {done.stderr.strip()}", hint="is graphviz whole? try: dot -V")
    return _finished(done.stdout)


def _finished(drawn: str) -> str:
    """Return what dot drew with a style for both surroundings and with tooltips that browsers show."""
    root = ET.fromstring(drawn)  # noqa: S314 - dot wrote it, there is no document type with entities in it
    for part in root.iter(f"{SVG}g"):
        title = part.find(f"{SVG}title")
        link = part.find(f"{SVG}g/{SVG}a")
        if title is not None and link is not None:
            title.text = link.get(_TITLE, title.text)
    for link in root.iter(f"{SVG}a"):
        link.tag = f"{SVG}g"
        link.attrib.clear()
    root.insert(0, element("style", text=_style()))
    return serialized(root)


def _style() -> str:
    fonts = f"text {{ font-family: {FONTS}; }}"
    names = ".graph > text:first-of-type, .node text:first-of-type { font-weight: 600; }"
    return f"\n{fonts}\n{names}\n{_colours(LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{_colours(DARK)}\n}}\n"


def _colours(of: Colours) -> str:
    """Return the rules for one surrounding; they win over the attributes that dot writes."""
    shapes = ("polygon", "path", "ellipse", "polyline")
    rules = [
        f"svg {{ background: {of.back}; }}",
        f"text {{ fill: {of.text}; }}",
        f".edge text {{ fill: {of.soft}; }}",
        f".edge path, .cluster polygon {{ stroke: {of.line}; }}",
        f".edge polygon {{ fill: {of.line}; stroke: {of.line}; }}",
    ]
    for tone, fill in of.fills.items():
        # The rim of a cylinder is a line of its own that is not to be filled.
        rules.append(f"{', '.join(f'.{tone} {shape}' for shape in shapes)} {{ stroke: {of.edges[tone]}; }}")
        rules.append(f"{', '.join(f'.{tone} {shape}:not([fill=none])' for shape in shapes)} {{ fill: {fill}; }}")
    return "\n".join(rules)
