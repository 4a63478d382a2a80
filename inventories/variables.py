# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the tools downstream are told of an asset: one flat table of variables, the same for all of them."""

from collections.abc import Mapping

from inventories.model import Asset, Device, Host, Inventory
from inventories.model.base import VarScalar, VarValue
from inventories.platforms import known_platforms

PREFIX = "edufleet_"
"""What the names begin with, so that they meet neither a tool's own variables nor those a file gives in ``vars``."""

_SAME = (
    "name", "region", "site", "room", "rack", "u_position", "u_height", "power_w", "platform", "serial", "groups",
    "importance", "owner", "rota", "time_sources", "stratum",
)  # fmt: skip


def variables(inventory: Inventory, asset: Asset) -> Mapping[str, VarValue]:
    """Return every variable of ``asset`` by name; what is not stated is left out, an empty list is not.

    Units are those of the model; dates are ISO texts, addresses texts.
    """
    platforms = known_platforms()
    own: dict[str, VarValue | None] = {name: getattr(asset, name) for name in _SAME}
    own["kind"] = asset.label
    own["address"] = str(asset.address)
    own["region_level"] = inventory.region(asset.region).level
    own["last_verified"] = asset.last_verified.isoformat() if asset.last_verified else None
    if isinstance(asset, Host):
        own["platform_family"] = platforms.hosts[asset.platform].family
        own |= _of_host(inventory, asset)
    elif isinstance(asset, Device):
        own["platform_family"] = platforms.devices[asset.platform].family
        own |= _of_device(asset)
    stated = {PREFIX + name: value for name, value in own.items() if value is not None}
    return {**stated, **asset.vars}


def _of_host(inventory: Inventory, host: Host) -> dict[str, VarValue | None]:
    levels: list[VarScalar] = [inventory.service(service).mlps_level for service in host.services]
    return {
        "link": host.link,
        "services": host.services,
        "mlps_level": max(levels, default=None),
        "virtual_on": host.virtual_on,
        "cpus": host.hardware.cpus,
        "memory_gib": host.hardware.memory_gib,
    }


def _of_device(device: Device) -> dict[str, VarValue | None]:
    return {
        "vendor": device.vendor,
        "model": device.model,
        "os_version": device.os_version,
        "role": device.role,
        "stack": device.stack,
        "pair": device.pair,
        "management_protocol": device.management.protocol,
        "management_port": device.management.port,
    }
