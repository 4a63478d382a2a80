# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Colours of the report can be read: WCAG 2 contrast of every pair used for text, light and dark."""

import re
from importlib.resources import files

import pytest

STYLE = files("console.reports").joinpath("templates", "report.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in re.findall(r":root \{([^}]*--[^}]*)\}", STYLE)[:2]
)
TEXTS = ("text", "soft", "link", "ok", "warning", "critical", "unknown", "manual", "error")


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("back", ["back", "face", "sunk"])
@pytest.mark.parametrize("text", TEXTS)
def test_text_stands_out(scheme: dict[str, str], back: str, text: str) -> None:
    assert contrast(scheme[text], scheme[back]) >= 4.5


def test_black_and_white_are_as_far_apart_as_can_be() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
