# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory quality``: how complete the inventory is, and how lately it was verified."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from typing import Annotated

import typer
from pydantic import Field
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, LangOption, emit, err, language, out
from console.cli.inventory.options import InventoryOption
from inventories.base import Frozen, Lang, Text
from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.loader import find_inventory, load
from inventories.model import ROOT, Device, Host, Inventory, within
from inventories.quality.completeness import Completeness, completeness, share
from inventories.quality.freshness import FRESH_DAYS, Freshness, State, freshness

_WORST = 3
_VERIFIED = {Host.label, Device.label}
_HEADINGS = (
    Text(en="region", zh="区域"),
    Text(en="assets", zh="资产数"),
    Text(en="complete", zh="完整率"),
    Text(en="verified in {days} days", zh="{days} 天内核实"),
    Text(en="never verified", zh="从未核实"),
    Text(en="lacking most", zh="缺失最多的条目"),
)


class EntryQuality(Frozen):
    """One entry."""

    kind: str
    id: str
    region: str
    complete: float = Field(description="What is stated of what ought to be, by weight, 0 to 1.")
    missing: tuple[str, ...] = Field(description="Fields that are not stated, the weightiest first.")
    verified: State | None = Field(description="null: entries of this kind are not verified.")
    verified_days: int | None = Field(description="Days since it was verified; null: never.")


class RegionQuality(Frozen):
    """A region with everything under it."""

    region: str
    assets: int
    complete: float | None = Field(description="Share stated, by weight, 0 to 1; null: nothing is there.")
    verified: float | None = Field(description="Share of the assets verified lately, 0 to 1; null: there is none.")
    never_verified: int = Field(description="How many assets never were.")
    worst: tuple[EntryQuality, ...] = Field(description="The entries that lack most, by weight.")


class QualityReport(Frozen):
    """What ``inventory quality --json`` prints."""

    today: date = Field(description="Day against which ages are counted.")
    days: int = Field(description="Age in days up to which an entry counts as verified.")
    regions: tuple[RegionQuality, ...]
    entries: tuple[EntryQuality, ...]


@dataclass(frozen=True, slots=True)
class _Measured:
    entries: tuple[Completeness, ...]
    assets: Mapping[str, Freshness]


def command(
    inventory: InventoryOption = None,
    region: Annotated[
        str | None, typer.Option(metavar="PATH", help="A region and the regions in it; the whole authority without.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="Age in days up to which an entry counts as verified.")] = FRESH_DAYS,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Say per region how complete the inventory is and how lately it was verified.

    For example: edufleet inventory quality --region qinghe
    """
    spoken = language(lang, os.environ)
    known = load(find_inventory(inventory))
    today = known.authority.as_of or date.today()  # noqa: DTZ011 - the day of the place where this runs
    with err.status("measuring"):
        assets = {asset.name: freshness(asset, today, days) for asset in known.assets}
        measured = _Measured(completeness(known), assets)
        rows = tuple(_region(measured, path) for path in _paths(known, region))
    if as_json:
        entries = tuple(_entry(measured, one) for one in measured.entries if within(one.region, region or ROOT))
        emit(QualityReport(today=today, days=days, regions=rows, entries=entries))
    else:
        _print(rows, days, spoken)


def _paths(known: Inventory, region: str | None) -> list[str]:
    """Return the region asked for and those directly under it; the root need not be one itself."""
    paths = {one.path for one in known.regions}
    path = region or ROOT
    if path not in paths | {ROOT}:
        raise BadInput(f"there is no region {path!r}", hint=did_you_mean(path, paths))
    return [path, *(one.path for one in known.children(path if path in paths else None))]


def _region(measured: _Measured, path: str) -> RegionQuality:
    entries = [one for one in measured.entries if within(one.region, path)]
    assets = [one for one in measured.assets.values() if within(one.region, path)]
    fresh = sum(one.state == "fresh" for one in assets)
    worst = nlargest(_WORST, (one for one in entries if one.missing), key=lambda one: one.wanted - one.stated)
    return RegionQuality(
        region=path,
        assets=len(assets),
        complete=_rounded(share(entries)),
        verified=_rounded(fresh / len(assets) if assets else None),
        never_verified=sum(one.state == "never" for one in assets),
        worst=tuple(_entry(measured, one) for one in worst),
    )


def _entry(measured: _Measured, one: Completeness) -> EntryQuality:
    known = measured.assets[one.id] if one.kind in _VERIFIED else None
    return EntryQuality(
        kind=one.kind,
        id=one.id,
        region=one.region,
        complete=round(one.share, 4),
        missing=one.missing,
        verified=known.state if known else None,
        verified_days=known.days if known else None,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _print(rows: Sequence[RegionQuality], days: int, lang: Lang) -> None:
    table = Table(box=SIMPLE_HEAD)
    for number, heading in enumerate(_HEADINGS):
        numeric = 0 < number < len(_HEADINGS) - 1
        table.add_column(heading.say(lang).format(days=days), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        worst = "\n".join(f"{one.kind} {one.id}: {', '.join(one.missing)}" for one in row.worst)
        figures = (str(row.assets), _percent(row.complete), _percent(row.verified), str(row.never_verified))
        table.add_row(row.region, *figures, Line(worst))
    out.print(table)


def _percent(value: float | None) -> str:
    """Return a share in whole percent, rounded down: only what is whole is 100 %."""
    return "-" if value is None else f"{int(value * 100)} %"
