# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Finds the inventory directory and walks its tree: one directory per region, any number of YAML files in each."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inventories.errors import BadInput
from inventories.findings import Place, Report, Rule
from inventories.model import ROOT

ENVIRONMENT = "EDUFLEET_INVENTORY"
SUFFIXES = (".yml", ".yaml")

EMPTY = Rule("INV-DIR-001", "error", "write what is there into a *.yml file, or remove the directory")
UNLISTED = Rule("INV-DIR-002", "error", "use readable directories, not links to them, as deep as the regions are")

# Five administrative levels; some room for those who sort finer.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Folder:
    """One directory of an inventory: the path of its region, and its YAML files by name."""

    region: str
    path: Path
    files: tuple[Path, ...]


def find_inventory(option: Path | None) -> Path:
    """Return the inventory directory: the option, else ``EDUFLEET_INVENTORY``, else ``./inventory`` if it is there.

    Raises BadInput when none is given, or what is given is not a directory.
    """
    named = os.environ.get(ENVIRONMENT)
    if option is not None:
        directory, origin = option, "--inventory"
    elif named:
        directory, origin = Path(named), ENVIRONMENT
    else:
        directory, origin = Path("inventory"), "the current directory"
        if not directory.is_dir():
            raise BadInput("no inventory is given", hint=f"use --inventory DIR, set {ENVIRONMENT}, or make ./inventory")
    if not directory.is_dir():
        raise BadInput("is not a directory", where=str(directory), hint=f"it was named by {origin}")
    return directory


def walk(root: Path, report: Report) -> Iterator[Folder]:
    """Yield the directories of the tree under ``root``, parents first, in the order of their names.

    Names that start with a dot are left alone; directories without YAML anywhere under them, and those that cannot
    be listed, are added to ``report``.
    """

    def unlisted(problem: OSError) -> None:
        place = Place(str(problem.filename), 1, 1)
        report.add(UNLISTED.found(place, f"cannot be listed: {problem.strerror}"))

    for here, below, names in os.walk(root, onerror=unlisted):
        directory = Path(here)
        if len(directory.relative_to(root).parts) > _DEEPEST:
            report.add(UNLISTED.found(Place(here, 1, 1), "is nested too deeply"))
            below.clear()
            continue
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in [name for name in below if (directory / name).is_symlink()]:
            below.remove(name)
            report.add(UNLISTED.found(Place(str(directory / name), 1, 1), "is a link to a directory"))
        files = tuple(directory / n for n in sorted(names) if n.endswith(SUFFIXES) and not n.startswith("."))
        if not files and not below:
            report.add(EMPTY.found(Place(here, 1, 1), "this directory has no YAML file"))
        region = directory.relative_to(root).as_posix() if directory != root else ROOT
        yield Folder(region, directory, files)
