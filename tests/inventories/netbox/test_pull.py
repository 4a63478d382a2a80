# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What is changed in a NetBox by hand comes back as edits of the inventory; once written, both agree."""

from pathlib import Path
from typing import Any

import pytest

from inventories.editing.edits import Edit, apply, write
from inventories.loader import load
from inventories.model import Contact, Device, Host, Site
from inventories.netbox.client import NetBox
from inventories.netbox.objects import KINDS, TAG
from inventories.netbox.plan import plan
from inventories.netbox.pull import Proposals, pull
from tests.inventories.netbox.sample import sample, wanted
from tests.inventories.netbox.test_push import made, number, pushed, there


@pytest.fixture
def inventory(netbox: NetBox, tmp_path: Path) -> Path:
    """An inventory that the NetBox has."""
    pushed(netbox, wanted(sample(tmp_path)))
    return tmp_path


def pulled(netbox: NetBox, inventory: Path) -> Proposals:
    loaded = load(inventory)
    return pull(loaded, wanted(loaded), there(netbox))


def changed(netbox: NetBox, kind: str, *key: object, **fields: Any) -> None:
    """Change an object by hand."""
    netbox.update(KINDS[kind], [{"id": number(netbox, kind, *key), **fields}])


def host(name: str, *path: str, value: Any) -> Edit:
    return Edit(Host, name, "qinghe", path, value)


def test_where_nothing_was_changed_there_is_nothing_to_take_over(netbox: NetBox, inventory: Path) -> None:
    assert pulled(netbox, inventory) == Proposals((), ())


def test_fields_and_variables_come_back_as_what_a_file_would_say(netbox: NetBox, inventory: Path) -> None:
    changed(
        netbox,
        "dcim.device",
        "web1",
        serial="S-9",
        position=5,
        custom_fields={
            "edufleet_importance": "high",
            "edufleet_groups": ["db"],
            "edufleet_vars": {"port": 9200, "on": True},
        },
    )
    changed(netbox, "dcim.device", "web2", rack=None, position=None, face=None, serial="")
    changed(netbox, "virtualization.virtualmachine", "vm1", vcpus=8)
    changed(netbox, "ipam.vlan", ("dc",), "mgmt", vid=11)
    changed(netbox, "dcim.rack", ("dc",), (("dc",), "dc1"), "R02", u_height=45)
    changed(netbox, "tenancy.contact", "ops", phone="000-2")

    found = pulled(netbox, inventory)

    assert found.left == ()
    assert sorted(found.edits, key=repr) == sorted(
        [
            host("web1", "serial", value="S-9"),
            host("web1", "u_position", value=5),
            host("web1", "importance", value="high"),
            host("web1", "groups", value=["db"]),
            host("web1", "vars", "port", value=9200),
            host("web2", "rack", value=None),
            host("web2", "u_position", value=None),
            host("web2", "serial", value=None),
            host("vm1", "hardware", "cpus", value=8),
            Edit(Site, "dc", "qinghe", ("vlans", "mgmt", "vid"), 11),
            Edit(Site, "dc", "qinghe", ("rooms", "dc1", "racks", "R02", "units"), 45),
            Edit(Contact, "ops", ".", ("phone",), "000-2"),
        ],
        key=repr,
    )


def test_once_written_both_say_the_same(netbox: NetBox, inventory: Path) -> None:
    changed(netbox, "dcim.device", "web1", serial="S-9", custom_fields={"edufleet_importance": "high"})
    changed(netbox, "dcim.rack", ("dc",), (("dc",), "dc1"), "R02", u_height=45)
    changed(netbox, "ipam.vlan", ("dc",), "mgmt", vid=11)

    write(apply(inventory, pulled(netbox, inventory).edits))

    assert pulled(netbox, inventory) == Proposals((), ())
    assert plan(wanted(load(inventory)), there(netbox)).operations == ()


def test_a_device_of_another_type_has_another_model_and_height(netbox: NetBox, inventory: Path) -> None:
    maker = made(netbox, "dcim.manufacturer", name="Ruijie", slug="ruijie")
    type_ = made(
        netbox,
        "dcim.devicetype",
        manufacturer=maker,
        model="RG-S6120",
        slug="rg-s6120",
        part_number="RG-S6120",
        u_height=2,
    )
    changed(netbox, "dcim.device", "access1", device_type=type_)

    edits = pulled(netbox, inventory).edits

    assert {(edit.kind, edit.id, edit.path, edit.value) for edit in edits} == {
        (Device, "access1", ("vendor",), "Ruijie"),
        (Device, "access1", ("model",), "RG-S6120"),
        (Device, "access1", ("u_height",), 2),
    }


def test_another_primary_address_is_the_address(netbox: NetBox, inventory: Path) -> None:
    port = number(netbox, "dcim.interface", ("web1",), "mgmt")
    address = made(
        netbox,
        "ipam.ipaddress",
        address="10.1.10.77/24",
        assigned_object_type="dcim.interface",
        assigned_object_id=port,
    )
    changed(netbox, "dcim.device", "web1", primary_ip4=address)

    assert pulled(netbox, inventory).edits == (host("web1", "address", value="10.1.10.77"),)


def test_a_new_server_is_a_new_entry(netbox: NetBox, inventory: Path) -> None:
    device = made(
        netbox,
        "dcim.device",
        name="web3",
        site=number(netbox, "dcim.site", "dc"),
        location=number(netbox, "dcim.location", ("dc",), "dc1"),
        role=number(netbox, "dcim.devicerole", "server"),
        platform=number(netbox, "dcim.platform", "debian12"),
        device_type=number(netbox, "dcim.devicetype", ("unspecified",), "unspecified-2u"),
        serial="S-3",
    )
    port = made(netbox, "dcim.interface", device=device, name="eth0", type="other")
    address = made(
        netbox,
        "ipam.ipaddress",
        address="10.1.10.33/24",
        assigned_object_type="dcim.interface",
        assigned_object_id=port,
    )
    without = pulled(netbox, inventory)
    changed(netbox, "dcim.device", "web3", primary_ip4=address)

    found = pulled(netbox, inventory)
    write(apply(inventory, found.edits))

    entry = {
        "site": "dc",
        "platform": "debian12",
        "serial": "S-3",
        "address": "10.1.10.33",
        "room": "dc1",
        "u_height": 2,
    }
    assert without == Proposals((), ("dcim.device web3 is not in the inventory: it has no primary address",))
    assert found.edits == (host("web3", value=entry),)
    assert load(inventory).host("web3").serial == "S-3"


def test_a_renamed_device_is_no_new_one(netbox: NetBox, inventory: Path) -> None:
    changed(netbox, "dcim.device", "web2", name="www")

    found = pulled(netbox, inventory)

    assert found.edits == ()
    assert found.left == (
        "ipam.ipaddress 10.1.10.12: assigned_object is dcim.interface www/mgmt, not dcim.interface web2/mgmt",
        "dcim.device www is not in the inventory: it has the serial of dcim.device web2",
    )


def test_what_follows_from_elsewhere_is_left_and_said(netbox: NetBox, inventory: Path) -> None:
    changed(netbox, "dcim.site", "dc", description="by hand", tags=[{"slug": TAG}])

    found = pulled(netbox, inventory)

    assert found == Proposals((), ("dcim.site dc: description is 'by hand', not 'Data centre / 数据中心'",))
