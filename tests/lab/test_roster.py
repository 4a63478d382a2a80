# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which hosts a lab gets: the inventory's, filled up to the number asked for."""

from pathlib import Path

import pytest

from inventories.errors import BadInput
from inventories.loader import load
from lab.model import Lab, LabHost
from lab.roster import DEFAULT, read_roster
from tests.lab.second import second_inventory, second_lab


def test_the_packaged_inventory_has_what_the_demo_promises() -> None:
    hosts = read_roster(Lab(), DEFAULT).hosts
    assert len(hosts) >= 10
    assert sum(host.boot == "systemd" for host in hosts) >= 3
    provinces = [region for region in load(DEFAULT).regions if region.level == "province"]
    assert len(provinces) >= 3


def test_groups_become_flavours_and_the_way_to_boot(tmp_path: Path) -> None:
    plain, real, sorry = read_roster(second_lab(tmp_path), second_inventory(tmp_path)).hosts
    assert (plain.boot, plain.flavours) == ("sshd", ())
    assert (real.boot, real.flavours) == ("systemd", ("systemd", "hardened"))
    assert (sorry.boot, sorry.flavours) == ("sshd", ("neglected",))


@pytest.mark.parametrize("count", [3, 4, 200])
def test_generated_hosts_fill_up_to_the_count(tmp_path: Path, count: int) -> None:
    lab = second_lab(tmp_path)
    roster = read_roster(lab, second_inventory(tmp_path), count)
    assert len(roster.hosts) == count
    assert len({host.address for host in roster.hosts}) == count
    assert all(host.address in lab.network and host.boot == "sshd" for host in roster.generated)


def test_the_lab_s_inventory_is_that_of_exactly_what_runs(tmp_path: Path) -> None:
    lab = second_lab(tmp_path)
    roster = read_roster(lab, second_inventory(tmp_path), 30)
    roster.write(lab)
    listed = {(host.name, host.address) for host in load(lab.inventory).hosts}
    assert listed == {(host.name, host.address) for host in roster.hosts}


def test_fewer_hosts_than_the_inventory_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has 3 hosts already"):
        read_roster(second_lab(tmp_path), second_inventory(tmp_path), 2)


def test_an_address_outside_the_lab_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"198\.19\.1\.1 is not an address of the lab"):
        read_roster(Lab(), second_inventory(tmp_path))


def test_names_of_interfaces_fit_the_kernel() -> None:
    lab = Lab()
    last = LabHost(name="x" * 63, address=lab.network[-2])
    assert len(lab.veth(last.address)) <= 15
