# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Draws rack elevations as SVG: racks side by side, units counted from the bottom, what stands in them to scale."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from inventories.errors import BadInput
from inventories.graphs.graph import Elevation, Graph, Mount
from inventories.graphs.styles import DARK, FONTS, LIGHT, LOOKS, Colours
from inventories.graphs.svg import element, serialized, title
from inventories.graphs.text import columns, cut, drawable

_MOST_RACKS = 600
_PER_ROW = 8
_UNIT = 17
_GUTTER, _INNER, _POST = 22, 176, 5
_RACK = _GUTTER + _INNER + 2 * _POST
_BETWEEN, _MARGIN = 18, 24
_HEAD = 62
"""Height of what is written above a rack."""
_COLUMN = 5.7
"""Width of a column of 10 px text; East Asian characters take two."""
_LINE = 15


def draw(graph: Graph) -> str:
    """Return the racks of the graph room by room; raises BadInput when they are more than anybody can look through."""
    if len(graph.elevations) > _MOST_RACKS:
        raise BadInput(
            f"{len(graph.elevations):,} racks are too many for one picture", hint="name a part with --region"
        )
    return serialized(_Sheet(graph).drawn())


@dataclass(frozen=True, slots=True)
class _Row:
    """Racks side by side, their floor on one line, and what is written below them."""

    racks: Sequence[Elevation]
    below: int

    @property
    def units(self) -> int:
        return max(rack.units for rack in self.racks)

    @property
    def height(self) -> int:
        return _HEAD + self.units * _UNIT + 2 * _POST + self.below * _LINE + 26


class _Sheet:
    """The whole picture of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.groups = {group.id: group for group in graph.groups}
        rooms = {node.id: node.group or "" for node in graph.nodes}
        self.rooms: dict[str, list[Elevation]] = {}
        for rack in graph.elevations:
            self.rooms.setdefault(rooms[rack.node], []).append(rack)

    def drawn(self) -> ET.Element:
        """Return the document."""
        body = element("g")
        y = _MARGIN + 16
        body.append(_text(self.graph.title, _MARGIN, y, "title"))
        for note in self.graph.notes:
            y += 18
            body.append(_text(note, _MARGIN, y, "soft"))
        for room, racks in self.rooms.items():
            y += 38
            body.append(self._heading(room, y))
            y += 14
            for row in self._rows(racks):
                body.extend(
                    self._rack(rack, row, _MARGIN + place * (_RACK + _BETWEEN), y)
                    for place, rack in enumerate(row.racks)
                )
                y += row.height
        widest = max(min(len(racks), _PER_ROW) for racks in self.rooms.values())
        width = max(2 * _MARGIN + widest * (_RACK + _BETWEEN) - _BETWEEN, self._text_width())
        height = y + _MARGIN
        return element(
            "svg",
            title(self.graph.title),
            element("style", text=_style()),
            body,
            width=width, height=height, viewBox=f"0 0 {width} {height}", role="img",
        )  # fmt: skip

    def _rows(self, racks: Sequence[Elevation]) -> Iterator[_Row]:
        for first in range(0, len(racks), _PER_ROW):
            row = racks[first : first + _PER_ROW]
            yield _Row(row, max(len(_loose(rack)) for rack in row))

    def _text_width(self) -> int:
        """Return how wide the headings are."""
        headings = (self.graph.title, *self.graph.notes, *(" ".join(self.groups[room].lines) for room in self.rooms))
        return 2 * _MARGIN + max(int(columns(drawable(line)) * 9) for line in headings)

    def _heading(self, room: str, y: int) -> ET.Element:
        name, *more = self.groups[room].lines
        heading = _text(name, _MARGIN, y, "room")
        heading.append(element("tspan", text=drawable(" ".join(more)), class_="soft", dx=10))
        return heading

    def _rack(self, rack: Elevation, row: _Row, x: int, y: int) -> ET.Element:
        """Return one rack; those of a row stand on the same floor, whatever their height."""
        top = _HEAD + (row.units - rack.units) * _UNIT
        inner = top + _POST
        floor = inner + rack.units * _UNIT
        left = _GUTTER + _POST
        width, height = _INNER + 2 * _POST, rack.units * _UNIT
        lines = "".join(f"M{left} {inner + line * _UNIT}h{_INNER}" for line in range(1, rack.units))
        parts = [
            *self._header(rack, top),
            element("rect", class_="frame", x=_GUTTER, y=top, width=width, height=height + 2 * _POST, rx=3),
            element("rect", class_="empty", x=left, y=inner, width=_INNER, height=height),
            element("path", class_="units", d=lines),
        ]
        parts += [
            _text(str(unit), _GUTTER - 4, floor - (unit - 1) * _UNIT - 5, "unit") for unit in range(1, rack.units + 1)
        ]
        parts += [_mounted(mount, mount.unit, left, floor) for mount in rack.mounts if mount.unit is not None]
        for line, mount in enumerate(_loose(rack), 1):
            # What does not say its unit is written below.
            below = _text(cut(f"U? {drawable(mount.name)}", 34), _GUTTER, floor + _POST + line * _LINE, "soft")
            below.append(title(mount.tip))
            parts.append(below)
        return element("g", *parts, transform=f"translate({x} {y})")

    def _header(self, rack: Elevation, top: int) -> Iterator[ET.Element]:
        """Yield the rack's name, its free units, its power, and a bar of that."""
        name, free, power = rack.header
        yield _text(cut(drawable(name), 20), _GUTTER, top - 40, "rack")
        yield _text(free, _RACK, top - 40, "soft end")
        yield _text(power, _GUTTER, top - 22, "soft")
        if rack.kw is not None:
            share = min(rack.load_kw / rack.kw, 1.0)
            width = _INNER + 2 * _POST
            yield element("rect", class_="bar", x=_GUTTER, y=top - 14, width=width, height=6, rx=3)
            over = " over" if rack.load_kw > rack.kw else ""
            yield element("rect", class_=f"load{over}", x=_GUTTER, y=top - 14, width=width * share, height=6, rx=3)


