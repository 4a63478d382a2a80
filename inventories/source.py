# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads one YAML file into a tree of values that remember where they were written.

The tree is built from libyaml's event stream with a stack of our own: composing with PyYAML recurses in C and a file
of 50,000 ``[`` ends the process. Plain scalars follow the YAML 1.2 core schema (``no`` is a word, ``010`` is ten), as
ruamel.yaml reads them. Anchors, aliases and tags are refused, so no file can grow when it is read.
"""

import math
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

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
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class SourceError(Exception):
    """A file that could not be read to its end; carries the one finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def read_source(path: Path, report: Report) -> Node | None:
    """Read ``path`` into a tree, None for a file that says nothing; duplicate and unusable keys go to ``report``.

    Raises ``SourceError`` with one finding when the file cannot be read to its end.
    """
    return _Composer(str(path), report).compose(_read_bytes(path))


def _read_bytes(path: Path) -> bytes:
    start = Place(str(path), 1, 1)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(UNREADABLE.found(start, "is not a regular file"))
        if status.st_size > MAX_BYTES:
            raise SourceError(UNREADABLE.found(start, f"has {status.st_size:,} bytes", "split it into smaller files"))
        data = path.read_bytes()
    except OSError as problem:
        raise SourceError(UNREADABLE.found(start, f"cannot be read: {problem.strerror}")) from problem
    try:
        data.decode()
    except UnicodeDecodeError as problem:
        before = data[: problem.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        place = Place(str(path), before.count(b"\n") + 1, column)
        raise SourceError(UNREADABLE.found(place, "is not UTF-8 text")) from problem
    return data


class _Composer:
    """Turns the events of one file into nodes, iteratively."""

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report
        # Open collections, outermost first; a mapping waits with its key's node between key and value.
        self.open: list[tuple[Node, Node | None]] = []
        self.root: Node | None = None

    def compose(self, data: bytes) -> Node | None:
        try:
            parser = CParser(data)
            while (event := parser.get_event()) is not None:
                self._take(event)
        except yaml.reader.ReaderError as problem:
            raise SourceError(
                SYNTAX.found(Place(self.file, 1, 1), f"unreadable character: {problem.reason}")
            ) from problem
        except yaml.MarkedYAMLError as problem:
            raise SourceError(_syntax_finding(self.file, data, problem)) from problem
        return self.root

    def _take(self, event: Any) -> None:  # noqa: ANN401 - libyaml's events share no type with these attributes
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._refuse_marked(event)
            if event.style == '"' and _CONTROL.search(event.value):
                self.report.add(CONTROL.found(self._place(event), "the text has a control character"))
            value = event.value if event.style else plain_scalar(event.value)
            self._add(Node(value, self.file, event.start_mark))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._refuse_marked(event)
            if len(self.open) == MAX_DEPTH:
                raise SourceError(TOO_DEEP.found(self._place(event), "is nested too deeply"))
            value = {} if kind is yaml.MappingStartEvent else []
            self.open.append((Node(value, self.file, event.start_mark), None))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            node, _ = self.open.pop()
            self._add(node)
        elif kind is yaml.AliasEvent:
            raise SourceError(REFUSED.found(self._place(event), f"alias *{event.anchor} is not allowed"))
        elif kind is yaml.DocumentStartEvent and self.root is not None:
            raise SourceError(REFUSED.found(self._place(event), "a second document starts here"))

    def _refuse_marked(self, event: Any) -> None:  # noqa: ANN401 - as above
        if event.anchor is not None:
            raise SourceError(REFUSED.found(self._place(event), f"anchor &{event.anchor} is not allowed"))
        if event.tag is not None:
            raise SourceError(REFUSED.found(self._place(event), f"tag {event.tag} is not allowed"))

    def _place(self, event: Any) -> Place:  # noqa: ANN401 - as above
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _add(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent, key = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif key is None:
            self.open[-1] = (parent, node)
        elif isinstance(parent.value, dict):
            self.open[-1] = (parent, None)
            node.key = key.mark
            self._enter(parent.value, key, node)

    def _enter(self, mapping: dict[str, Node], key: Node, node: Node) -> None:
        name = key.value
        if not isinstance(name, str):
            self.report.add(KEY.found(key.place, "a key must be text"))
        elif name in mapping:
            first = mapping[name].key_place.line
            self.report.add(DUPLICATE.found(key.place, f"{name!r} is already given in line {first}"))
        else:
            mapping[name] = node


def _syntax_finding(file: str, data: bytes, problem: yaml.MarkedYAMLError) -> Finding:
    mark = problem.problem_mark or problem.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    said = " ".join(part for part in (problem.context, problem.problem) if part)
    line = data.decode().split("\n")[place.line - 1 : place.line]
    tab = bool(line) and line[0][place.column - 1 : place.column] == "\t"
    return SYNTAX.found(place, said, "YAML is indented by spaces, not tabs" if tab else None)


_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,20}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def plain_scalar(text: str) -> Scalar:
    """Return what an unquoted scalar means in the YAML 1.2 core schema (no hexadecimal, octal or infinite numbers).

    >>> plain_scalar("010"), plain_scalar("no"), plain_scalar("198.18.1.1")
    (10, 'no', '198.18.1.1')
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
