# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about address ranges: what lies inside what, what must be apart, and which addresses are of use."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Rule
from inventories.model import Region, Site, Vrf, within
from inventories.model.base import Interfaced, Network
from inventories.registry import rule
from inventories.rules.ranges import Span, among, inside, overlapping, span


@rule(
    "INV-NET-001",
    "error",
    title=Text(
        en="Every host and device has its address in a prefix of its site, where the site states prefixes.",
        zh="站点已登记地址段时，主机和设备的管理地址在该地址段内。",
    ),
    why=Text(
        en="An address outside is not routed there: the entry or the site is wrong.",
        zh="段外地址无法路由到该站点，说明资产或站点有一处写错。",
    ),
    hint="correct the address, the site, or the site's prefixes",
)
def addresses_lie_in_their_site(this: Rule, book: Book) -> Iterator[Finding]:
    """Every host and device has its management address in a prefix of its site, where the site states prefixes."""
    prefixes = {site.id: site.prefixes for _, site in book.valid(Site)}
    ranges = {site_id: _spans(networks) for site_id, networks in prefixes.items() if networks}
    for record, asset in book.assets():
        if asset.site in ranges and not among(asset.address, ranges[asset.site]):
            message = f"{asset.address} is not in site {asset.site!r} ({_listed(prefixes[asset.site])})"
            yield this.found(record.place("address"), message)


@rule(
    "INV-NET-002",
    "error",
    title=Text(
        en="An address of an interface lies in a prefix of one of its VLANs, where these state prefixes.",
        zh="接口所属 VLAN 已登记地址段时，接口地址在该地址段内。",
    ),
    why=Text(
        en="With an address of another network the interface reaches nobody in its own.",
        zh="接口配了别的网段的地址，在本 VLAN 内谁也不通。",
    ),
    hint="correct the address, the VLANs of the interface, or the prefixes of the VLAN",
)
def interface_addresses_lie_in_their_vlan(this: Rule, book: Book) -> Iterator[Finding]:
    """Every address of an interface lies in a prefix of one of its VLANs; nothing is said where one states none."""
    sites = {site.id: site for _, site in book.valid(Site)}
    known: dict[tuple[str, tuple[str, ...]], list[Span]] = {}
    for record, asset in book.assets():
        for position, interface in enumerate(asset.interfaces):
            vlans, addresses = interface.vlans, interface.addresses
            if not vlans or not addresses or asset.site not in sites:
                continue
            ranges = known.get((asset.site, vlans))
            if ranges is None:
                ranges = known[asset.site, vlans] = _spans_of_all(sites[asset.site], vlans)
            for index, address in enumerate(addresses if ranges else ()):
                if not among(address, ranges) and not address.is_link_local:
                    place = record.place("interfaces", position, "addresses", index)
                    yield this.found(place, f"{address} is in no prefix of VLAN {' or '.join(vlans)}")


def _spans_of_all(site: Site, vlans: Sequence[str]) -> list[Span]:
    """Return the ranges of the named VLANs of ``site``; none when one of them states none, or is unknown."""
    prefixes = {vlan.id: vlan.prefixes for vlan in site.vlans}
    stated = [prefixes.get(name, ()) for name in vlans]
    return [span(prefix) for networks in stated for prefix in networks] if all(stated) else []


@rule(
    "INV-NET-003",
    "error",
    title=Text(
        en="The prefixes of a VLAN lie in those of its site, where the site states prefixes.",
        zh="站点已登记地址段时，其 VLAN 的地址段在该地址段内。",
    ),
    why=Text(
        en="The rest of the network sends the addresses of the site, and no others, to the site.",
        zh="外部网络只把该站点地址段内的流量送往该站点。",
    ),
    hint="correct the prefix, or add it to the prefixes of the site",
)
def vlans_lie_in_their_site(this: Rule, book: Book) -> Iterator[Finding]:
    """Every prefix of a VLAN lies in one of the site, where the site states prefixes."""
    for record, site in book.valid(Site):
        ranges = _spans(site.prefixes)
        for position, vlan in enumerate(site.vlans if ranges else ()):
            for index, prefix in enumerate(vlan.prefixes):
                if not inside(span(prefix), ranges):
                    place = record.place("vlans", position, "prefixes", index)
                    yield this.found(place, f"{prefix} is not in site {site.id!r} ({_listed(site.prefixes)})")


