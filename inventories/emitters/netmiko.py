# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Gives the devices of the inventory to netmiko: arguments of ``ConnectHandler``, and where the passwords are kept."""

import json
from collections.abc import Mapping, Sequence

from inventories.base import Text
from inventories.emitter import Emitter, Files
from inventories.model import Asset, Device, Inventory, Secret
from inventories.variables import variables

DEVICES, CREDENTIALS, VARIABLES = "netmiko.json", "credentials.json", "variables.json"

# Platforms are called as netmiko calls them; with this suffix where it knows them over telnet.
_TELNET = {name: f"{name}_telnet" for name in ("cisco_ios", "hp_comware", "huawei", "ruijie_os")}


def emit(inventory: Inventory, assets: Sequence[Asset]) -> Files:
    """Return what netmiko's own tools read, and beside it credentials (references only) and variables, by device.

    Devices that are not managed over SSH or telnet are in the variables alone.
    """
    devices = [asset for asset in assets if isinstance(asset, Device)]
    secrets = {secret.id: secret for secret in inventory.secrets}
    reached = {device.name: _arguments(device, secrets) for device in devices if _type(device)}
    kept = {
        device.name: secrets[device.management.credential].model_dump(mode="json", exclude_none=True)
        for device in devices
        if device.management.credential
    }
    return {
        DEVICES: _json(reached),
        CREDENTIALS: _json(kept),
        VARIABLES: _json({device.name: variables(inventory, device) for device in devices}),
    }


def _type(device: Device) -> str | None:
    """Return netmiko's name for the device, None when it cannot connect to it."""
    match device.management.protocol:
        case "ssh":
            return device.platform
        case "telnet":
            return _TELNET.get(device.platform)
    return None


def _arguments(device: Device, secrets: Mapping[str, Secret]) -> dict[str, object]:
    credential = secrets[device.management.credential] if device.management.credential else None
    arguments = {
        "device_type": _type(device),
        "host": str(device.address),
        "port": device.management.port,
        "username": credential.user if credential else None,
    }
    return {name: value for name, value in arguments.items() if value is not None}


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, allow_nan=False, indent=1).encode() + b"\n"


EMITTER = Emitter(
    id="netmiko",
    title=Text(en="netmiko connection arguments", zh="netmiko 连接参数"),
    emit=emit,
)
