# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Make text from a target harmless to show: no terminal escapes, no direction tricks, nothing unencodable."""

import re

_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1: terminal escapes start here
    r"\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # invisible, or turn the reading direction
    r"\ud800-\udfff]"  # undecodable bytes as fleet.capture keeps them
)

REPLACEMENT = "\ufffd"


def plain(text: str) -> str:
    r"""Return ``text`` with every character that is not honestly visible replaced by U+FFFD.

    >>> plain("a\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return _UNSHOWABLE.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    r"""Return :func:`plain` text on one line, runs of white space folded.

    >>> one_line("a\n  b")
    'a b'
    """
    return " ".join(plain(text).split())
