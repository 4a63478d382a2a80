# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How each kind of node looks: a shape, and a colour for light and one for dark surroundings."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from inventories.graphs.graph import Kind

FONTS = "system-ui, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours of one surrounding, ``#rrggbb``; ``text`` is read on ``back`` and every fill, ``soft`` too."""

    back: str
    text: str
    soft: str
    line: str
    fills: Mapping["Tone", str]
    edges: Mapping["Tone", str]


Tone = Literal["grey", "blue", "teal", "violet", "amber", "red"]

LIGHT = Colours(
    back="#ffffff",
    text="#1b2430",
    soft="#555f6e",
    line="#6a7482",
    fills={
        "grey": "#eef0f4", "blue": "#dcebfa", "teal": "#d7f0ec",
        "violet": "#eadff5", "amber": "#fbecc8", "red": "#fbdcd6",
    },
    edges={
        "grey": "#6a7482", "blue": "#1a5a9e", "teal": "#00695c",
        "violet": "#7b3294", "amber": "#8a5200", "red": "#b3261e",
    },
)  # fmt: skip
DARK = Colours(
    back="#10151c",
    text="#e5eaf1",
    soft="#a5b0be",
    line="#8b96a5",
    fills={
        "grey": "#212a36", "blue": "#16324f", "teal": "#0f3b38",
        "violet": "#38204a", "amber": "#43310c", "red": "#4d1b17",
    },
    edges={
        "grey": "#8b96a5", "blue": "#86b9f2", "teal": "#5cc9b8",
        "violet": "#d09be6", "amber": "#e9b44c", "red": "#ff8b7b",
    },
)  # fmt: skip

Shape = Literal["box", "rounded", "double", "octagon", "ellipse", "cylinder", "parallelogram"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of node looks; colour never says what the shape and the words do not."""

    shape: Shape
    tone: Tone
    dashed: bool = False


LOOKS: Mapping[Kind, Look] = MappingProxyType({
    "authority": Look("double", "blue"),
    "region": Look("rounded", "blue"),
    "site": Look("box", "blue"),
    "outside": Look("box", "grey", dashed=True),
    "internet": Look("ellipse", "grey"),
    "folded": Look("rounded", "grey", dashed=True),
    "network": Look("rounded", "teal"),
    "security": Look("double", "violet"),
    "host": Look("box", "grey"),
    "virtual": Look("box", "grey", dashed=True),
    "level1": Look("rounded", "grey"),
    "level2": Look("box", "blue"),
    "level3": Look("double", "amber"),
    "level4": Look("octagon", "red"),
    "genset": Look("ellipse", "violet"),
    "feed": Look("parallelogram", "amber"),
    "ups": Look("cylinder", "teal"),
    "rack": Look("box", "grey"),
})  # fmt: skip
