# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Changes single values in YAML text and leaves every other character as it was.

A round trip through a document model, ruamel's included, sets flow collections, quotes and long lines anew wherever
they stand. Here libyaml, which the loader reads with, says where each value begins and ends, and only that is replaced.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import yaml

from inventories.reading.source import plain_scalar

Scalar = str | int | float | bool
Value = Scalar | Sequence[Scalar] | Mapping[str, "Value"] | None
Path = tuple[str, ...]

Pair = tuple[Any, Any]
# PyYAML's nodes have no common type with the attributes that tell their kinds apart.

_PLAIN = re.compile(r"[\w/][\w./+ ()-]*(?<! )")
_OTHER_READERS = frozenset({"yes", "no", "on", "off", "y", "n"})
# What libyaml takes for the end of a line, and what it does not read.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


class CannotSpliceError(Exception):
    """The text is written in a way that this module does not change; says why."""


def flow(value: Value) -> str:
    """Return ``value`` on one line.

    >>> flow({"groups": ["web", "1"], "rack": "R01", "phone": "10:20"})
    '{groups: [web, "1"], rack: R01, phone: "10:20"}'
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    return "[" + ", ".join(flow(item) for item in value) + "]"


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and plain_scalar(value) == value and value.lower() not in _OTHER_READERS:
        return value
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def block(name: str, value: Mapping[str, Value], *, on_one_line: bool = False) -> str:
    """Return one entry of a block mapping, not indented, its values one per line if not all on one."""
    if on_one_line or not value:
        return f"{_text(name)}: {flow(value)}\n"
    return f"{_text(name)}:\n" + "".join(f"  {_text(key)}: {flow(inner)}\n" for key, inner in value.items())


def plain(node: yaml.Node) -> object:
    """Return what a node of the text means."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): plain(inner) for key, inner in node.value}
    if isinstance(node, yaml.SequenceNode):
        return tuple(plain(item) for item in node.value)
    text = str(node.value)
    return text if isinstance(node, yaml.ScalarNode) and node.style else plain_scalar(text)


def same(one: object, other: object) -> bool:
    """Tell whether two values mean the same in a file: 1 and 1.0 do, 1 and true do not, nor 1 and '1'."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(inner, other[key]) for key, inner in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def get(text: str, path: Path) -> object:
    """Return what ``text`` says at ``path``; KeyError when it says nothing there."""
    return plain(_pair(text, path)[1])


def put(text: str, path: Path, value: Value) -> str:
    """Return ``text`` with ``value`` at ``path``; mappings on the way are made where they are missing."""
    node = _root(text)
    pair: Pair | None = None
    for depth, key in enumerate(path):
        if not isinstance(node, yaml.MappingNode):
            if pair is None or plain(node) is not None:
                raise CannotSpliceError(f"{'.'.join(path[:depth])} is not a mapping")
            return _replaced(text, pair, _nested(path[depth:], value))
        inner = _find(node, key)
        if inner is None:
            return _appended(text, node, f"{_text(key)}: {flow(_nested(path[depth + 1 :], value))}")
        pair, node = inner, inner[1]
    if pair is None:
        raise ValueError("the path is empty")
    if isinstance(node, yaml.SequenceNode) and node.value and isinstance(value, list | tuple) and value:
        return _relisted(text, path, value)
    return _replaced(text, pair, value)


def drop(text: str, path: Path) -> str:
    """Return ``text`` without what stands at ``path``; KeyError when nothing does. An emptied mapping stays as {}."""
    _pair(text, path)
    parent: Any = _pair(text, path[:-1])[1] if len(path) > 1 else _root(text)
    if len(parent.value) == 1 and len(path) > 1:
        return _replaced(text, _pair(text, path[:-1]), {})
    spans = [(key.start_mark.index, _end(text, (key, value))) for key, value in parent.value]
    index = [key.value for key, _ in parent.value].index(path[-1])
    return _cut_item(text, spans, index, in_flow=parent.flow_style)


@dataclass(frozen=True, slots=True)
class Slice:
    """Where one entry of a section stands: its lines, or in a flow mapping its characters."""

    start: int
    end: int
    in_flow: bool

    def of(self, text: str) -> str:
        """Return the entry as a document of its own."""
        return "{" + text[self.start : self.end] + "}" if self.in_flow else text[self.start : self.end] + "\n"

    def back(self, document: str) -> str:
        """Return the document that ``of`` made as it stands in the file."""
        return document[1:-1] if self.in_flow else document.removesuffix("\n")


def slices(text: str, section: str) -> dict[str, Slice]:
    """Return the entries of a section by name."""
    try:
        node = _pair(text, (section,))[1]
    except KeyError:
        return {}
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): _slice(text, (key, value), in_flow=node.flow_style) for key, value in node.value}


def _slice(text: str, pair: Pair, *, in_flow: bool) -> Slice:
    start, end = pair[0].start_mark.index, _end(text, pair)
    if not in_flow:
        start, end = _line(text, start), _line_end(text, end)
    return Slice(start, end, in_flow)


def without(text: str, section: str, names: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return ``text`` without these entries, and each of them, comments right above it included, not indented."""
    there = slices(text, section)
    taken: dict[str, str] = {}
    for name in sorted(names, key=lambda name: there[name].start, reverse=True):
        here = there[name]
        if here.in_flow:
            taken[name] = text[here.start : here.end] + "\n"
            text = drop(text, (section, name))
        else:
            start = _above(text, here.start)
            taken[name] = _dedented(text[start : here.end] + "\n")
            text = text[:start] + text[here.end + 1 :]
    if len(taken) == len(there) and not there[names[0]].in_flow:
        text = _replaced(text, _pair(text, (section,)), {})
    return text, taken


