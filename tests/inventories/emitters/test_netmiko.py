# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""netmiko takes the arguments, for every platform there is; passwords are only referred to."""

import json
import os
import socket
import subprocess
import sys
from ipaddress import IPv4Address
from pathlib import Path

import netmiko
import pytest

from inventories.emitters.netmiko import EMITTER
from inventories.model import Device, Inventory, Management, Secret
from inventories.model.assets import ManagementProtocol
from inventories.platforms import known_platforms


@pytest.fixture
def closed() -> int:
    """A port of the loopback where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def at(inventory: Inventory, platform: str, management: Management) -> Device:
    return inventory.devices[0].model_copy(
        update={"platform": platform, "address": IPv4Address("127.0.0.1"), "management": management}
    )


@pytest.mark.parametrize("protocol", ["ssh", "telnet"])
@pytest.mark.parametrize("platform", known_platforms().devices)
def test_netmiko_takes_the_arguments_up_to_the_connection(
    platform: str, protocol: ManagementProtocol, reference: Inventory, closed: int
) -> None:
    device = at(reference, platform, Management(protocol=protocol, port=closed))
    devices = json.loads(EMITTER.emit(reference, [device])["netmiko.json"])
    if not devices:
        assert f"{platform}_telnet" not in netmiko.platforms
        return

    with pytest.raises((netmiko.NetmikoTimeoutException, ConnectionRefusedError)):
        netmiko.ConnectHandler(**devices[device.name], username="nobody", password="none", conn_timeout=5)  # noqa: S106


def test_netmikos_own_tools_list_the_devices(reference: Inventory, tmp_path: Path) -> None:
    path = tmp_path / "netmiko.json"
    path.write_bytes(EMITTER.emit(reference, reference.assets)[path.name])

    listed = subprocess.run(
        [Path(sys.executable).with_name("netmiko-show"), "--list-devices"],
        env=os.environ | {"NETMIKO_TOOLS_CFG": str(path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert all(device.name in listed for device in reference.devices)


def test_a_password_is_a_reference_and_its_user_an_argument(reference: Inventory) -> None:
    secret = Secret(id="switches", region="core", user="admin", env="SWITCH_PASSWORD")
    inventory = reference.model_copy(update={"secrets": (secret,)})
    device = at(reference, "huawei", Management(credential="switches"))

    files = EMITTER.emit(inventory, [device])

    assert json.loads(files["netmiko.json"])[device.name] == {
        "device_type": "huawei",
        "host": "127.0.0.1",
        "username": "admin",
    }
    assert json.loads(files["credentials.json"])[device.name] == {
        "id": "switches",
        "region": "core",
        "user": "admin",
        "env": "SWITCH_PASSWORD",
    }


def test_a_device_that_netmiko_cannot_reach_has_variables_alone(reference: Inventory) -> None:
    device = at(reference, "huawei", Management(protocol="netconf"))

    files = EMITTER.emit(reference, [device])

    assert json.loads(files["netmiko.json"]) == {}
    assert json.loads(files["variables.json"])[device.name]["edufleet_management_protocol"] == "netconf"


def test_hosts_are_none_of_netmikos_business(reference: Inventory) -> None:
    files = EMITTER.emit(reference, reference.assets)

    assert json.loads(files["variables.json"]).keys() == {device.name for device in reference.devices}
