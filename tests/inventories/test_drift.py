# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Drift: what agrees, what differs, what the entry is silent about, and what nobody saw are four different things."""

from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_interface
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.editing.edits import apply, write
from inventories.loader import load
from inventories.model import Host
from inventories.quality.drift import Difference, Observed, SeenInterface, compare, verification
from tests.inventories.trees import SOUND
from tests.inventories.trees import write as lay_out

GIB = 2**30
ENTRY = {
    "name": "web1",
    "address": "10.1.0.1",
    "region": "qinghe",
    "site": "dc",
    "link": "fiber",
    "platform": "debian12",
    "serial": "DEMO-1",
    "hardware": {"cpus": 8, "memory_gib": 16, "disks_gb": {"sda": 960}},
    "interfaces": {"eth0": {"mac": "02:00:0a:01:00:01", "addresses": ["10.1.0.1/24", "2001:db8:1::1/64"]}},
}


def host(**other: Any) -> Host:
    return Host.model_validate({**ENTRY, **other})


def interface(name: str, mac: str | None, *addresses: str) -> SeenInterface:
    return SeenInterface(name, mac, tuple(ip_interface(address) for address in addresses))


LO = interface("lo", None, "127.0.0.1/8", "::1/128")
ETH0 = interface("eth0", "02:00:0a:01:00:01", "10.1.0.1/24", "2001:db8:1::1/64", "fe80::1/64")
SEEN = Observed(
    name="web1",
    at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    hostname="web1",
    platform="debian12",
    serial="DEMO-1",
    interfaces=(LO, ETH0),
    cpus=8,
    memory_bytes=int(15.5 * GIB),
    disks={"sda": 960_197_124_096},
)


def found(entry: Host, seen: Observed) -> dict[str, Difference]:
    return {one.field: one for one in compare(entry, seen)}


def test_a_true_entry_agrees_in_everything_and_may_be_dated() -> None:
    differences = compare(host(), SEEN)

    assert {one.verdict for one in differences} == {"agrees"}
    assert [one.field for one in differences] == [
        "hostname", "platform", "serial", "address", "hardware.cpus", "hardware.memory_gib", "hardware.disks_gb.sda",
        "interfaces.eth0.mac", "interfaces.eth0.addresses",
    ]  # fmt: skip
    dated = verification(host(), differences, SEEN)
    assert dated is not None
    assert (dated.path, dated.value) == (("last_verified",), "2026-11-23")


@pytest.mark.parametrize(
    ("seen", "field", "shown", "proposed"),
    [
        ({"platform": "debian13"}, "platform", "debian13", "debian13"),
        ({"platform": "centos 7"}, "platform", "centos 7", None),
        ({"serial": "DEMO-2"}, "serial", "DEMO-2", "DEMO-2"),
        ({"cpus": 16}, "hardware.cpus", "16", 16),
        ({"memory_bytes": int(31.1 * GIB)}, "hardware.memory_gib", "31.1 GiB", 32.0),
        ({"disks": {"sda": 480_103_981_056}}, "hardware.disks_gb.sda", "480.1 GB", 480.0),
        ({"disks": {}}, "hardware.disks_gb.sda", None, None),
        ({"interfaces": (LO, replace(ETH0, mac="02:00:0a:01:00:02"))}, "interfaces.eth0.mac", "02:00:0a:01:00:02",
         "02:00:0a:01:00:02"),
        ({"interfaces": (LO, interface("eth0", ETH0.mac, "10.1.0.1/16"))}, "interfaces.eth0.addresses", "10.1.0.1/16",
         ["10.1.0.1/16"]),
        ({"interfaces": (LO,)}, "interfaces.eth0", None, None),
        ({"interfaces": (LO, interface("eth0", ETH0.mac))}, "interfaces.eth0.addresses", None, None),
        ({"interfaces": (LO, interface("eth0", ETH0.mac, "10.1.0.9/24"))}, "address", "10.1.0.9/24", None),
    ],
)  # fmt: skip
def test_another_value_differs(seen: dict[str, Any], field: str, shown: str | None, proposed: object) -> None:
    one = found(host(), replace(SEEN, **seen))[field]

    assert (one.verdict, one.seen) == ("differs", shown)
    assert (one.proposal.value if one.proposal else None) == proposed


