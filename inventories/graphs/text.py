# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Texts as every format can take them; each writer escapes what its own syntax gives a meaning."""

import re
import unicodedata

_LONGEST = 120
"""Columns of a line that is drawn; what is longer is cut."""
_NO_XML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, and what it advises against."""


def drawable(text: str) -> str:
    """Return the text on one line, with a mark in place of each character that cannot be drawn."""
    return " ".join(_NO_XML.sub("\ufffd", text).split())


def plain(text: str) -> str:
    """Return the text on one line of at most 120 columns."""
    return cut(drawable(text), _LONGEST)


def columns(text: str) -> int:
    """Return how wide the text is; East Asian characters take two columns.

    >>> columns("R01"), columns("机柜")
    (3, 4)
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def cut(text: str, width: int) -> str:
    """Return the text, shortened with an ellipsis when it is wider than ``width`` columns.

    >>> cut("core-sw1", 8), cut("core-sw1", 6), cut("核心交换机", 5)
    ('core-sw1', 'core-…', '核心…')
    """
    if columns(text) <= width:
        return text
    while text and columns(text) >= width:
        text = text[:-1]
    return f"{text}…"
