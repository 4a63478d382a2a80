# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The words of the pictures, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from inventories.base import Lang, Text
from inventories.model import Asset, Device, LinkClass, RegionLevel

LEVELS: Mapping[RegionLevel, Text] = MappingProxyType({
    "ministry": Text(en="ministry", zh="部级"),
    "province": Text(en="province", zh="省"),
    "peer": Text(en="peer of the provinces", zh="省级单位"),
    "city": Text(en="city", zh="地市"),
    "county": Text(en="county", zh="区县"),
    "school": Text(en="school", zh="学校"),
})  # fmt: skip

LINKS: Mapping[LinkClass, Text] = MappingProxyType({
    "lan": Text(en="LAN", zh="局域网"),
    "fiber": Text(en="fibre", zh="光纤"),
    "leased": Text(en="leased line", zh="专线"),
    "lte": Text(en="4G", zh="4G"),
    "satellite": Text(en="satellite", zh="卫星"),
})  # fmt: skip

_ROLES: Mapping[str, Text] = MappingProxyType({
    "core": Text(en="core", zh="核心"),
    "aggregation": Text(en="aggregation", zh="汇聚"),
    "access": Text(en="access", zh="接入"),
    "egress": Text(en="egress", zh="出口"),
    "firewall": Text(en="firewall", zh="防火墙"),
    "oob": Text(en="out of band", zh="带外"),
})  # fmt: skip

Counted = Literal["region", "site", "host", "device", "rack"]
_COUNTED: Mapping[Counted, Text] = MappingProxyType({
    "region": Text(en="region", zh="个区域"),
    "site": Text(en="site", zh="个站点"),
    "host": Text(en="host", zh="台主机"),
    "device": Text(en="device", zh="台设备"),
    "rack": Text(en="rack", zh="个机柜"),
})  # fmt: skip


def say(lang: Lang, en: str, zh: str) -> str:
    """Return the text in ``lang``."""
    return zh if lang == "zh" else en


def counted(number: int, what: Counted, lang: Lang) -> str:
    """Return a number with what it counts.

    >>> counted(1, "host", "en"), counted(7200, "site", "en"), counted(2, "host", "zh")
    ('1 host', '7,200 sites', '2 台主机')
    """
    word = _COUNTED[what].say(lang)
    return f"{number:,} {word}{'s' if lang == 'en' and number != 1 else ''}"


def assets(standing: list[Asset], lang: Lang) -> str:
    """Return how many hosts and devices there are."""
    devices = sum(isinstance(asset, Device) for asset in standing)
    hosts = len(standing) - devices
    said = [counted(hosts, "host", lang)] if hosts else []
    said += [counted(devices, "device", lang)] if devices else []
    return say(lang, ", ", "、").join(said) or say(lang, "nothing", "无设备")


def part(asset: Asset, lang: Lang) -> str:
    """Return in a word what a host or device is; the role of a device, as written when it is an unusual one."""
    if isinstance(asset, Device):
        return _ROLES[asset.role].say(lang) if asset.role in _ROLES else asset.role
    return say(lang, "host", "主机")


def bandwidth(mbps: float) -> str:
    """Return a bandwidth as people say it.

    >>> bandwidth(100), bandwidth(2500)
    ('100 Mbit/s', '2.5 Gbit/s')
    """
    return f"{mbps:g} Mbit/s" if mbps < 1000 else f"{mbps / 1000:g} Gbit/s"  # noqa: PLR2004 - thousands
