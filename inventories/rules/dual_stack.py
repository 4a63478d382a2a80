# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about IPv4 and IPv6 side by side."""

from collections.abc import Iterator, Sequence

from inventories.base import Text
from inventories.book import Book, models
from inventories.findings import Finding, Rule
from inventories.model import Service, Site
from inventories.model.base import Address, Network
from inventories.registry import rule
from inventories.rules.tree import RANK

_RANK_WITH_BOTH_FAMILIES = RANK["province"]
_FAMILIES = (4, 6)


@rule(
    "INV-DUAL-001",
    "warning",
    title=Text(
        en="Every public service states addresses of both families, IPv4 and IPv6.",
        zh="面向互联网的业务同时登记 IPv4 和 IPv6 地址。",
    ),
    why=Text(
        en="Portals and key applications are to be reached over IPv6 too, and what is not stated is not probed.",
        zh="门户和重点应用须同时支持 IPv4 与 IPv6 访问；未登记的地址不会被拨测。",
    ),
    hint="add the addresses under which it is reached",
)
def public_services_are_dual_stack(this: Rule, book: Book) -> Iterator[Finding]:
    """Every public service has an IPv4 and an IPv6 address; one that states none has neither."""
    for record, service in book.valid(Service):
        if service.public and (missing := _missing(service.addresses)):
            message = f"public service {record.id!r} states no {' and no '.join(missing)} address"
            yield this.found(record.place("addresses"), message)


@rule(
    "INV-DUAL-002",
    "warning",
    title=Text(
        en="A site of a province, a peer or the ministry has prefixes of both families, where it states any.",
        zh="部级、省级及同级单位的站点登记了地址段时，IPv4 与 IPv6 齐备。",
    ),
    why=Text(
        en="The upper levels of the education network carry IPv6 for everybody below.",
        zh="教育专网的上层要为下级承载 IPv6。",
    ),
    hint="add the range of the other family",
)
def upper_sites_are_dual_stack(this: Rule, book: Book) -> Iterator[Finding]:
    """No site in a region of province rank or above states prefixes of one family only."""
    ranks = {region.path: RANK[region.level] for region in models(book.regions)}
    for record, site in book.valid(Site):
        rank = ranks.get(site.region)
        if rank is not None and rank <= _RANK_WITH_BOTH_FAMILIES and site.prefixes and (n := _missing(site.prefixes)):
            yield this.found(record.place("prefixes"), f"site {site.id!r} states no {n[0]} prefix")


def _missing(values: Sequence[Address] | Sequence[Network]) -> list[str]:
    """Return the families of which there is none among ``values``."""
    present = {value.version for value in values}
    return [f"IPv{family}" for family in _FAMILIES if family not in present]
