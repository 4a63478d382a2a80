# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How defaults are inherited: the nearest layer wins, key by key, and every value keeps the place it came from."""

from collections.abc import Mapping

from inventories.source import Node

# Keys whose mappings are merged key by key instead of being replaced as a whole.
MERGED = frozenset({"ssh", "vars"})


def overlay(lower: Mapping[str, Node], upper: Mapping[str, Node]) -> dict[str, Node]:
    """Return ``upper`` laid over ``lower``; lists and explicit nulls replace, ``ssh`` and ``vars`` merge."""
    merged = {**lower, **upper}
    for key in MERGED & lower.keys() & upper.keys():
        above = upper[key]
        if isinstance(above.value, dict):
            merged[key] = Node({**lower[key].entries, **above.value}, above.file, above.mark, above.key)
    return merged
