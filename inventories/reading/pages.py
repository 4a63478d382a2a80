# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads the files of each directory into one page: what it says about itself, and the entries it lists."""

from dataclasses import dataclass, field

from inventories.book import Book
from inventories.findings import Rule
from inventories.model import KINDS, ROOT
from inventories.reading import plainly
from inventories.reading.files import Folder, Tree
from inventories.reading.shape import not_a_mapping, unknown_key
from inventories.reading.source import Node, SourceError, compose

LISTED = tuple(kind.section for kind in KINDS)
SINGLE = ("authority", "region", "defaults")

TWICE = Rule("INV-KEY-004", "error", "say it in one file of the directory")
NOT_AT_ROOT = Rule("INV-KEY-005", "error", "move it to a file in the inventory's root directory")


@dataclass(slots=True)
class Page:
    """What the files of one directory say together."""

    region: str
    path: str
    unread: bool = False
    single: dict[str, Node] = field(default_factory=dict)
    listed: dict[str, list[tuple[str, Node]]] = field(default_factory=lambda: {section: [] for section in LISTED})


def read_pages(tree: Tree, book: Book) -> list[Page]:
    """Return the pages of ``tree``, parents first; what is wrong goes to ``book``."""
    book.report.add(*tree.findings)
    return [_page(folder, book) for folder in tree.folders]


def _page(folder: Folder, book: Book) -> Page:
    page = Page(folder.region, folder.path)
    for file in folder.files:
        try:
            if file.problem is not None:
                raise file.problem
            node = plainly.compose(file.path, file.data) or compose(file.path, file.data, book.report)
        except SourceError as problem:
            book.report.add(problem.finding)
            book.unread[file.path] = problem.text
            page.unread = True
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
