# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads the plain style that most files of an inventory are written in, in two thirds of the time libyaml takes.

That is: block mappings of simple keys, one line each, with a simple text, a double-quoted one or a flow collection on
the same line, and comments. A file that has anything else is left to libyaml as a whole, so that none is read
otherwise than YAML says; a property test holds the two together.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from inventories.reading.source import MAX_DEPTH, WORDS, Mark, Node, plain_scalar

# Chinese characters, and punctuation that means nothing to YAML.
_WIDE = "\u4e00-\u9fff，。、：；（）《》·"
_INNER = rf"-A-Za-z0-9_./()+=@{_WIDE}"
_KEY = r"[A-Za-z_][A-Za-z0-9_.+-]*"
_SCALAR = rf"[A-Za-z0-9/{_WIDE}](?:[{_INNER} ]*[{_INNER}])?"
_QUOTED = rf"\"[ !#-\[\]-~{_WIDE}]*\""
_COMMENT = rf"#[ -~{_WIDE}]*"
_LINE = re.compile(rf"( *)(?:({_KEY}):(?: (?:({_SCALAR})|([\[{{\"].*)))?(?: +{_COMMENT})?|{_COMMENT})?")
_TOKEN = re.compile(rf"([\[{{])|({_KEY}): |({_QUOTED})|({_SCALAR})")
_NAME, _TEXT, _PLAIN = 2, 3, 4
_END = re.compile(rf"(?: +{_COMMENT})?")
# libyaml gives up a key that does not end within 1024 characters.
_LONGEST_LINE = 1000


class Spot(NamedTuple):
    """A position, counted from 0."""

    line: int
    column: int


_spot = lru_cache(1 << 14)(Spot)


class _UnusualError(Exception):
    """Something that is left to libyaml."""


def compose(file: str, data: bytes) -> Node | None:
    """Return the tree of a file that is written plainly, None for any other and for one that says nothing."""
    try:
        return _composed(file, data.decode().split("\n"))
    except (UnicodeDecodeError, _UnusualError):
        return None


def _composed(file: str, lines: list[str]) -> Node | None:  # noqa: C901, PLR0912 - a million times round: calls cost
    if max(map(len, lines)) > _LONGEST_LINE:
        raise _UnusualError
    # The mapping that is being filled and its column, and those around it. The whole file hangs on a key of its own.
    top: dict[str, Node] = {}
    into, column = top, -1
    outer: list[tuple[dict[str, Node], int]] = []
    # The last key when nothing is written beside it, with its mark and that of the nothing.
    waiting: tuple[str, Mark | None, Mark] | None = ("", None, _spot(0, 0))
    for number, match in enumerate(map(_LINE.fullmatch, lines)):
        if match is None:
            raise _UnusualError
        indent, name, plain, rest = match.groups()
        if name is None:
            continue
        start = len(indent)
        if start > column:
            if waiting is None or len(outer) == MAX_DEPTH:
                raise _UnusualError
            outer.append((into, column))
            inner: dict[str, Node] = {}
            into[waiting[0]] = Node(inner, file, _spot(number, start), waiting[1])
            into, column, waiting = inner, start, None
        else:
            if waiting is not None:
                into[waiting[0]] = Node(None, file, waiting[2], waiting[1])
                waiting = None
            while start < column:
                into, column = outer.pop()
            if start != column:
                raise _UnusualError
        if name in into or name in WORDS:
            raise _UnusualError
        key = _spot(number, start)
        beside = start + len(name) + 2
        if plain is not None:
            into[name] = Node(plain_scalar(plain), file, _spot(number, beside), key)
        elif rest is not None:
            into[name], end = _value(file, lines[number], number, beside, len(outer), key)
            if not _END.fullmatch(lines[number], end):
                raise _UnusualError
        else:
            waiting = name, key, _spot(number, beside - 1)
    if waiting is not None and waiting[0]:
        into[waiting[0]] = Node(None, file, waiting[2], waiting[1])
    return top.get("")


def _value(file: str, line: str, number: int, start: int, depth: int, key: Spot | None) -> tuple[Node, int]:
    """Return the value at ``start`` of a line, and where it ends."""
    token = _TOKEN.match(line, start)
    kind = token.lastindex if token is not None else None
    if token is None or kind == _NAME:
        raise _UnusualError
    if kind == _PLAIN:
        return Node(plain_scalar(token[0]), file, _spot(number, start), key), token.end()
    if kind == _TEXT:
        return Node(token[0][1:-1], file, _spot(number, start), key), token.end()
    if depth == MAX_DEPTH:
        raise _UnusualError
    fill = _sequence if token[0] == "[" else _mapping
    value, end = fill(file, line, number, token.end(), depth + 1)
    return Node(value, file, _spot(number, start), key), end


def _sequence(file: str, line: str, number: int, at: int, depth: int) -> tuple[list[Node], int]:
    """Return the entries of a flow sequence that begins before ``at``, and where it ends."""
    entries: list[Node] = []
    while not line.startswith("]", at) or entries:
        entry, at = _value(file, line, number, at, depth, None)
        entries.append(entry)
        if line.startswith("]", at):
            break
        at = _after_comma(line, at)
    return entries, at + 1


def _mapping(file: str, line: str, number: int, at: int, depth: int) -> tuple[dict[str, Node], int]:
    """Return the entries of a flow mapping that begins before ``at``, and where it ends."""
    entries: dict[str, Node] = {}
    while not line.startswith("}", at) or entries:
        token = _TOKEN.match(line, at)
        if token is None or token.lastindex != _NAME or token[_NAME] in entries or token[_NAME] in WORDS:
            raise _UnusualError
        name = token[_NAME]
        entries[name], at = _value(file, line, number, token.end(), depth, _spot(number, at))
        if line.startswith("}", at):
            break
        at = _after_comma(line, at)
    return entries, at + 1


def _after_comma(line: str, at: int) -> int:
    if not line.startswith(", ", at):
        raise _UnusualError
    return at + 2
