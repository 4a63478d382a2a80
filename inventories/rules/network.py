# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about addresses."""

from collections.abc import Iterator

from inventories.book import Book
from inventories.findings import Finding, Rule
from inventories.model import Site
from inventories.registry import rule


@rule("INV-NET-001", "error", "correct the address, the site, or the site's prefixes")
def addresses_lie_in_their_site(this: Rule, book: Book) -> Iterator[Finding]:
    """Every host and device has its address in a prefix of its site, where the site states prefixes."""
    prefixes = {site.id: site.prefixes for _, site in book.valid(Site)}
    for record, asset in book.assets():
        ranges = prefixes.get(asset.site, ())
        if ranges and not any(asset.address in prefix for prefix in ranges):
            stated = ", ".join(str(prefix) for prefix in ranges)
            yield this.found(record.place("address"), f"{asset.address} is not in site {asset.site!r} ({stated})")