@rule(
    "INV-NET-004",
    "error",
    title=Text(
        en="The prefixes of a region or site lie in those of the nearest region above it that states prefixes.",
        zh="区域和站点的地址段在最近的、已登记地址段的上级区域的地址段内。",
    ),
    why=Text(
        en="Ranges are handed down the tree; one from elsewhere was never given to it.",
        zh="地址段沿层级下发；来自别处的地址段并未分配给它。",
    ),
    hint="correct the prefix, or add it to the region above",
)
def prefixes_lie_in_those_above(this: Rule, book: Book) -> Iterator[Finding]:
    """Every prefix of a region or site lies in one of the nearest region above that states prefixes."""
    regions = {record.id: record.model for record in book.regions}
    below: list[tuple[Record[Any], Sequence[Network], str | None]] = [
        (record, region.prefixes, region.parent) for record in book.regions if (region := record.model) is not None
    ]
    below += [(record, site.prefixes, site.region) for record, site in book.valid(Site)]
    for record, prefixes, parent in below:
        above = _nearest_with_prefixes(regions, parent)
        if above is None:
            continue
        ranges = _spans(above.prefixes)
        for index, prefix in enumerate(prefixes):
            if not inside(span(prefix), ranges):
                message = f"{prefix} is not in region {above.path!r} ({_listed(above.prefixes)})"
                yield this.found(record.place("prefixes", index), message)


def _nearest_with_prefixes(regions: Mapping[str, Region | None], path: str | None) -> Region | None:
    """Return the region at ``path``, or above, that states prefixes; None when one on the way cannot be read."""
    region = regions.get(path or "")
    while region is not None and not region.prefixes:
        region = regions.get(region.parent or "")
    return region


class _Held(NamedTuple):
    """A prefix of a region or site, and its position there."""

    record: Record[Any]
    position: int
    prefix: Network


@rule(
    "INV-NET-005",
    "error",
    title=Text(
        en="No range is given to two regions of which neither lies under the other, or to two sites.",
        zh="同一地址段不得分给互不隶属的两个区域，也不得分给两个站点。",
    ),
    why=Text(
        en="Routes to both would be announced; part of one of them cannot be reached.",
        zh="两处都会发布路由，其中一处的部分地址将不可达。",
    ),
    hint="give each a range of its own",
)
def ranges_are_given_once(this: Rule, book: Book) -> Iterator[Finding]:
    """No prefix of a region overlaps one of an unrelated region, and none of a site one of another site."""
    regions = overlapping(_held(book.regions), lambda one, other: _one_line(one.record.id, other.record.id))
    sites = overlapping(_held(book.of(Site)), lambda one, other: one.record is other.record)
    for inner, outer in chain(regions, sites):
        message = f"{inner.prefix} overlaps {outer.prefix} of {outer.record.kind} {outer.record.id!r}"
        yield this.found(inner.record.place("prefixes", inner.position), message)


def _held(records: Sequence[Record[Region] | Record[Site]]) -> list[tuple[Span, _Held]]:
    return [
        (span(prefix), _Held(record, position, prefix))
        for record in records
        if record.model is not None
        for position, prefix in enumerate(record.model.prefixes)
    ]


def _one_line(one: str, other: str) -> bool:
    """Tell whether one region is the other or lies under it."""
    return within(one, other) or within(other, one)


@rule(
    "INV-NET-006",
    "error",
    title=Text(
        en="The prefixes of two VLANs of a site do not overlap in one routing instance.",
        zh="同一站点、同一路由实例内，两个 VLAN 的地址段不重叠。",
    ),
    why=Text(
        en="The router of the site has one way to an address, so one of the VLANs loses part of its own.",
        zh="站点路由器对一个地址只有一条路，其中一个 VLAN 会有部分地址不通。",
    ),
    hint="give each a range of its own, or put them in different VRFs",
)
def vlans_are_apart(this: Rule, book: Book) -> Iterator[Finding]:
    """No prefix of a VLAN overlaps one of another VLAN of its site and VRF."""
    for record, site in book.valid(Site):
        ranges = [
            (span(prefix), (vlan, position, index))
            for position, vlan in enumerate(site.vlans)
            for index, prefix in enumerate(vlan.prefixes)
        ]
        for inner, outer in overlapping(ranges, lambda one, other: one[0] is other[0] or one[0].vrf != other[0].vrf):
            vlan, position, index = inner
            other, _, other_index = outer
            place = record.place("vlans", position, "prefixes", index)
            message = f"{vlan.prefixes[index]} overlaps {other.prefixes[other_index]} of VLAN {other.id!r}"
            yield this.found(place, message)


