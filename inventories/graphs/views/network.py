# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The network: sites and their uplinks; of one region also its devices, hosts, cables and VLANs."""

from collections import Counter
from collections.abc import Iterable, Sequence

from inventories.base import Text
from inventories.graphs.graph import Edge, Graph, Group, Node
from inventories.graphs.registry import View
from inventories.graphs.scope import MOST, Scope
from inventories.graphs.things import asset_node
from inventories.graphs.words import LINKS, assets, bandwidth, counted, say
from inventories.model import ROOT, Asset, Cable, Device, Host, Site

_INTERNET = "the internet"
_OUTWARDS = {"egress": 0, "firewall": 1, "core": 2, "aggregation": 3, "access": 5, "oob": 6}
"""How far from the way out a device stands; one of another role stands before access, and hosts come last."""
_OTHER, _HOST = 4, 7


def _draw(scope: Scope) -> Graph:
    title = f"{say(scope.lang, 'Network', '网络')} · {scope.name}"
    number = sum(map(len, scope.standing().values()))
    if scope.region == ROOT:
        return _between_sites(scope, title)
    if number <= MOST:
        return _within_sites(scope, title)
    graph = _between_sites(scope, title)
    left_out = say(
        scope.lang,
        f"{number:,} hosts and devices not drawn, the picture would be too full; name a smaller --region",
        f"主机和设备共 {number:,} 台，画面容纳不下，未绘出；请用 --region 指定更小的区域",
    )
    return graph.model_copy(update={"notes": (left_out, *graph.notes)})


def _between_sites(scope: Scope, title: str) -> Graph:
    """Return the sites down to the level that is wanted, and their uplinks."""
    sites, standing = scope.sites(), scope.standing()
    deepest = scope.levels(site.region for site in sites)
    drawn = [site for site in sites if scope.level(site.region) <= deepest]
    nodes = [_site_node(site, (site.name.say(scope.lang), assets(standing[site.id], scope.lang))) for site in drawn]
    nodes, edges = _with_uplinks(scope, nodes, drawn)
    folded = _folded(scope, sites, {site.id for site in drawn})
    for above, number in folded.items():
        nodes.append(Node(id=f"{above} …", lines=("…", counted(number, "site", scope.lang)), kind="folded"))
        if above:
            edges.append(Edge(start=above, end=f"{above} …", line="dashed", arrow=False))
    hidden = counted(folded.total(), "site", scope.lang)
    note = say(
        scope.lang,
        f"{hidden} below level {deepest} collapsed; --depth or --region shows them",
        f"第 {deepest} 级以下的 {hidden}已折叠；用 --depth 或 --region 展开",
    )
    return Graph(title=title, notes=(note,) if folded else (), nodes=tuple(nodes), edges=tuple(edges))


def _folded(scope: Scope, sites: Iterable[Site], drawn: set[str]) -> Counter[str]:
    """Return how many sites are not drawn behind each node that is; an empty id: behind none."""
    return Counter(_way_up(scope, site, drawn) for site in sites if site.id not in drawn)


def _way_up(scope: Scope, site: Site, drawn: set[str]) -> str:
    """Return the node of the first site that is drawn, on the way along the first uplink of each."""
    while site.id not in drawn:
        above = next((uplink.to for uplink in site.uplinks if uplink.to is not None), None)
        if above is None:
            return ""
        site = scope.inventory.site(above)
    return f"site {site.id}"


