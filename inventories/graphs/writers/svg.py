# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""SVG: rack elevations by edufleet itself, every other picture by Graphviz."""

from inventories.base import Text
from inventories.graphs import elevations, layout
from inventories.graphs.graph import Graph
from inventories.graphs.registry import Writer


def write(graph: Graph) -> str:
    """Return the picture as one file without scripts, for light and dark surroundings."""
    return elevations.draw(graph) if graph.elevations else layout.draw(graph)


WRITER = Writer(id="svg", suffix=".svg", title=Text(en="SVG, for browsers and documents", zh="SVG 图片"), write=write)
