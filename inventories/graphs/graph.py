# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The picture between views and writers: what is drawn, in the words of one language, without any format's syntax."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Literal, TypeVar

from pydantic import Field

from inventories.base import Frozen

T = TypeVar("T")

Kind = Literal[
    "authority", "region", "site", "outside", "internet", "folded",
    "network", "security", "host", "virtual",
    "level1", "level2", "level3", "level4",
    "genset", "feed", "ups", "rack",
]  # fmt: skip
"""What a node stands for; ``outside``: beyond what was asked for, ``folded``: several that are not drawn one by one."""

Line = Literal["plain", "dashed"]
"""How an edge is drawn."""


class Node(Frozen):
    """One thing."""

    id: str = Field(description="Unique in the graph.")
    lines: tuple[str, ...] = Field(description="What is written on it, the name first.")
    kind: Kind = Field(description="What it stands for.")
    group: str | None = Field(default=None, description="Id of the group it is in.")
    tip: str = Field(default="", description="What is shown when somebody points at it.")


class Edge(Frozen):
    """What leads from one node to another."""

    start: str = Field(description="Id of a node.")
    end: str = Field(description="Id of a node.")
    label: str = Field(default="", description="What is written on it.")
    line: Line = Field(default="plain", description="How it is drawn.")
    arrow: bool = Field(default=True, description="Whether it has a direction.")
    beside: bool = Field(default=False, description="Whether its ends are equals, to be drawn side by side.")
    tip: str = Field(default="", description="What is shown when somebody points at it.")


class Group(Frozen):
    """A frame around nodes and other groups."""

    id: str = Field(description="Unique among the groups.")
    lines: tuple[str, ...] = Field(description="What is written on it, the name first.")
    parent: str | None = Field(default=None, description="Id of the group it is in, which stands before it.")


class Mount(Frozen):
    """What stands in a rack."""

    name: str = Field(description="Name.")
    word: str = Field(description="What it is, in a word.")
    kind: Kind = Field(description="What it stands for.")
    unit: int | None = Field(description="Lowest unit it occupies, from 1 at the bottom; None: not stated.")
    height: int = Field(description="Units it occupies.")
    tip: str = Field(default="", description="What is shown when somebody points at it.")


class Elevation(Frozen):
    """A rack seen from the front."""

    node: str = Field(description="Id of the node that is the rack.")
    header: tuple[str, str, str] = Field(description="Its name, its free units, its power.")
    units: int = Field(description="Height, rack units.")
    mounts: tuple[Mount, ...] = Field(default=(), description="What stands in it, from the bottom.")
    load_kw: float = Field(default=0, description="Power drawn, as far as stated, kW.")
    kw: float | None = Field(default=None, description="Power it may draw, kW; None: not stated.")


class Graph(Frozen):
    """A picture; ``elevations`` are for writers that can draw racks, for the others the nodes say the same."""

    title: str = Field(description="What it shows.")
    notes: tuple[str, ...] = Field(default=(), description="What the picture leaves out, and how to see it.")
    groups: tuple[Group, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    elevations: tuple[Elevation, ...] = ()

    @cached_property
    def nodes_in(self) -> Mapping[str | None, tuple[Node, ...]]:
        """The nodes by the group they are in directly; None: in none."""
        return _by(self.nodes, lambda node: node.group)

    @cached_property
    def groups_in(self) -> Mapping[str | None, tuple[Group, ...]]:
        """The groups by the group they are in; None: in none."""
        return _by(self.groups, lambda group: group.parent)


def _by(things: Iterable[T], key: Callable[[T], str | None]) -> Mapping[str | None, tuple[T, ...]]:
    found: dict[str | None, list[T]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return {name: tuple(inside) for name, inside in found.items()}
