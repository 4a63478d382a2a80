# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about the tree of regions."""

from collections.abc import Iterator

from inventories.base import Text
from inventories.book import Book, models
from inventories.findings import Finding, Rule
from inventories.model import ROOT, RegionLevel
from inventories.reading.files import EMPTY
from inventories.registry import rule

RANK: dict[RegionLevel, int] = {"ministry": 0, "province": 1, "peer": 1, "city": 2, "county": 3, "school": 4}
"""How far below the top a level is. A peer (such as the Corps) stands beside the provinces."""


@rule(
    "INV-TREE-001",
    "error",
    title=Text(en="Each region is of a lower level than the one above it.", zh="每个区域的层级都低于其上级区域。"),
    why=Text(en="Reports and access follow the levels of the tree.", zh="统计报表和权限都沿层级展开。"),
    hint="order: ministry, province or peer, city, county, school; levels may be skipped",
)
def levels_descend(this: Rule, book: Book) -> Iterator[Finding]:
    """Each region is of a lower level than the one above it."""
    levels = {region.path: region.level for region in models(book.regions)}
    for record in book.regions:
        if record.model is None or record.model.parent not in levels:
            continue
        level, above = record.model.level, levels[record.model.parent]
        if RANK[level] <= RANK[above]:
            message = f"a {level} cannot lie under a {above} ({record.model.parent})"
            yield this.found(record.place("level"), message)


@rule(
    "INV-TREE-002",
    "error",
    title=Text(
        en="Each directory that holds something says which region it is.", zh="有内容的目录都说明自己是哪个区域。"
    ),
    why=Text(en="What lies in no region belongs to nobody.", zh="不属于任何区域的资产没有归属。"),
    hint="add to a file in it: region: {level: ..., name: {en: ..., zh: ...}}",
)
def directories_are_regions(this: Rule, book: Book) -> Iterator[Finding]:
    """Each directory that holds something says which region it is; empty ones have a finding of their own."""
    empty = {finding.file for finding in book.report.findings if finding.rule == EMPTY.id}
    for path, place in book.undeclared.items():
        if place.file in empty:
            continue
        what = "the root has sites, services or assets but" if path == ROOT else f"directory {path!r}"
        yield this.found(place, f"{what} does not say which region it is")