def _above(text: str, start: int) -> int:
    """Return where the comment lines directly above the line at ``start`` begin, those as far in as it."""
    column = _indent(text[start : _line_end(text, start)])
    while start > 0:
        before = _line(text, start - 1)
        line = text[before : start - 1]
        if not line.lstrip().startswith("#") or _indent(line) != column:
            break
        start = before
    return start


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def with_blocks(text: str, section: str, blocks: Sequence[str]) -> str:
    """Return ``text`` with more entries at the end of a section; a section in one pair of braces is opened up."""
    added = "".join(blocks)
    try:
        key, node = _pair(text, (section,))
    except KeyError:
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}{section}:\n{_indented(added, 2)}"
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        at = _line_end(text, _end(text, (key, node)))
        return text[:at] + "\n" + _indented(added, node.start_mark.column).removesuffix("\n") + text[at:]
    if not isinstance(node, yaml.MappingNode) and plain(node) is not None:
        raise CannotSpliceError(f"{section} is not a mapping")
    start, end = node.start_mark.index, _end(text, (key, node))
    if "#" in text[start:end]:
        raise CannotSpliceError(f"{section} has comments inside its braces; write it one entry per line first")
    inside = node.value if isinstance(node, yaml.MappingNode) else []
    entries = "".join(
        text[name.start_mark.index : _end(text, (name, value))] + ("\n" if _colon(text, name, value) else ": {}\n")
        for name, value in inside
    )
    colon = text.index(":", key.end_mark.index) + 1
    at = _line_end(text, end)
    body = _indented(entries + added, key.start_mark.column + 2).removesuffix("\n")
    return text[:colon] + text[end:at] + "\n" + body + text[at:]


def on_one_line(text: str, section: str) -> bool:
    """Tell whether the last entry of a section is written on one line."""
    there = list(slices(text, section).values())
    last = there[-1].of(text).rstrip() if there else ""
    return bool(last) and "\n" not in last and not last.endswith(":")


def _root(text: str) -> yaml.Node:
    return yaml.compose(text, Loader=yaml.CSafeLoader) or yaml.ScalarNode("", "")


def _find(node: yaml.Node, key: str) -> Pair | None:
    pairs: list[Pair] = node.value if isinstance(node, yaml.MappingNode) else []
    return next((pair for pair in pairs if pair[0].value == key), None)


def _pair(text: str, path: Path) -> Pair:
    node = _root(text)
    pair: Pair | None = None
    for key in path:
        pair = _find(node, key)
        if pair is None:
            raise KeyError(path)
        node = pair[1]
    if pair is None:
        raise KeyError(path)
    return pair


def _nested(path: Path, value: Value) -> Value:
    for key in reversed(path):
        value = {key: value}
    return value