def _within_sites(scope: Scope, title: str) -> Graph:
    """Return each site with what stands in it and how that is connected."""
    sites, standing = scope.sites(), scope.standing()
    nodes = [_site_node(site, (site.id, *_vlans(scope, site)), site.id) for site in sites]
    inside = [asset for things in standing.values() for asset in things]
    nodes += [asset_node(asset, scope.lang, asset.site) for asset in inside]
    edges = [
        Edge(start=host.virtual_on, end=host.name, line="dashed", label=say(scope.lang, "runs", "承载"))
        for host in inside
        if isinstance(host, Host) and host.virtual_on is not None
    ]
    names = {asset.name for asset in inside}
    cables = [_cable(scope, cable) for cable in scope.inventory.cables]
    edges += [cable for cable in cables if cable.start in names or cable.end in names]
    ends = dict.fromkeys(end for edge in edges for end in (edge.start, edge.end) if end not in names)
    nodes += [asset_node(scope.inventory.asset(end), scope.lang, None) for end in ends]
    nodes, lines = _with_uplinks(scope, nodes, sites)
    groups = tuple(Group(id=site.id, lines=(f"{site.name.say(scope.lang)} · {site.region}",)) for site in sites)
    return Graph(title=title, groups=groups, nodes=tuple(nodes), edges=(*lines, *edges))


def _site_node(site: Site, lines: Sequence[str], group: str | None = None) -> Node:
    return Node(id=f"site {site.id}", lines=tuple(lines), kind="site", group=group, tip=site.id)


def _vlans(scope: Scope, site: Site) -> tuple[str, ...]:
    """Return a line for each VLAN of the site."""
    return tuple(
        " ".join((
            f"VLAN {vlan.vid} {vlan.id}",
            *(str(prefix) for prefix in vlan.prefixes),
            *(() if vlan.vrf is None else (f"({say(scope.lang, 'VRF', '路由实例')} {vlan.vrf})",)),
        ))
        for vlan in site.vlans
    )  # fmt: skip


def _with_uplinks(scope: Scope, nodes: Sequence[Node], sites: Iterable[Site]) -> tuple[list[Node], list[Edge]]:
    """Return the nodes with what the uplinks lead to in front, and the uplinks, drawn from above."""
    lang = scope.lang
    known = {node.id for node in nodes}
    far: dict[str, Node] = {}
    edges = []
    for site in sites:
        for uplink in site.uplinks:
            above = f"site {uplink.to}" if uplink.to is not None else _INTERNET
            if uplink.to is None:
                far[above] = Node(id=above, lines=(say(lang, "Internet", "互联网"),), kind="internet")
            elif above not in known:
                name = scope.inventory.site(uplink.to).name.say(lang)
                far[above] = Node(id=above, lines=(name, uplink.to), kind="outside")
            label = f"{LINKS[uplink.link].say(lang)} {bandwidth(uplink.mbps)}"
            facts = [f"{site.id} {uplink.id}: {label}"]
            facts += [f"{uplink.latency_ms:g} ms"] if uplink.latency_ms is not None else []
            facts += [uplink.provider] if uplink.provider is not None else []
            edges.append(Edge(start=above, end=f"site {site.id}", label=label, arrow=False, tip=", ".join(facts)))
    return [*far.values(), *nodes], edges


def _cable(scope: Scope, cable: Cable) -> Edge:
    """Return the cable, drawn from the end that is nearer to the way out."""
    ends = [end.split(":", 1) for end in cable.ends]
    near, far = sorted(ends, key=lambda end: _distance(scope.inventory.asset(end[0])))
    beside = _distance(scope.inventory.asset(near[0])) == _distance(scope.inventory.asset(far[0]))
    tip = f"{cable.id}: {' '.join(near)} - {' '.join(far)}{f', {cable.kind}' if cable.kind else ''}"
    return Edge(start=near[0], end=far[0], label=cable.id, arrow=False, beside=beside, tip=tip)


def _distance(asset: Asset) -> int:
    return _OUTWARDS.get(asset.role, _OTHER) if isinstance(asset, Device) else _HOST


VIEW = View(
    id="network",
    title=Text(
        en="Sites with uplinks; of a region also devices, hosts, cables, VLANs",
        zh="站点与上联；区域内的设备、主机、线缆和 VLAN",
    ),
    draw=_draw,
)
