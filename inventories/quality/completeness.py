# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How much of what an entry ought to state it states, by the table in quality.yml."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter

from inventories.base import Frozen
from inventories.findings import Report
from inventories.model import KINDS, Asset, Entry, Inventory
from inventories.reading.source import read_source


class Wanted(Frozen):
    """How much a field counts."""

    weight: int = Field(ge=1, le=3, description="1 good to know, 2 judged by, 3 needed at night.")
    unless: str | None = Field(default=None, description="Field that, where stated, makes this one inapplicable.")


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete one entry is."""

    kind: str
    id: str
    region: str
    stated: int
    """Weight of what is stated."""
    wanted: int
    """Weight of what ought to be."""
    missing: tuple[str, ...]
    """Fields that are not stated, the weightiest first."""

    @property
    def share(self) -> float:
        """What is stated of what ought to be, by weight, 0 to 1."""
        return self.stated / self.wanted


@cache
def wanted() -> Mapping[str, Mapping[str, Wanted]]:
    """Return the table: fields with their weight, by kind."""
    with as_file(files("inventories.quality") / "quality.yml") as path:
        node = read_source(path, Report())
    return TypeAdapter(Mapping[str, Mapping[str, Wanted]]).validate_python(node.plain() if node else {})


def completeness(inventory: Inventory) -> tuple[Completeness, ...]:
    """Return how complete each entry is, regions first; what it inherits it states, a mere default it does not."""
    return tuple(_of(*known) for known in _entries(inventory))


def share(entries: Iterable[Completeness]) -> float | None:
    """Return what all ``entries`` together state of what they ought to, by weight, 0 to 1; None without entries."""
    known = tuple(entries)
    return sum(one.stated for one in known) / sum(one.wanted for one in known) if known else None


def _entries(inventory: Inventory) -> Iterator[tuple[str, str, Entry]]:
    """Yield id, region and entry of everything that quality.yml speaks of."""
    yield from ((region.path, region.path, region) for region in inventory.regions)
    for kind in KINDS:
        if kind.label in wanted():
            key = "name" if issubclass(kind, Asset) else "id"
            entries: tuple[Any, ...] = getattr(inventory, kind.section)
            yield from ((getattr(entry, key), entry.region, entry) for entry in entries)


def _of(name: str, region: str, entry: Entry) -> Completeness:
    fields = wanted()[entry.label]
    asked = {path: one for path, one in fields.items() if one.unless is None or not _states(entry, one.unless)}
    missing = [path for path in asked if not _states(entry, path)]
    total = sum(one.weight for one in asked.values())
    lacking = sum(asked[path].weight for path in missing)
    first = sorted(missing, key=lambda path: -asked[path].weight)
    return Completeness(entry.label, name, region, total - lacking, total, tuple(first))


def _states(entry: BaseModel, path: str) -> bool:
    """Tell whether the value at a dotted path was given and says something."""
    value: object = entry
    for key in path.split("."):
        if not isinstance(value, BaseModel) or key not in value.model_fields_set:
            return False
        value = getattr(value, key)
    return value is not None and value not in ((), {}, "")