@pytest.mark.parametrize(
    ("seen", "field"),
    [
        ({"memory_bytes": int(16 * GIB * 0.93)}, "hardware.memory_gib"),
        ({"disks": {"sda": int(960e9 * 1.019)}}, "hardware.disks_gb.sda"),
        ({"serial": "demo-1"}, "serial"),
        ({"hostname": "WEB1.qinghe.edu.example"}, "hostname"),
    ],
)
def test_what_is_within_tolerance_agrees(seen: dict[str, Any], field: str) -> None:
    assert found(host(), replace(SEEN, **seen))[field].verdict == "agrees"


@pytest.mark.parametrize("share", [0.91, 1.02])
def test_memory_beyond_tolerance_differs(share: float) -> None:
    seen = replace(SEEN, memory_bytes=int(16 * GIB * share))
    assert found(host(), seen)["hardware.memory_gib"].verdict == "differs"


def test_what_was_not_seen_is_unknown_and_neither_agrees_nor_differs() -> None:
    differences = compare(host(), Observed("web1", SEEN.at, unseen={"cpus": "cut: the session ended"}))

    assert {one.verdict for one in differences} == {"unknown"}
    assert {one.field for one in differences} >= {"hostname", "address", "hardware.disks_gb.sda", "interfaces.eth0"}
    assert all(one.proposal is None for one in differences)
    assert {one.field: one.why for one in differences}["hardware.cpus"] == "cut: the session ended"
    assert verification(host(), differences, SEEN) is None


def test_a_silent_entry_is_told_what_could_be_stated() -> None:
    silent = host(serial=None, hardware={}, interfaces={})
    differences = found(
        silent, replace(SEEN, interfaces=(LO, ETH0, interface("docker0", "02:42:00:00:00:01", "172.17.0.1/16")))
    )

    said = {field: one.proposal.value for field, one in differences.items() if one.proposal}
    assert {one.verdict for one in differences.values()} == {"agrees", "not_stated"}
    assert said == {
        "serial": "DEMO-1",
        "hardware.cpus": 8,
        "hardware.memory_gib": 16.0,
        "hardware.disks_gb.sda": 960.0,
        "interfaces.eth0": {"mac": "02:00:0a:01:00:01", "addresses": ["10.1.0.1/24", "2001:db8:1::1/64"]},
    }
    assert verification(silent, tuple(differences.values()), SEEN) is None


def test_an_address_more_than_stated_is_not_stated() -> None:
    more = interface("eth0", ETH0.mac, "10.1.0.99/24", "2001:db8:1::1/64", "10.1.0.1/24")
    one = found(host(), replace(SEEN, interfaces=(LO, more)))["interfaces.eth0.addresses"]

    assert one.verdict == "not_stated"
    assert one.proposal is not None
    assert one.proposal.value == ["10.1.0.1/24", "2001:db8:1::1/64", "10.1.0.99/24"]


def test_nothing_is_proposed_from_what_may_be_another_machine() -> None:
    differences = compare(host(), replace(SEEN, hostname="db7", serial="DEMO-9", cpus=64))

    assert {one.field for one in differences if one.verdict == "differs"} == {"hostname", "serial", "hardware.cpus"}
    assert not any(one.proposal for one in differences)


def test_an_entry_is_not_dated_twice_or_without_knowing_who_answered() -> None:
    dated = host(last_verified="2026-11-23")
    assert verification(dated, compare(dated, SEEN), SEEN) is None
    unnamed = replace(SEEN, hostname=None)
    assert verification(host(), compare(host(), unnamed), unnamed) is None


PROPOSABLE = st.builds(
    replace,
    st.just(SEEN),
    platform=st.sampled_from(["debian11", "debian12", "rocky9"]),
    serial=st.sampled_from(["DEMO-1", "x: y", "007", "# no", "yes"]),
    cpus=st.integers(1, 4096),
    memory_bytes=st.integers(GIB // 2, 4096 * GIB),
    disks=st.dictionaries(st.sampled_from(["sda", "nvme0n1", "vdb"]), st.integers(10**9, 10**14)),
    interfaces=st.sampled_from([(LO, ETH0), (LO, replace(ETH0, mac="02:00:0a:01:00:07"))]),
)


@settings(max_examples=25, deadline=None)
@given(seen=PROPOSABLE)
def test_after_the_proposed_edits_what_was_seen_agrees(
    tmp_path_factory: pytest.TempPathFactory, seen: Observed
) -> None:
    root = lay_out(tmp_path_factory.mktemp("inventory"), SOUND)
    edits = [one.proposal for one in compare(load(root).host("web1"), seen) if one.proposal]

    write(apply(root, edits))

    assert {one.verdict for one in compare(load(root).host("web1"), seen)} == {"agrees"}
