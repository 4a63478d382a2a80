# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about the lines from sites towards the core and the internet."""

from collections.abc import Iterator

from inventories.base import Text
from inventories.book import Book, models
from inventories.findings import Finding, Rule
from inventories.model import LinkClass, Site
from inventories.registry import rule
from inventories.rules.circles import circles
from inventories.rules.tree import RANK

_RANK_WITH_TWO_UPLINKS = RANK["province"]
_UPLINKS = 2

# The best first.
_CLASSES: tuple[LinkClass, ...] = ("lan", "fiber", "leased", "lte", "satellite")


@rule(
    "INV-UPL-001",
    "warning",
    title=Text(
        en="A site of a province, a peer or the ministry has at least two uplinks, where it states any.",
        zh="部级、省级及同级单位的站点登记了上联链路时，至少有两条。",
    ),
    why=Text(
        en="Everything below it is cut off when its only line fails.",
        zh="唯一的链路中断时，其下所有单位都会断网。",
    ),
    hint="bring in a second uplink",
)
def upper_sites_have_two_uplinks(this: Rule, book: Book) -> Iterator[Finding]:
    """No site in a region of province rank or above states a single uplink."""
    ranks = {region.path: RANK[region.level] for region in models(book.regions)}
    for record, site in book.valid(Site):
        rank = ranks.get(site.region)
        if rank is not None and rank <= _RANK_WITH_TWO_UPLINKS and 0 < len(site.uplinks) < _UPLINKS:
            yield this.found(record.place("uplinks"), f"site {site.id!r} has a single uplink")


@rule(
    "INV-UPL-002",
    "error",
    title=Text(en="Uplinks form no loop.", zh="上联链路不成环。"),
    why=Text(
        en="Going up must end at the internet or the core; what lies on the way is computed from it.",
        zh="沿上联链路向上必须到达核心或互联网，路径均由此推算。",
    ),
    hint="let one of them lead up, or leave out the other end",
)
def uplinks_form_no_loop(this: Rule, book: Book) -> Iterator[Finding]:
    """Following uplinks from a site never leads back to it."""
    sites = {site.id: (record, site) for record, site in book.valid(Site)}
    up = {name: [uplink.to for uplink in site.uplinks if uplink.to is not None] for name, (_, site) in sites.items()}
    for circle in circles(up):
        record, site = sites[circle[-2]]
        position = next(n for n, uplink in enumerate(site.uplinks) if uplink.to == circle[-1])
        yield this.found(record.place("uplinks", position, "to"), f"uplinks form a loop: {' -> '.join(circle)}")


@rule(
    "INV-UPL-003",
    "error",
    title=Text(
        en="The link class of a site is that of its best uplink, where it states uplinks.",
        zh="站点登记了上联链路时，其链路类别为最好的一条的类别。",
    ),
    why=Text(
        en="An inspection waits by this class: too short for a satellite, or too long for a fibre.",
        zh="巡检按此类别决定等待时间：卫星链路会等得太短，光纤会等得太久。",
    ),
    hint="correct the link of the site or of the uplink",
)
def link_is_that_of_the_best_uplink(this: Rule, book: Book) -> Iterator[Finding]:
    """Every site's class of link is the best among its uplinks, or lan, where those who inspect are on the spot."""
    for record, site in book.valid(Site):
        best = min((uplink.link for uplink in site.uplinks), key=_CLASSES.index, default=site.link)
        if site.link not in {best, "lan"}:
            message = f"site {site.id!r} has link {site.link}, its best uplink is {best}"
            yield this.found(record.place("uplinks"), message)


@rule(
    "INV-UPL-004",
    "warning",
    title=Text(
        en="An uplink leads to a site of the same or a higher level.",
        zh="上联链路通向同级或上级区域的站点。",
    ),
    why=Text(
        en="A county must not lose its network because a school below it does.",
        zh="不应因下级学校断网而使区县断网。",
    ),
    hint="swap the ends, or correct the site at the other end",
)
def uplinks_lead_up(this: Rule, book: Book) -> Iterator[Finding]:
    """No uplink leads to a site of a region of lower level."""
    levels = {region.path: region.level for region in models(book.regions)}
    of_site = {site.id: levels[site.region] for _, site in book.valid(Site) if site.region in levels}
    for record, site in book.valid(Site):
        level = of_site.get(site.id)
        for position, uplink in enumerate(site.uplinks):
            above = of_site.get(uplink.to or "")
            if level is not None and above is not None and RANK[above] > RANK[level]:
                message = f"uplink {uplink.id!r} of a {level} leads down to a {above} ({uplink.to})"
                yield this.found(record.place("uplinks", position, "to"), message)
