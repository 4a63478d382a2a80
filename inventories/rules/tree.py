# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about the tree of regions."""

from collections.abc import Iterator

from inventories.book import Book, models
from inventories.findings import Finding, Rule
from inventories.model import ROOT, RegionLevel
from inventories.registry import rule

# A peer (such as the Corps) stands beside the provinces.
_RANK: dict[RegionLevel, int] = {"ministry": 0, "province": 1, "peer": 1, "city": 2, "county": 3, "school": 4}


@rule("INV-TREE-001", "error", "order: ministry, province or peer, city, county, school; levels may be skipped")
def levels_descend(this: Rule, book: Book) -> Iterator[Finding]:
    """Each region is of a lower level than the one above it."""
    levels = {region.path: region.level for region in models(book.regions)}
    for record in book.regions:
        if record.model is None or record.model.parent not in levels:
            continue
        level, above = record.model.level, levels[record.model.parent]
        if _RANK[level] <= _RANK[above]:
            message = f"a {level} cannot lie under a {above} ({record.model.parent})"
            yield this.found(record.place("level"), message)


@rule("INV-TREE-002", "error", "add to a file in it: region: {level: ..., name: {en: ..., zh: ...}}")
def directories_are_regions(this: Rule, book: Book) -> Iterator[Finding]:
    """Each directory that holds something says which region it is."""
    for path, place in book.undeclared.items():
        what = "the root has sites, services or assets but" if path == ROOT else f"directory {path!r}"
        yield this.found(place, f"{what} does not say which region it is")
