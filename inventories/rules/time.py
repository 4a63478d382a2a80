# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about where clocks take the time from."""

from collections.abc import Iterator

from inventories.base import Text
from inventories.book import Book
from inventories.findings import Finding, Place, Rule
from inventories.registry import rule
from inventories.rules.circles import circles

_SOURCES = 2
# A clock that hangs on a reference clock (itself stratum 0) announces stratum 1 (RFC 5905, 3).
_WITH_REFERENCE_CLOCK = frozenset({0, 1})
_MUST_STATE = frozenset({"high", "critical"})


@rule(
    "INV-TIME-001",
    "warning",
    title=Text(
        en="Whatever states time sources, and whatever is important, has at least two.",
        zh="登记了时间源的资产以及重要资产，时间源至少有两个。",
    ),
    why=Text(
        en="With one source, its failure or its error is everybody's.",
        zh="只有一个时间源时，它的故障或误差就成了所有设备的故障或误差。",
    ),
    hint="name two or more, here or in the defaults of the region",
)
def clocks_have_two_sources(this: Rule, book: Book) -> Iterator[Finding]:
    """Every asset that states time sources, or is of high importance, has two different ones.

    One with a reference clock needs none. What many inherit is reported with the first of them.
    """
    reported: set[Place] = set()
    for record, asset in book.assets():
        if asset.stratum in _WITH_REFERENCE_CLOCK or not (asset.time_sources or asset.importance in _MUST_STATE):
            continue
        if not asset.time_sources and book.may_declare("time_sources"):
            continue
        count = len(set(asset.time_sources))
        if count < _SOURCES and (place := record.place("time_sources")) not in reported:
            reported.add(place)
            yield this.found(
                place, f"{record.kind} {record.id!r} has {count or 'no'} time source{'' if count else 's'}"
            )


@rule(
    "INV-TIME-002",
    "error",
    title=Text(
        en="No clock takes the time from itself, directly or through others.", zh="时钟不得直接或间接以自身为时间源。"
    ),
    why=Text(
        en="Clocks in a loop confirm each other's error and drift away together.",
        zh="成环的时钟会互相印证误差，一起漂移。",
    ),
    hint="let one of them take the time from outside",
)
def time_has_no_loop(this: Rule, book: Book) -> Iterator[Finding]:
    """Following time sources that are named as hosts or devices never leads back."""
    assets = {record.id: (record, asset) for record, asset in book.assets()}
    sources = {source for _, asset in assets.values() for source in asset.time_sources}
    for circle in circles({name: assets[name][1].time_sources for name in assets if name in sources}):
        record, asset = assets[circle[-2]]
        place = record.place("time_sources", asset.time_sources.index(circle[-1]))
        yield this.found(place, f"clocks take the time from each other: {' -> '.join(circle)}")


@rule(
    "INV-TIME-003",
    "error",
    title=Text(
        en="The stratum of a clock is higher than that of each of its sources, where both are stated.",
        zh="双方都登记了层级时，时钟的 stratum 大于其每个时间源的 stratum。",
    ),
    why=Text(
        en="NTP counts upwards from the reference clock: one of the figures, or the source, is wrong.",
        zh="NTP 层级自参考时钟逐级递增，否则必有层级或时间源写错。",
    ),
    hint="correct the stratum of one of them, or the source",
)
def stratum_grows(this: Rule, book: Book) -> Iterator[Finding]:
    """No stated stratum is equal to or lower than that of a source which is a host or device."""
    strata = {record.id: asset.stratum for record, asset in book.assets() if asset.stratum is not None}
    for record, asset in book.assets():
        if asset.stratum is None:
            continue
        for source in asset.time_sources:
            if strata.get(source, -1) >= asset.stratum:
                message = (
                    f"{record.kind} {record.id!r} has stratum {asset.stratum}, its source {source!r} {strata[source]}"
                )
                yield this.found(record.place("stratum"), message)
                break
