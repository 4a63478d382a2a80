# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the pictures of an inventory show, and what they say they leave out."""

from collections import Counter

import pytest

from inventories.base import Lang
from inventories.graphs import scope as scopes
from inventories.graphs.graph import Graph
from inventories.graphs.registry import views
from inventories.graphs.scope import Scope
from inventories.model import ROOT, Inventory


def draw(view: str, inventory: Inventory, region: str = ROOT, depth: int | None = None, lang: Lang = "en") -> Graph:
    return views()[view].draw(Scope(inventory, region, depth, lang))


def test_there_is_a_view_for_each_question() -> None:
    assert list(views()) == ["dependencies", "network", "power", "racks", "tree"]


@pytest.mark.parametrize("view", list(views()))
@pytest.mark.parametrize("region", [ROOT, "core", "qinghe", "qinghe/lushan"])
def test_edges_and_groups_lead_to_what_is_there(view: str, region: str, reference: Inventory) -> None:
    graph = draw(view, reference, region)
    nodes = Counter(node.id for node in graph.nodes)
    groups = Counter(group.id for group in graph.groups)
    assert not nodes or max(nodes.values()) == 1
    assert not groups or max(groups.values()) == 1
    assert {end for edge in graph.edges for end in (edge.start, edge.end)} <= set(nodes)
    assert {node.group for node in graph.nodes} - {None} <= set(groups)


def test_the_tree_has_every_region_under_its_parent(reference: Inventory) -> None:
    graph = draw("tree", reference)
    assert {(edge.start, edge.end) for edge in graph.edges} == {
        (region.parent or ROOT, region.path) for region in reference.regions
    }
    assert graph.notes == ()


def test_the_tree_counts_what_stands_in_a_region_and_what_it_collapses(reference: Inventory) -> None:
    graph = draw("tree", reference, depth=1)
    lines = {node.id: node.lines for node in graph.nodes}
    assert lines[ROOT] == ("Reference education authority", "26 regions, 27 sites", "70 hosts, 65 devices")
    assert lines["qinghe …"][1] == "11 regions, 11 sites"
    assert graph.notes == ("22 regions below level 1 collapsed; --depth or --region shows them",)


def test_without_a_depth_as_much_is_drawn_as_can_be_read(reference: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "MOST", 12)
    assert draw("tree", reference).notes == ("16 regions below level 2 collapsed; --depth or --region shows them",)


def test_every_uplink_is_drawn_and_names_its_class_and_bandwidth(reference: Inventory) -> None:
    graph = draw("network", reference)
    assert len(graph.edges) == sum(len(site.uplinks) for site in reference.sites)
    [satellite] = [edge for edge in graph.edges if "satellite" in edge.label]
    assert (satellite.start, satellite.end) == ("site gaoping-closet", "site fengxue")


def test_the_network_of_a_region_has_its_devices_cables_and_vlans(province: Inventory) -> None:
    graph = draw("network", province, "qinghe")
    edges = {(edge.start, edge.end): edge for edge in graph.edges}
    assert edges["sw1", "web1"].tip == "C-1: sw1 10GE1/0/1 - web1 eth0, dac"
    assert edges["web1", "vm1"].line == "dashed"
    assert edges["site dc", "site old"].label == "leased line 100 Mbit/s"
    [site] = [node for node in graph.nodes if node.id == "site dc"]
    assert site.lines == ("dc", "VLAN 10 mgmt 10.1.0.0/24")


def test_a_region_that_would_be_too_full_is_drawn_without_the_inside_of_sites(
    province: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventories.graphs.views.network.MOST", 3)
    graph = draw("network", province, "qinghe")
    assert {node.kind for node in graph.nodes} == {"internet", "site"}
    assert graph.notes[0].startswith("5 hosts and devices not drawn")


def test_every_dependency_is_an_edge_and_every_service_says_its_level(reference: Inventory) -> None:
    graph = draw("dependencies", reference)
    wanted = {(service.id, other) for service in reference.services for other in service.depends_on}
    assert {(edge.start, edge.end) for edge in graph.edges} == wanted
    said = {node.id: node.lines[-1].split(" · ")[0] for node in graph.nodes}
    assert said == {service.id: f"MLPS level {service.mlps_level}" for service in reference.services}


def test_every_asset_with_a_rack_unit_stands_once_in_the_elevations(reference: Inventory) -> None:
    graph = draw("racks", reference)
    drawn = Counter((mount.name, mount.unit, mount.height) for rack in graph.elevations for mount in rack.mounts)
    stated = Counter((a.name, a.u_position, a.u_height) for a in reference.assets if a.u_position is not None)
    assert drawn == stated
    assert graph.notes == ("12 not drawn: room or rack not stated", "1 virtual not drawn")


def test_a_rack_says_what_is_free_and_what_it_draws(province: Inventory) -> None:
    first, second = draw("racks", province).elevations
    assert first.header == ("R01", "≤ 9 of 12 U free", "≥ 1.1 / 1 kW - over budget")
    assert [(mount.name, mount.unit) for mount in first.mounts] == [("web3", None), ("web2", 1), ("web1", 3)]
    assert second.header == ("R02", "41 of 42 U free", "0.09 / 2 kW")


def test_power_leads_from_the_generator_to_the_racks(province: Inventory) -> None:
    graph = draw("power", province)
    names = {node.id: node.lines for node in graph.nodes}
    assert [(names[edge.start][0], names[edge.end][0]) for edge in graph.edges] == [
        ("Generator", "Mains feed a"),
        ("Generator", "Mains feed b"),
        ("Mains feed a", "UPS ups-a"),
        ("Mains feed a", "UPS ups-b"),
        ("Mains feed b", "UPS ups-b"),
        ("UPS ups-a", "1 rack"),
        ("UPS ups-b", "1 rack"),
        ("UPS ups-b", "1 rack"),
    ]
    assert ("UPS ups-b", "its racks draw ≥ 1.19 / 5 kW") in names.values()
    assert ("1 rack", "R02  0.09 / 2 kW") in names.values()
    assert ("Mains feed b", "power not stated") in names.values()


@pytest.mark.parametrize("view", list(views()))
def test_chinese_pictures_are_chinese(view: str, reference: Inventory) -> None:
    graph = draw(view, reference, lang="zh")
    english = draw(view, reference)
    assert graph.title.split(" · ")[1] == "示例教育管理机构"
    assert not {note for note in graph.notes if note.isascii()}
    assert len(graph.nodes) == len(english.nodes)