@rule(
    "INV-NET-007",
    "error",
    title=Text(en="No two VLANs of a site have the same number.", zh="同一站点内，两个 VLAN 的编号不相同。"),
    why=Text(
        en="Switches know the number only: both would be one network.",
        zh="交换机只认编号：两个 VLAN 会变成同一个网络。",
    ),
    hint="give each its own number",
)
def vlan_numbers_are_unique(this: Rule, book: Book) -> Iterator[Finding]:
    """No VLAN number is used twice in a site."""
    for record, site in book.valid(Site):
        first: dict[int, str] = {}
        for position, vlan in enumerate(site.vlans):
            other = first.setdefault(vlan.vid, vlan.id)
            if other != vlan.id:
                message = f"{vlan.vid} is already the number of VLAN {other!r}"
                yield this.found(record.place("vlans", position, "vid"), message)


@rule(
    "INV-NET-008",
    "error",
    title=Text(
        en="The gateways of a VLAN lie in its prefixes, where it states prefixes.",
        zh="VLAN 已登记地址段时，其网关在该地址段内。",
    ),
    why=Text(
        en="A gateway in another network is reached by nobody in this one.",
        zh="网关在别的网段，本网段谁也到不了它。",
    ),
    hint="correct the gateway or the prefixes",
)
def gateways_lie_in_their_vlan(this: Rule, book: Book) -> Iterator[Finding]:
    """Every gateway of a VLAN lies in one of its prefixes, where it states prefixes; link-local ones always do."""
    for record, site in book.valid(Site):
        for position, vlan in enumerate(site.vlans):
            ranges = _spans(vlan.prefixes)
            for index, gateway in enumerate(vlan.gateway if ranges else ()):
                if not among(gateway, ranges) and not gateway.is_link_local:
                    place = record.place("vlans", position, "gateway", index)
                    yield this.found(place, f"{gateway} is in no prefix of VLAN {vlan.id!r} ({_listed(vlan.prefixes)})")


@rule(
    "INV-NET-009",
    "error",
    title=Text(
        en="No interface has the network or broadcast address of its range.",
        zh="接口地址不得为所在网段的网络地址或广播地址。",
    ),
    why=Text(
        en="Such an address stands for the network or for everybody in it; systems refuse it.",
        zh="这类地址代表整个网段或其中全部主机，系统会拒绝使用。",
    ),
    hint="write the address of the interface itself, e.g. 10.1.0.5/24",
)
def interfaces_have_host_addresses(this: Rule, book: Book) -> Iterator[Finding]:
    """No address of an interface is the first of its range, nor the last of IPv4; two addresses or one have neither."""
    for record, asset in book.assets():
        for position, interface in enumerate(asset.interfaces):
            for index, address in enumerate(interface.addresses):
                if what := _not_of_a_host(address):
                    place = record.place("interfaces", position, "addresses", index)
                    yield this.found(place, f"{address} is the {what} address of its range")


def _not_of_a_host(address: Interfaced) -> str | None:
    """Return which special address of its range ``address`` is, None for that of a host (RFC 3021, RFC 6164)."""
    bits = address.max_prefixlen - address.network.prefixlen
    host = int(address) & ((1 << bits) - 1)
    if bits <= 1:
        return None
    if host == 0:
        return "network" if address.version == 4 else "anycast"  # noqa: PLR2004 - IPv4
    return "broadcast" if address.version == 4 and host == (1 << bits) - 1 else None  # noqa: PLR2004 - IPv4


@rule(
    "INV-NET-010",
    "warning",
    title=Text(
        en="Every exam VLAN is in a VRF that has no route to the internet.",
        zh="考试 VLAN 都在没有互联网路由的 VRF 中。",
    ),
    why=Text(
        en="Papers and answers leave by a route that is there, whatever the filters say.",
        zh="只要有路由，试题和答案就可能外泄，访问控制也难保万全。",
    ),
    hint="put it in a VRF with internet: false",
)
def exams_have_no_internet(this: Rule, book: Book) -> Iterator[Finding]:
    """Every VLAN for exams names a VRF, which has no route to the internet; what sites inherit is reported once."""
    open_vrfs = {vrf.id for _, vrf in book.valid(Vrf) if vrf.internet}
    for record, site in book.valid(Site):
        for position, vlan in enumerate(site.vlans):
            if vlan.purpose == "exam" and (vlan.vrf is None or vlan.vrf in open_vrfs):
                where = "is in no VRF" if vlan.vrf is None else f"is in VRF {vlan.vrf!r}, which reaches the internet"
                yield this.found(record.place("vlans", position, "vrf"), f"exam VLAN {vlan.id!r} {where}")


def _spans(networks: Sequence[Network]) -> list[Span]:
    return [span(network) for network in networks]


def _listed(networks: Sequence[Network]) -> str:
    return ", ".join(str(network) for network in networks)
