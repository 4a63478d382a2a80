# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""All the rules edufleet ships: one file each, ``security/rules/<area>/<name>.yml``."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from inventories.errors import BadInput, at
from security.content import read
from security.rule import Rule


@cache
def rules() -> Mapping[str, Rule]:
    """Return every shipped rule, by id."""
    return load(files("security") / "rules", "security/rules")


def load(root: Traversable, where: str) -> Mapping[str, Rule]:
    """Return the rules under ``root``, by id, in alphabetical order; ``where`` names ``root`` in errors.

    A rule's id is its place, ``area/name.yml`` for ``area.name``: so no two can share one.

    Raises:
        BadInput: a file that is no rule; says file and line.

    """
    found: dict[str, Rule] = {}
    for area in sorted(root.iterdir(), key=lambda entry: entry.name):
        for file in sorted(area.iterdir(), key=lambda entry: entry.name):
            place = f"{where}/{area.name}/{file.name}"
            rule = read(file.read_text(encoding="utf-8"), place, Rule)
            if file.name != f"{rule.id.removeprefix(f'{area.name}.')}.yml" or not rule.id.startswith(f"{area.name}."):
                raise BadInput(f"id {rule.id} does not belong here", where=at(place), hint="id: <folder>.<file name>")
            found[rule.id] = rule
    return MappingProxyType(found)
