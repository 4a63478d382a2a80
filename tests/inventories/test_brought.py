# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventories that edufleet brings along are what facts and the lab say they are."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import pytest

import inventories
from inventories.loader import load
from inventories.model import Asset, Inventory
from inventories.model.base import Network
from inventories.model.secrets import PLACES
from inventories.platforms import known_platforms
from tests.inventories.trees import found, write

BROUGHT = Path(inventories.__file__).parent
DATA_CENTRES = ("core-dc", "core-dr", "qinghe-dc", "yunling-dc", "haibin-dc")


@pytest.fixture(scope="module")
def lab() -> Inventory:
    return load(BROUGHT / "lab")


@pytest.fixture(scope="module")
def reference() -> Inventory:
    return load(BROUGHT / "reference")


# The lab


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


# The reference authority: its size and places


def test_the_reference_authority_has_only_its_deliberate_finding() -> None:
    findings = found(BROUGHT / "reference")

    assert [(f.rule, f.severity) for f in findings] == [("INV-HA-002", "warning")]
    assert "yunling-dc" in findings[0].message


def test_the_reference_authority_has_the_size_it_is_meant_to_have(reference: Inventory) -> None:
    levels = Counter(region.level for region in reference.regions)

    assert levels == {"ministry": 1, "province": 3, "city": 4, "county": 6, "school": 12}
    assert (len(reference.hosts), len(reference.devices), len(reference.services)) == (70, 65, 17)


def test_nothing_of_the_reference_authority_leads_anywhere(reference: Inventory) -> None:
    assert {network for network in _networks(reference) if not _fictional(network)} == set()
    assert all((contact.phone or "").startswith("000-0000-") for contact in reference.contacts)
    assert all((contact.email or "").endswith("@edu.example") for contact in reference.contacts)
    assert all(name.endswith(".edu.example") for service in reference.services for name in service.names)


def _fictional(network: Network) -> bool:
    if isinstance(network, IPv4Network):
        return network.subnet_of(IPv4Network("10.0.0.0/8"))
    return network.subnet_of(IPv6Network("2001:db8::/32"))


def _networks(inventory: Inventory) -> Iterator[Network]:
    for region in inventory.regions:
        yield from region.prefixes
    for site in inventory.sites:
        yield from site.prefixes
        for vlan in site.vlans:
            yield from vlan.prefixes
            yield from map(ip_network, vlan.gateway)
    for asset in inventory.assets:
        yield ip_network(asset.address)
        yield from (address.network for interface in asset.interfaces for address in interface.addresses)
    for service in inventory.services:
        yield from map(ip_network, service.addresses)


@pytest.mark.parametrize(
    ("site", "room", "grade", "racks", "it_kw", "ups_kw", "feeds"),
    [
        ("core-dc", "core-dc1", "A", 24, 120, (150, 150), 2),
        ("core-dr", "core-dr", "B", 12, 60, (80, 80), 2),
        ("qinghe-dc", "qinghe-dc", "B", 10, 45, (60, 60), 2),
        ("haibin-dc", "haibin-dc", "B", 10, 45, (60, 60), 2),
        ("yunling-dc", "yunling-dc", "B", 8, 30, (40, 40), 1),
        *((f"{city}-room", city, "C", 3, 8, (10,), 1) for city in ("lushan", "baitai", "yunding", "gangkou")),
        *(
            (f"{county}-closet", county, "C", 1, 3, (4,), 1)
            for county in ("dongchuan", "xikou", "shiqiao", "gaoping", "longtan", "beidao")
        ),
    ],
)
def test_the_rooms_have_their_stated_figures(
    reference: Inventory, site: str, room: str, grade: str, racks: int, it_kw: int, ups_kw: tuple[int, ...], feeds: int
) -> None:
    stated = next(one for one in reference.site(site).rooms if one.id == room)

    assert (stated.grade, len(stated.racks), stated.it_kw) == (grade, racks, it_kw)
    assert (tuple(ups.kw for ups in stated.ups), len(stated.feeds)) == (ups_kw, feeds)


def test_rooms_of_grade_a_and_b_carry_their_load_without_one_ups_and_without_mains(reference: Inventory) -> None:
    rooms = [room for site in reference.sites for room in site.rooms if room.grade != "C"]

    assert len(rooms) == 5
    for room in rooms:
        kilowatts = [ups.kw for ups in room.ups]
        assert sum(kilowatts) - max(kilowatts) >= 1.1 * room.it_kw, room.id
        assert room.genset is not None, room.id
        assert room.genset.kw >= 1.1 * room.it_kw, room.id


# Its network


def test_vlans_of_a_name_are_the_same_everywhere(reference: Inventory) -> None:
    plan = {(vlan.id, vlan.vid, vlan.vrf) for site in reference.sites for vlan in site.vlans}

    assert plan == {
        ("mgmt", 10, None),
        ("server", 20, None),
        ("staff", 30, None),
        ("student", 40, None),
        ("wifi", 50, None),
        ("exam", 60, "exam"),
        ("iot", 70, None),
        ("oob", 99, None),
    }
    assert [(vrf.id, vrf.internet) for vrf in reference.vrfs] == [("exam", False)]


def test_schools_hang_on_the_lines_that_facts_name(reference: Inventory) -> None:
    schools = [reference.site(r.path.split("/")[-1]) for r in reference.regions if r.level == "school"]
    links = Counter(school.link for school in schools)

    assert (links["satellite"], links["lte"]) == (1, 2)
    assert all(school.link in {uplink.link for uplink in school.uplinks} for school in schools)
    assert [u.latency_ms for school in schools for u in school.uplinks if u.link == "satellite"] == [700]


