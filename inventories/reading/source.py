# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads one YAML file into a tree of values that remember where they were written.

The tree is built from libyaml's event stream with a stack of our own: composing with PyYAML recurses in C and a file
of 50,000 ``[`` ends the process. Plain scalars follow the YAML 1.2 core schema (``no`` is a word, ``010`` is ten), as
ruamel.yaml reads them. Anchors, aliases and tags are refused, so no file can grow when it is read.
"""

import math
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn, Protocol

import yaml
from yaml._yaml import CParser

from inventories.findings import Finding, Place, Report, Rule

MAX_BYTES = 10_000_000
MAX_DEPTH = 12

UNREADABLE = Rule("INV-FILE-001", "error", "give a readable UTF-8 file of at most 10 MB")
SYNTAX = Rule("INV-YAML-001", "error", "mend the YAML at this place")
DUPLICATE = Rule("INV-YAML-002", "error", "keep one of the two")
REFUSED = Rule("INV-YAML-003", "error", "write the value out; anchors, aliases, tags and second documents are not read")
TOO_DEEP = Rule("INV-YAML-004", "error", f"nest at most {MAX_DEPTH} levels")
KEY = Rule("INV-YAML-005", "error", "put the key in quotes")
CONTROL = Rule("INV-YAML-006", "error", "leave out the escape sequence; it could play tricks on a terminal")

Scalar = str | int | float | bool | None
_HOLDS = frozenset({dict, list})


class Mark(Protocol):
    """The part of libyaml's position that is used; line and column count from 0."""

    @property
    def line(self) -> int:
        """Line, from 0."""

    @property
    def column(self) -> int:
        """Column in characters, from 0."""


@dataclass(slots=True)
class Node:
    """A value with the file and the marks of itself and of its key (None outside a mapping)."""

    value: "Scalar | list[Node] | dict[str, Node]"
    file: str
    mark: Mark
    key: Mark | None = None

    @property
    def entries(self) -> "dict[str, Node]":
        """The entries of a mapping; none of anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def place(self) -> Place:
        """Where the value is written."""
        return Place(self.file, self.mark.line + 1, self.mark.column + 1)

    @property
    def key_place(self) -> Place:
        """Where its key is written, or the value when it has none."""
        mark = self.key or self.mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def plain(self) -> Any:  # noqa: ANN401 - the tree as pydantic wants it
        """Return the value without positions, as plain lists, dicts and scalars."""
        value = self.value
        if isinstance(value, dict):
            return plain(value)
        if isinstance(value, list):
            return [node.plain() if type(node.value) in _HOLDS else node.value for node in value]
        return value


def plain(mapping: Mapping[str, Node]) -> dict[str, Any]:
    """Return the values of a mapping without positions."""
    # Most nodes are scalars: not calling anything for them halves the time.
    return {name: node.plain() if type(node.value) in _HOLDS else node.value for name, node in mapping.items()}


class SourceError(Exception):
    """A file that could not be read to its end; carries the one finding that says why, and the text if there is one."""

    def __init__(self, finding: Finding, text: str | None = None) -> None:
        super().__init__(str(finding))
        self.finding = finding
        self.text = text


def read_source(path: Path, report: Report) -> Node | None:
    """Read ``path`` into a tree, None for a file that says nothing; duplicate and unusable keys go to ``report``.

    Raises ``SourceError`` with one finding when the file cannot be read to its end.
    """
    return compose(str(path), read_bytes(str(path)), report)


def compose(file: str, data: bytes, report: Report) -> Node | None:
    """Return the tree of a file whose contents are known already; see ``read_source``."""
    text = _decoded(file, data)
    try:
        return _Composer(file, report).compose(data)
    except SourceError as problem:
        raise SourceError(problem.finding, text) from problem


def read_bytes(file: str) -> bytes:
    """Return what ``file`` contains; raises ``SourceError`` for one that cannot be read or is too large."""
    start = Place(file, 1, 1)
    try:
        # Without waiting: nobody may ever write into a pipe.
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise SourceError(UNREADABLE.found(start, "is not a regular file"))
            if status.st_size > MAX_BYTES:
                said = f"has {status.st_size:,} bytes"
                raise SourceError(UNREADABLE.found(start, said, "split it into smaller files"))
            return os.read(descriptor, status.st_size)
        finally:
            os.close(descriptor)
    except OSError as problem:
        raise SourceError(UNREADABLE.found(start, f"cannot be read: {problem.strerror}")) from problem


def _decoded(file: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        before = data[: problem.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        place = Place(file, before.count(b"\n") + 1, column)
        raise SourceError(UNREADABLE.found(place, "is not UTF-8 text"), data.decode(errors="replace")) from problem


class _Composer:
    """Turns the events of one file into nodes, iteratively."""

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report

    def compose(self, data: bytes) -> Node | None:
        try:
            return self._compose(CParser(data).get_event)
        except yaml.reader.ReaderError as problem:
            raise SourceError(
                SYNTAX.found(Place(self.file, 1, 1), f"unreadable character: {problem.reason}")
            ) from problem
        except yaml.MarkedYAMLError as problem:
            raise SourceError(_syntax_finding(self.file, data, problem)) from problem

    def _compose(self, next_event: Callable[[], Any]) -> Node | None:
        """Return the tree. Most of the time of a load is spent here: what happens millions of times calls little."""
        root: Node | None = None
        # What is being filled, and in a mapping the node of the key that waits for its value; the same further out.
        into: Scalar | list[Node] | dict[str, Node] = None
        key: Node | None = None
        outer: list[tuple[Scalar | list[Node] | dict[str, Node], Node | None]] = []
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                node = self._scalar(event)
            elif kind in _STARTS:
                node = self._collection(event, len(outer))
            elif kind in _ENDS:
                into, key = outer.pop()
                continue
            else:
                self._refuse_others(event, root)
                continue
            if isinstance(into, dict):
                if key is None:
                    key = node
                else:
                    self._enter(into, key, node)
                    key = None
            elif isinstance(into, list):
                into.append(node)
            else:
                root = node
            if kind in _STARTS:
                outer.append((into, key))
                into, key = node.value, None
        return root

    def _scalar(self, event: Any) -> Node:  # noqa: ANN401 - libyaml's events share no type with these attributes
        if event.anchor is not None or event.tag is not None:
            self._refuse(event)
        value, style = event.value, event.style
        if not style:
            value = plain_scalar(value)
        elif style == '"' and _CONTROL.search(value):
            self.report.add(CONTROL.found(self._place(event), "the text has a control character"))
        return Node(value, self.file, event.start_mark)

    def _collection(self, event: Any, depth: int) -> Node:  # noqa: ANN401 - as above
        if event.anchor is not None or event.tag is not None:
            self._refuse(event)
        if depth == MAX_DEPTH:
            raise SourceError(TOO_DEEP.found(self._place(event), "is nested too deeply"))
        return Node(_STARTS[type(event)](), self.file, event.start_mark)

    def _enter(self, mapping: dict[str, Node], key: Node, node: Node) -> None:
        name = key.value
        node.key = key.mark
        if not isinstance(name, str):
            self.report.add(KEY.found(key.place, "a key must be text"))
        elif name in mapping:
            first = mapping[name].key_place.line
            self.report.add(DUPLICATE.found(key.place, f"{name!r} is already given in line {first}"))
        else:
            mapping[name] = node

    def _refuse(self, event: Any) -> NoReturn:  # noqa: ANN401 - as above
        said = f"anchor &{event.anchor}" if event.anchor is not None else f"tag {event.tag}"
        raise SourceError(REFUSED.found(self._place(event), f"{said} is not allowed"))

    def _refuse_others(self, event: Any, root: Node | None) -> None:  # noqa: ANN401 - as above
        """Refuse aliases and second documents; the rest of the events says nothing."""
        if isinstance(event, yaml.AliasEvent):
            raise SourceError(REFUSED.found(self._place(event), f"alias *{event.anchor} is not allowed"))
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise SourceError(REFUSED.found(self._place(event), "a second document starts here"))

    def _place(self, event: Any) -> Place:  # noqa: ANN401 - as above
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)


def _syntax_finding(file: str, data: bytes, problem: yaml.MarkedYAMLError) -> Finding:
    mark = problem.problem_mark or problem.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    said = " ".join(part for part in (problem.context, problem.problem) if part)
    line = data.decode().split("\n")[place.line - 1 : place.line]
    tab = bool(line) and line[0][place.column - 1 : place.column] == "\t"
    return SYNTAX.found(place, said, "YAML is indented by spaces, not tabs" if tab else None)


WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_STARTS: Mapping[type, Callable[[], dict[str, Node] | list[Node]]] = {
    yaml.MappingStartEvent: dict,
    yaml.SequenceStartEvent: list,
}
_ENDS = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,20}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@lru_cache(4096)
def plain_scalar(text: str) -> Scalar:
    """Return what an unquoted scalar means in the YAML 1.2 core schema (no hexadecimal, octal or infinite numbers).

    >>> plain_scalar("010"), plain_scalar("no"), plain_scalar("198.18.1.1")
    (10, 'no', '198.18.1.1')
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