def _loose(rack: Elevation) -> list[Mount]:
    """Return what stands somewhere in the rack."""
    return [mount for mount in rack.mounts if mount.unit is None]


def _mounted(mount: Mount, unit: int, left: int, floor: int) -> ET.Element:
    """Return what stands in a rack from ``unit`` up."""
    height = mount.height * _UNIT
    top = floor - (unit - 1) * _UNIT - height
    middle = top + height / 2 + 4
    word = cut(drawable(mount.word), 12)
    room = int((_INNER - 14) / _COLUMN) - columns(word) - 2
    tone = LOOKS[mount.kind].tone
    return element(
        "g",
        title(mount.tip),
        element("rect", class_=tone, x=left + 1, y=top + 1, width=_INNER - 2, height=height - 2, rx=2),
        _text(cut(drawable(mount.name), room), left + 6, middle, "name"),
        _text(word, left + _INNER - 6, middle, "word end"),
    )


def _text(text: str, x: float, y: float, class_: str) -> ET.Element:
    return element("text", text=drawable(text), x=x, y=y, class_=class_)


def _style() -> str:
    fixed = f"""
text {{ font: 11px {FONTS}; font-variant-numeric: tabular-nums; }}
.title {{ font-size: 18px; font-weight: 600; }}
.room {{ font-size: 14px; font-weight: 600; }}
tspan {{ font-size: 12px; font-weight: 400; }}
.rack {{ font-size: 13px; font-weight: 600; }}
.name, .word {{ font-size: 10px; }}
.name {{ font-weight: 600; }}
.unit {{ font-size: 9px; text-anchor: end; }}
.end {{ text-anchor: end; }}
"""
    return f"{fixed}{_colours(LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{_colours(DARK)}\n}}\n"


def _colours(of: Colours) -> str:
    rules = [
        f"svg {{ background: {of.back}; }}",
        f".empty {{ fill: {of.back}; }}",
        f"text {{ fill: {of.text}; }}",
        f".soft, .unit, .word {{ fill: {of.soft}; }}",
        f".frame, .bar {{ fill: {of.fills['grey']}; stroke: {of.line}; }}",
        f".units {{ stroke: {of.line}; stroke-opacity: .3; fill: none; }}",
        f".load {{ fill: {of.edges['teal']}; }}",
        f".over {{ fill: {of.edges['red']}; }}",
    ]
    rules += [f".{tone} {{ fill: {fill}; stroke: {of.edges[tone]}; }}" for tone, fill in of.fills.items()]
    return "\n".join(rules)
