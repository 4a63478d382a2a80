# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What an importer is: one format in which changes to the inventory come back; one module in importers/ each."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from inventories.base import Text
from inventories.editing.edits import Edit
from inventories.model import Inventory


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the source that cannot be used: where it is, what is wrong, what to do."""

    where: str
    what: str
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" ({self.hint})" if self.hint else "")


@dataclass(frozen=True, slots=True)
class Proposed:
    """An edit, and where the source says so: by path for each value of a new entry, else for the edit's own path."""

    edit: Edit
    places: Mapping[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a source would change.

    ``absent`` takes away the entries and parts that the source could say something of and does not.
    """

    edits: tuple[Proposed, ...]
    absent: tuple[Edit, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """One input format.

    ``takes`` tells whether a file or directory is in this format, by its name. ``propose`` compares it with the
    inventory; it reads, and changes nothing. It raises BadInput for what is not in this format at all.
    """

    id: str
    title: Text
    takes: Callable[[Path], bool]
    propose: Callable[[Path, Inventory], Proposal]


@cache
def importers() -> Mapping[str, Importer]:
    """Return the ``IMPORTER`` of every module in ``inventories.importers`` by id; ``_`` in a module's name is ``-``."""
    from inventories import importers as package  # noqa: PLC0415 - the modules in there import this one

    found: dict[str, Importer] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importer: Importer = importlib.import_module(f"{package.__name__}.{module}").IMPORTER
        if importer.id != module.replace("_", "-"):
            raise ValueError(f"{package.__name__}.{module}: IMPORTER.id must follow from the module's name")
        found[importer.id] = importer
    return MappingProxyType(found)
