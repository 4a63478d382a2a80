# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads the files of each directory into one page: what it says about itself, and the entries it lists."""

from dataclasses import dataclass, field
from pathlib import Path

from inventories.book import Book
from inventories.files import Folder, walk
from inventories.findings import Rule
from inventories.model import KINDS, ROOT
from inventories.shape import not_a_mapping, unknown_key
from inventories.source import Node, SourceError, read_source

LISTED = tuple(kind.section for kind in KINDS)
SINGLE = ("authority", "region", "defaults")

TWICE = Rule("INV-KEY-004", "error", "say it in one file of the directory")
NOT_AT_ROOT = Rule("INV-KEY-005", "error", "move it to a file in the inventory's root directory")


@dataclass(slots=True)
class Page:
    """What the files of one directory say together."""

    region: str
    path: Path
    single: dict[str, Node] = field(default_factory=dict)
    listed: dict[str, list[tuple[str, Node]]] = field(default_factory=lambda: {section: [] for section in LISTED})


def read_pages(root: Path, book: Book) -> list[Page]:
    """Read all pages under ``root``, parents first; what is wrong goes to ``book``."""
    return [_read_page(folder, book) for folder in walk(root, book.report)]


def _read_page(folder: Folder, book: Book) -> Page:
    page = Page(folder.region, folder.path)
    for path in folder.files:
        try:
            node = read_source(path, book.report)
        except SourceError as problem:
            book.report.add(problem.finding)
            book.complete = False
            continue
        if node is not None:
            _add(page, node, book)
    return page


def _add(page: Page, node: Node, book: Book) -> None:
    book.report.add(*not_a_mapping("a file", node))
    for name, section in node.entries.items():
        if name in LISTED:
            book.report.add(*not_a_mapping(name, section))
            page.listed[name] += section.entries.items()
        elif name not in SINGLE:
            book.report.add(unknown_key("this file", name, section, frozenset(LISTED + SINGLE)))
        elif name in page.single:
            book.report.add(TWICE.found(section.key_place, f"{name} is already given in {page.single[name].file}"))
        elif name == "authority" and page.region != ROOT:
            book.report.add(NOT_AT_ROOT.found(section.key_place, "only the root has an authority"))
        else:
            page.single[name] = section