def test_sites_from_the_province_up_have_two_lines_of_two_providers(reference: Inventory) -> None:
    for site in map(reference.site, DATA_CENTRES):
        assert len({uplink.provider for uplink in site.uplinks}) == 2, site.id


def test_what_stands_in_a_data_centre_is_wired_together(reference: Inventory) -> None:
    neighbours: dict[str, set[str]] = {}
    for cable in reference.cables:
        one, other = (end.split(":")[0] for end in cable.ends)
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)

    for site in DATA_CENTRES:
        names = {asset.name for asset in reference.assets if asset.site == site}
        reached, frontier = set[str](), {min(names)}
        while frontier:
            reached |= frontier
            frontier = set[str]().union(*(neighbours.get(name, ()) for name in frontier)) - reached
        assert reached == names


def test_members_of_a_pair_or_stack_stand_in_different_racks(reference: Inventory) -> None:
    members: dict[str, list[str | None]] = {}
    for device in reference.devices:
        for name in {device.pair, device.stack} - {None}:
            members.setdefault(str(name), []).append(device.rack)

    assert {"core-sw", "core-fw", "core-egr", "core-agg", "dr-sw", "dr-fw", "qh-sw", "hb-sw", "yl-sw"} == set(members)
    assert all(len(racks) == len(set(racks)) == 2 for racks in members.values())


# Its time, people and services


def test_time_comes_down_from_two_reference_clocks(reference: Inventory) -> None:
    strata = {asset.name: asset.stratum for asset in reference.assets if asset.stratum is not None}

    assert strata == {"core-ntp1": 1, "dr-ntp1": 1, "qh-ntp1": 2, "yl-ntp1": 2, "hb-ntp1": 2}
    for asset in reference.assets:
        if asset.stratum == 1:
            continue
        assert len(set(asset.time_sources)) == 2, asset.name
        assert all(_above(strata[source], asset) for source in asset.time_sources), asset.name


def _above(stratum: int | None, asset: Asset) -> bool:
    return stratum is not None and stratum < (asset.stratum or 16)


def test_services_of_level_3_run_in_two_places_and_are_backed_up_hourly(reference: Inventory) -> None:
    policies = {backup.id: backup for backup in reference.backups}
    graded = [service for service in reference.services if service.mlps_level >= 3]

    assert {service.id for service in graded} == {"idp", "student-records", "exam-registration", "data-exchange"}
    for service in graded:
        assert len({reference.host(name).site for name in service.hosts}) >= 2, service.id
        assert policies[str(service.backup)].every_hours <= 1, service.id


def test_level_3_is_assessed_every_year_and_level_2_every_two(reference: Inventory) -> None:
    for service in reference.services:
        filing = service.filing
        assert filing is not None, service.id
        assert filing.assessed is not None, service.id
        years = {3: 1, 2: 2}[service.mlps_level]
        assert filing.next_assessment == filing.assessed.replace(year=filing.assessed.year + years), service.id


def test_services_have_three_separate_administrators(reference: Inventory) -> None:
    for service in reference.services:
        three = service.administrators
        assert len({three.system, three.audit, three.security} - {None}) == 3, service.id


def test_public_services_have_both_address_families_and_certificates(reference: Inventory) -> None:
    certified = {service for certificate in reference.certificates for service in certificate.services}
    public = [service for service in reference.services if service.public]

    assert {"portal", "idp", "exam-registration", "lms"} <= {service.id for service in public}
    for service in public:
        assert {address.version for address in service.addresses} == {4, 6}, service.id
    assert {service.id for service in public} - certified == {"dns-auth"}
    assert {"rsa", "ecdsa", "sm2"} == {certificate.algorithm for certificate in reference.certificates}


def test_the_entrance_examination_freezes_the_days_around_it(reference: Inventory) -> None:
    gaokao = next(calendar for calendar in reference.calendars if calendar.id == "gaokao")
    windows = {window.id: window for window in gaokao.windows}

    assert reference.service("exam-registration").calendar == "gaokao"
    assert (windows["exam"].start.date(), windows["exam"].end.date()) == (date(2027, 6, 7), date(2027, 6, 9))
    assert windows["freeze"].start <= windows["guard"].start < windows["exam"].start
    assert windows["exam"].end < windows["guard"].end <= windows["freeze"].end
    assert any(window.kind == "peak" for window in gaokao.windows)


def test_the_core_is_on_call_in_three_shifts_and_yunling_in_its_own_time(reference: Inventory) -> None:
    rotas = {rota.id: rota for rota in reference.rotas}

    assert [(shift.start, shift.end) for shift in rotas["core-24x7"].shifts] == [
        ("08:00", "16:00"),
        ("16:00", "24:00"),
        ("00:00", "08:00"),
    ]
    assert {rota.id for rota in reference.rotas if rota.timezone == "Asia/Urumqi"} == {"yunling-duty"}
    assert {asset.rota for asset in reference.assets} == set(rotas)


def test_secrets_are_kept_in_every_kind_of_place_once(reference: Inventory) -> None:
    assert sorted(secret.place for secret in reference.secrets) == sorted(PLACES)
    assert {device.management.credential for device in reference.devices} == {s.id for s in reference.secrets}


# The manual and the platforms


def test_the_examples_of_the_manual_are_sound(tmp_path: Path) -> None:
    page = (BROUGHT.parent / "docs/reference/inventory.md").read_text(encoding="utf-8")
    authority, province, *_ = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    findings = found(write(tmp_path, {"authority.yml": authority, "qinghe/region.yml": province}))
    assert [finding for finding in findings if finding.severity == "error"] == []


def test_platforms_are_told_apart_by_family() -> None:
    assert known_platforms().hosts["kylin10"].family == "kylin"
    assert known_platforms().devices["hp_comware"].family == "comware"
