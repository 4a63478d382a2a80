# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Charts as SVG, made on the server: no script, no outside address, said in words as well."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 100.0
"""Charts are drawn 100 units wide and stretched to the room they get."""
_GAP = 0.6
_HAIR = 1.2
"""Narrowest part, so that one host of a thousand still shows."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: a kind (an outcome, a state: it decides the look), how many, and its name."""

    kind: str
    count: int
    word: str


def stacked(parts: Sequence[Part], title: str) -> Markup:
    """Return a stacked bar of the parts in the order given; its text alternative lists every part that is not zero."""
    shown = [part for part in parts if part.count > 0]
    said = ", ".join(f"{part.word} {part.count}" for part in shown)
    rectangles = []
    x = 0.0
    for part, width in zip(shown, _widths([part.count for part in shown]), strict=True):
        rectangles.append(f'<rect class="k {escape(part.kind)}" x="{x:.4g}" width="{width:.4g}" height="8"/>')
        x += width + _GAP
    if not shown:
        rectangles.append('<rect class="track" width="100" height="8"/>')
    return _svg("bar", title, said, "".join(rectangles))


def meter(ratio: float, kind: str, mark: float, title: str) -> Markup:
    """Return a bar filled to ``ratio`` (0 to 1) on its track, with a mark across it at ``mark``."""
    filled = max(0.0, min(1.0, ratio)) * WIDTH
    return _svg(
        "bar",
        title,
        "",
        f'<rect class="track" width="100" height="8"/>'
        f'<rect class="k {escape(kind)}" width="{filled:.4g}" height="8"/>'
        f'<path class="mark" d="M{mark * WIDTH:.4g} 0v8"/>',
    )


def _widths(counts: list[int]) -> list[float]:
    """Share 100 units, less the gaps, among the counts; none narrower than a hair."""
    room = WIDTH - _GAP * (len(counts) - 1)
    total = sum(counts)
    raw = [max(_HAIR, room * count / total) for count in counts]
    return [width * room / sum(raw) for width in raw]


def _svg(name: str, title: str, said: str, inside: str) -> Markup:
    # Markup() is safe here: every text is escaped, every figure is a float of ours.
    described = f"<desc>{escape(said)}</desc>" if said else ""
    return Markup(  # noqa: S704 - as said above
        f'<svg class="{name}" viewBox="0 0 100 8" preserveAspectRatio="none" role="img">'
        f"<title>{escape(title)}</title>{described}{inside}</svg>"
    )