def _line(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _colon(text: str, key: yaml.Node, value: yaml.Node) -> bool:
    """Tell whether a pair has a colon; in a flow mapping it may do without."""
    return value.end_mark.index > value.start_mark.index or bool(re.compile(" *:").match(text, key.end_mark.index))


def _end(text: str, pair: Pair) -> int:
    """Return where the value of a pair really ends: libyaml lets block collections end where the next thing begins."""
    key, node = pair
    while not isinstance(node, yaml.ScalarNode) and node.value and not node.flow_style:
        key, node = node.value[-1] if isinstance(node, yaml.MappingNode) else (node.value[-1], node.value[-1])
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    if start == end:
        colon = re.compile(" *:").match(text, key.end_mark.index)
        return colon.end() if colon else int(key.end_mark.index)
    return start + len(text[start:end].rstrip())


def _replaced(text: str, pair: Pair, value: Value) -> str:
    """Return ``text`` with another value in a pair; a text that was in quotes stays in them."""
    key, node = pair
    said = flow(value)
    start, end = node.start_mark.index, _end(text, pair)
    if isinstance(value, str) and isinstance(node, yaml.ScalarNode) and not said.startswith('"'):
        said = {"'": f"'{said}'", '"': f'"{said}"'}.get(node.style or "", said)
    if not isinstance(node, yaml.ScalarNode) and node.value and not node.flow_style:
        colon = text.index(":", key.end_mark.index) + 1
        first = _line(text, node.start_mark.index)
        return f"{text[:colon]} {said}{text[colon:first]}{text[_line_end(text, end) + 1 :]}"
    if node.start_mark.index == node.end_mark.index:
        sign = " " if _colon(text, key, node) else ": "
        return text[:end] + sign + said + text[end:]
    return text[:start] + said + text[end:]


def _appended(text: str, mapping: yaml.MappingNode, pair: str) -> str:
    """Return ``text`` with one more pair at the end of a mapping."""
    if not mapping.value:
        at = mapping.start_mark.index + 1
        return text[:at] + pair + text[at:]
    end = _end(text, mapping.value[-1])
    if mapping.flow_style:
        return f"{text[:end]}, {pair}{text[end:]}"
    at = _line_end(text, end)
    return f"{text[:at]}\n{' ' * mapping.value[0][0].start_mark.column}{pair}{text[at:]}"


def _cut_item(text: str, spans: Sequence[tuple[int, int]], index: int, *, in_flow: bool) -> str:
    """Return ``text`` without one item of a collection, given where its items begin and end."""
    start, end = spans[index]
    if not in_flow:
        return text[: _line(text, start)] + text[_line_end(text, end) + 1 :]
    if len(spans) == 1:
        comma = re.match(r"\s*,", text[end:])
        return text[:start] + text[end + (comma.end() if comma else 0) :]
    if index + 1 < len(spans):
        after = spans[index + 1][0]
        return text[:start] + text[after if "#" not in text[end:after] else text.index(",", end) + 1 :]
    before = spans[index - 1][1]
    return text[: before if "#" not in text[before:start] else start] + text[end:]


def _relisted(text: str, path: Path, value: Sequence[Scalar]) -> str:
    """Return ``text`` with other items in the list at ``path``; those that stay keep their lines and comments."""
    old = [repr(plain(item)) for item in _pair(text, path)[1].value]
    steps = SequenceMatcher(None, old, [repr(item) for item in value], autojunk=False).get_opcodes()
    for _, first, last, new_first, new_last in reversed([step for step in steps if step[0] != "equal"]):
        kept = min(last - first, new_last - new_first)
        for index in range(new_last - 1, new_first + kept - 1, -1):
            text = _item_added(text, path, first + kept, value[index])
        for index in range(first + kept - 1, first - 1, -1):
            node = _pair(text, path)[1].value[index]
            text = _replaced(text, (node, node), value[new_first + index - first])
        for index in range(last - 1, first + kept - 1, -1):
            text = _item_dropped(text, path, index)
    return text


def _item_added(text: str, path: Path, index: int, item: Scalar) -> str:
    """Return ``text`` with an item more, before the one at ``index``."""
    node = _pair(text, path)[1]
    if node.flow_style and index == 0:
        at = node.value[0].start_mark.index
        return f"{text[:at]}{flow(item)}, {text[at:]}"
    if node.flow_style:
        end = _end(text, (node.value[index - 1], node.value[index - 1]))
        return f"{text[:end]}, {flow(item)}{text[end:]}"
    line = f"{' ' * node.start_mark.column}- {flow(item)}"
    if index == 0:
        at = _line(text, node.start_mark.index)
        return f"{text[:at]}{line}\n{text[at:]}"
    at = _line_end(text, _end(text, (node.value[index - 1], node.value[index - 1])))
    return f"{text[:at]}\n{line}{text[at:]}"


def _item_dropped(text: str, path: Path, index: int) -> str:
    node = _pair(text, path)[1]
    spans = [(item.start_mark.index, _end(text, (item, item))) for item in node.value]
    return _cut_item(text, spans, index, in_flow=node.flow_style)


def _dedented(lines: str) -> str:
    """Return lines moved to the left as far as the first one is in."""
    column = _indent(lines.split("\n", 1)[0])
    return re.sub(rf"(?m)^ {{1,{column}}}", "", lines) if column else lines


def _indented(lines: str, columns: int) -> str:
    return re.sub(r"(?m)^(?=[^\n])", " " * columns, lines)
