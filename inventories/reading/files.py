# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Finds the inventory directory and walks its tree: one directory per region, any number of YAML files in each."""

import os
from dataclasses import dataclass
from pathlib import Path

from inventories.errors import BadInput
from inventories.findings import Finding, Place, Rule
from inventories.model import ROOT
from inventories.reading.source import SourceError, read_bytes

ENVIRONMENT = "EDUFLEET_INVENTORY"
SUFFIXES = (".yml", ".yaml")

EMPTY = Rule("INV-DIR-001", "error", "write what is there into a *.yml file, or remove the directory")
UNLISTED = Rule("INV-DIR-002", "error", "use readable directories, not links to them, as deep as the regions are")

# Five administrative levels; some room for those who sort finer.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class File:
    """One YAML file: what it contains, or why it cannot be read."""

    path: str
    data: bytes
    problem: SourceError | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """One directory of an inventory: the path of its region, and its YAML files by name."""

    region: str
    path: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """All files of an inventory as they were at one time, parents first, and what is wrong with its directories."""

    root: Path
    folders: tuple[Folder, ...]
    findings: tuple[Finding, ...]


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


def read_tree(root: Path) -> Tree:
    """Read the directories under ``root``, parents first, in the order of their names, with their files.

    Names that start with a dot are left alone; directories without YAML anywhere under them, and those that cannot
    be listed, are findings.
    """
    findings: list[Finding] = []
    folders: list[Folder] = []
    waiting = [(str(root), ROOT)]
    while waiting:
        here, region = waiting.pop()
        if region.count("/") == _DEEPEST:
            findings.append(UNLISTED.found(Place(here, 1, 1), "is nested too deeply"))
            continue
        try:
            below, names = _listed(here, findings)
        except OSError as problem:
            findings.append(UNLISTED.found(Place(here, 1, 1), f"cannot be listed: {problem.strerror}"))
            continue
        if not names and not below:
            findings.append(EMPTY.found(Place(here, 1, 1), "this directory has no YAML file"))
        folders.append(Folder(region, here, tuple(_read(f"{here}/{name}") for name in names)))
        above = "" if region == ROOT else f"{region}/"
        waiting += [(f"{here}/{name}", above + name) for name in reversed(below)]
    return Tree(root, tuple(folders), tuple(findings))


def _listed(directory: str, findings: list[Finding]) -> tuple[list[str], list[str]]:
    """Return the names of the directories and of the YAML files in ``directory``."""
    below, names = [], []
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if not _is_directory(entry):
                names += [entry.name] if entry.name.endswith(SUFFIXES) else []
            elif entry.is_symlink():
                findings.append(UNLISTED.found(Place(entry.path, 1, 1), "is a link to a directory"))
            else:
                below.append(entry.name)
    return sorted(below), sorted(names)


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere in particular; reading it will say so
        return False


def _read(path: str) -> File:
    try:
        return File(path, read_bytes(path))
    except SourceError as problem:
        return File(path, b"", problem)
