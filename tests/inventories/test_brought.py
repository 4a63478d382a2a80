# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventories that edufleet brings along are what facts and the lab say they are."""

import re
from collections import Counter
from pathlib import Path

import pytest

import inventories
from inventories.loader import load
from inventories.model import Inventory
from inventories.platforms import known_platforms
from tests.inventories.trees import found, write

BROUGHT = Path(inventories.__file__).parent


@pytest.fixture(scope="module")
def lab() -> Inventory:
    return load(BROUGHT / "lab")


@pytest.fixture(scope="module")
def reference() -> Inventory:
    return load(BROUGHT / "reference")


def test_the_lab_is_sound() -> None:
    assert found(BROUGHT / "lab") == []


def test_the_lab_has_hosts_in_three_provinces_and_the_core(lab: Inventory) -> None:
    assert len(lab.hosts) >= 12
    assert {host.region.split("/")[0] for host in lab.hosts} == {"core", "qinghe", "yunling", "haibin"}
    assert {"satellite", "lte"} <= {host.link for host in lab.hosts}


def test_the_lab_has_the_groups_its_builder_asks_for(lab: Inventory) -> None:
    sizes = Counter(group for host in lab.hosts for group in host.groups if group.startswith("lab_"))

    assert sizes == {
        "lab_systemd": 4,
        "lab_dash": 1,
        "lab_busybox": 1,
        "lab_banner": 1,
        "lab_hardened": 3,
        "lab_neglected": 3,
    }
    systemd = {host.region.split("/")[0] for host in lab.hosts if "lab_systemd" in host.groups}
    assert systemd == {"qinghe", "yunling", "haibin"}


def test_lab_hosts_fit_a_network_namespace_and_the_range_of_the_bridge(lab: Inventory) -> None:
    assert all(len(host.name) <= 9 for host in lab.hosts)
    assert all(
        str(host.address).startswith("198.18.") and not str(host.address).startswith("198.18.0.") for host in lab.hosts
    )


def test_the_reference_authority_has_only_its_deliberate_finding() -> None:
    findings = found(BROUGHT / "reference")

    assert [(f.rule, f.severity) for f in findings] == [("INV-HA-002", "warning")]
    assert "yunling-dc" in findings[0].message


def test_the_reference_authority_has_the_size_it_is_meant_to_have(reference: Inventory) -> None:
    levels = Counter(region.level for region in reference.regions)

    assert levels == {"ministry": 1, "province": 3, "city": 4, "county": 6, "school": 12}
    assert (len(reference.hosts), len(reference.devices), len(reference.services)) == (70, 65, 17)
    assert (
        Counter(
            reference.site(school.path.split("/")[-1]).link for school in reference.regions if school.level == "school"
        )["satellite"]
        == 1
    )


@pytest.mark.parametrize(
    ("site", "room", "grade", "racks", "it_kw", "ups_kw", "feeds"),
    [
        ("core-dc", "core-dc1", "A", 24, 120, (150, 150), 2),
        ("core-dr", "core-dr", "B", 12, 60, (80, 80), 2),
        ("qinghe-dc", "qinghe-dc", "B", 10, 45, (60,), 2),
        ("haibin-dc", "haibin-dc", "B", 10, 45, (60,), 2),
        ("yunling-dc", "yunling-dc", "B", 8, 30, (40,), 1),
        ("lushan-room", "lushan", "C", 3, 8, (10,), 1),
        ("xikou-closet", "xikou", "C", 1, 3, (4,), 1),
    ],
)
def test_the_rooms_have_their_stated_figures(
    reference: Inventory, site: str, room: str, grade: str, racks: int, it_kw: int, ups_kw: tuple[int, ...], feeds: int
) -> None:
    (found_room,) = (one for one in reference.site(site).rooms if one.id == room)

    assert (found_room.grade, found_room.racks, found_room.it_kw) == (grade, racks, it_kw)
    assert (found_room.ups_kw, found_room.feeds) == (ups_kw, feeds)


def test_services_of_level_3_run_in_two_places(reference: Inventory) -> None:
    for service in reference.services:
        if service.mlps_level >= 3:
            assert len({reference.host(name).site for name in service.hosts}) >= 2, service.id


def test_the_examples_of_the_manual_are_sound(tmp_path: Path) -> None:
    page = (BROUGHT.parent / "docs/reference/inventory.md").read_text(encoding="utf-8")
    authority, province = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    assert found(write(tmp_path, {"authority.yml": authority, "qinghe/region.yml": province})) == []


def test_platforms_are_told_apart_by_family() -> None:
    assert known_platforms().hosts["kylin10"].family == "kylin"
    assert known_platforms().devices["hp_comware"].family == "comware"
