# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about platforms: what runs on hosts and devices, and how long it is maintained."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain
from typing import Any

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Place, Rule
from inventories.model import Asset, Device, Host
from inventories.platforms import Platform, known_platforms
from inventories.registry import rule
from inventories.rules.references import unless_declared
from inventories.rules.wording import few

_NOTICE = timedelta(days=180)


def _with_platforms(book: Book) -> Iterator[tuple[Record[Any], Asset, Mapping[str, Platform]]]:
    """Yield the valid hosts and devices with the platforms they can have."""
    platforms = known_platforms()
    yield from chain(
        ((record, host, platforms.hosts) for record, host in book.valid(Host)),
        ((record, device, platforms.devices) for record, device in book.valid(Device)),
    )


@rule(
    "INV-PLT-001",
    "error",
    title=Text(
        en="Every platform of a host or device is one that edufleet knows.",
        zh="主机和设备的平台都是 edufleet 已知的平台。",
    ),
    why=Text(
        en="The platform decides which commands are sent and which rules are judged.",
        zh="平台决定下发哪些命令、套用哪些规则。",
    ),
    hint="use a platform of inventories/platforms.yml",
)
def platforms_known(this: Rule, book: Book) -> Iterator[Finding]:
    """Find platforms that are not in the table of their kind; an inherited one is reported once."""
    reported: set[Place] = set()
    for record, asset, known in _with_platforms(book):
        if asset.platform not in known and (place := record.place("platform")) not in reported:
            reported.add(place)
            what = f"platform {asset.platform!r}"
            yield from unless_declared(this, book, record, ("platform",), asset.platform, known, what)


@rule(
    "INV-PLT-002",
    "warning",
    title=Text(
        en="Every platform gets security updates for 180 more days at least.", zh="每个平台至少还有 180 天的安全更新。"
    ),
    why=Text(
        en="Holes that are found after the end of life stay open, and upgrading a fleet takes a term.",
        zh="停止维护之后发现的漏洞不再修补，而升级整个机群需要一个学期。",
    ),
    hint="plan the upgrade; isolate what is past its end of life until then",
)
def platforms_are_maintained(this: Rule, book: Book) -> Iterator[Finding]:
    """Find platforms past their end of life or within 180 days of it; an inherited one is reported once."""
    ending: dict[tuple[Place, str, date], list[str]] = {}
    for record, asset, known in _with_platforms(book):
        platform = known.get(asset.platform)
        last = platform.end_of_life if platform is not None else None
        if platform is not None and last is not None and last < book.today + _NOTICE:
            ending.setdefault((record.place("platform"), platform.name, last), []).append(record.id)
    for (place, name, last), assets in ending.items():
        days = (last - book.today).days
        state = (
            f"gets security updates for {days} more days, until" if days >= 0 else "got its last security updates on"
        )
        yield this.found(place, f"{name} {state} {last}: {few(assets)}")
