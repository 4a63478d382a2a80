# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The tree of regions with their sites and how much stands there."""

from inventories.base import Text
from inventories.graphs.graph import Edge, Graph, Node
from inventories.graphs.registry import View
from inventories.graphs.scope import Scope
from inventories.graphs.words import LEVELS, assets, counted, say
from inventories.model import ROOT, Asset, Region, Site

_SITES_NAMED = 5
"""Sites of one region that are named; of more of them only the number is said."""


def _draw(scope: Scope) -> Graph:
    regions = [region for region in scope.inventory.regions if scope.covers(region.path)]
    deepest = scope.levels(region.path for region in regions)
    standing = scope.standing()
    drawn = [region for region in regions if scope.level(region.path) <= deepest]
    nodes = [_region(scope, region, standing) for region in drawn]
    edges = [Edge(start=region.parent, end=region.path) for region in drawn if region.parent and region is not drawn[0]]
    if scope.region == ROOT and not any(region.path == ROOT for region in drawn):
        lines = (scope.name, *_total(scope, [region.path for region in regions], standing))
        nodes.insert(0, Node(id=ROOT, lines=lines, kind="authority"))
        edges = [Edge(start=region.parent or ROOT, end=region.path) for region in drawn]
    folded = _folded(scope, regions, deepest)
    for above, paths in folded.items():
        nodes.append(Node(id=f"{above} …", lines=("…", *_total(scope, paths, standing)), kind="folded"))
        edges.append(Edge(start=above, end=f"{above} …", line="dashed"))
    notes = []
    if folded:
        left_out = counted(sum(map(len, folded.values())), "region", scope.lang)
        notes.append(
            say(
                scope.lang,
                f"{left_out} below level {deepest} collapsed; --depth or --region shows them",
                f"第 {deepest} 级以下的 {left_out}已折叠；用 --depth 或 --region 展开",
            )
        )
    title = f"{say(scope.lang, 'Regions and sites', '区域与站点')} · {scope.name}"
    return Graph(title=title, notes=tuple(notes), nodes=tuple(nodes), edges=tuple(edges))


def _folded(scope: Scope, regions: list[Region], deepest: int) -> dict[str, list[str]]:
    """Return the regions that are too deep to be drawn by the one above them that is."""
    folded: dict[str, list[str]] = {}
    for region in regions:
        if scope.level(region.path) > deepest:
            above = scope.inventory.ancestors(region.path)
            shown = next((one.path for one in above if scope.level(one.path) <= deepest), ROOT)
            folded.setdefault(shown, []).append(region.path)
    return folded


def _region(scope: Scope, region: Region, standing: dict[str, list[Asset]]) -> Node:
    sites = [site for site in scope.inventory.sites if site.region == region.path]
    lines = [region.name.say(scope.lang), f"{LEVELS[region.level].say(scope.lang)} · {region.path}"]
    if len(sites) <= _SITES_NAMED:
        lines += [_site(scope, region, site, standing[site.id]) for site in sites]
    else:
        all_of_them = [asset for site in sites for asset in standing[site.id]]
        lines += [counted(len(sites), "site", scope.lang), assets(all_of_them, scope.lang)]
    return Node(id=region.path, lines=tuple(lines), kind="region")


def _site(scope: Scope, region: Region, site: Site, standing: list[Asset]) -> str:
    """Return what stands in the site, with its name where that says more than the region's."""
    name, number = site.name.say(scope.lang), assets(standing, scope.lang)
    return number if name == region.name.say(scope.lang) else f"{name}{say(scope.lang, ': ', '：')}{number}"


def _total(scope: Scope, paths: list[str], standing: dict[str, list[Asset]]) -> tuple[str, str]:
    """Return how much the regions have together, in two lines."""
    wanted = set(paths)
    sites = [site for site in scope.inventory.sites if site.region in wanted]
    places = (counted(len(paths), "region", scope.lang), counted(len(sites), "site", scope.lang))
    all_of_them = [asset for site in sites for asset in standing[site.id]]
    return say(scope.lang, ", ", "、").join(places), assets(all_of_them, scope.lang)


VIEW = View(id="tree", title=Text(en="Regions with their sites and counts", zh="区域树、站点及数量"), draw=_draw)
