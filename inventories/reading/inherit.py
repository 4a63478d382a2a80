# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How defaults are inherited: the nearest layer wins, key by key, and every value keeps the place it came from.

A layer is what one place wrote. A list replaces what lies below; a key that ends in ``+`` adds to it instead.
"""

import re
from collections.abc import Mapping
from typing import Final

from inventories.reading.source import Node

# Keys whose mappings are merged key by key instead of being replaced as a whole, and how deep.
MERGED: Final = {"administrators": 1, "management": 1, "ssh": 1, "vars": 1, "vlans": 2}

_RANGE = re.compile(r"(?P<stem>.*?)(?P<first>[0-9]{1,4})\.\.(?P=stem)(?P<last>[0-9]{1,4})")


def overlay(lower: Mapping[str, Node], upper: Mapping[str, Node]) -> dict[str, Node]:
    """Return ``upper`` laid over ``lower``, which has no ``+`` keys any more; explicit nulls replace as well."""
    merged = {**lower, **upper}
    for key, depth in MERGED.items():
        if key in upper and key in lower:
            merged[key] = _merged(lower[key], upper[key], depth)
        elif key in upper:
            merged[key] = _merged(Node({}, upper[key].file, upper[key].mark), upper[key], depth)
    for key in [key for key in upper if key.endswith("+")]:
        name = key[:-1]
        merged[name] = _added(merged.get(name), merged.pop(key))
    return merged


def _merged(lower: Node, upper: Node, depth: int) -> Node:
    if not isinstance(upper.value, dict):
        return upper
    if depth == 1:
        return Node(overlay(lower.entries, upper.value), upper.file, upper.mark, upper.key)
    below = lower.entries
    empty = Node({}, upper.file, upper.mark)
    inner = {name: _merged(below.get(name, empty), node, depth - 1) for name, node in upper.value.items()}
    return Node({**below, **inner}, upper.file, upper.mark, upper.key)


def _added(lower: Node | None, upper: Node) -> Node:
    if lower is None or not isinstance(lower.value, list) or not isinstance(upper.value, list):
        return upper
    return Node([*lower.value, *upper.value], upper.file, upper.mark, upper.key)


def filled(named: Node, templates: Node | None) -> Node:
    """Return the mapping ``named``, each entry laid over the template of its name."""
    below = templates.entries if templates is not None else {}
    if not isinstance(named.value, dict) or not below:
        return named
    entries = {
        name: Node(overlay(below[name].entries if name in below else {}, node.entries), node.file, node.mark, node.key)
        if node.value is None or isinstance(node.value, dict)
        else node
        for name, node in named.value.items()
    }
    return Node(entries, named.file, named.mark, named.key)


def expanded(named: Node) -> Node:
    """Return the mapping ``named`` with ranges such as ``R01..R24`` written out; single entries refine a range."""
    if not isinstance(named.value, dict) or not any(".." in name for name in named.value):
        return named
    entries: dict[str, Node] = {}
    for name, node in sorted(named.value.items(), key=lambda entry: ".." not in entry[0]):
        for one in _members(name):
            below = entries[one].entries if one in entries else {}
            entries[one] = Node(overlay(below, node.entries), node.file, node.mark, node.key) if below else node
    return Node(entries, named.file, named.mark, named.key)


def _members(name: str) -> list[str]:
    """Return the names in a range, or the name itself.

    >>> _members("R08..R10"), _members("R1")
    (['R08', 'R09', 'R10'], ['R1'])
    """
    match = _RANGE.fullmatch(name)
    if match is None:
        return [name]
    first, last = match["first"], match["last"]
    return [f"{match['stem']}{number:0{len(first)}}" for number in range(int(first), int(last) + 1)] or [name]
