# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How long ago somebody compared an asset's entry with the thing itself."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from inventories.model import Asset

FRESH_DAYS = 365
"""Age up to which an entry counts as verified, unless told otherwise: one yearly stock-taking."""

State = Literal["fresh", "stale", "never", "future"]


@dataclass(frozen=True, slots=True)
class Freshness:
    """When one asset was last verified."""

    asset: str
    region: str
    days: int | None
    """Days since; negative for a day that has not come yet, None when it never was."""
    state: State
    """``future``: the date cannot be right, so it says nothing."""


def freshness(asset: Asset, today: date, days: int = FRESH_DAYS) -> Freshness:
    """Return how fresh an entry is on ``today``; up to ``days`` old is fresh."""
    if asset.last_verified is None:
        return Freshness(asset.name, asset.region, None, "never")
    age = (today - asset.last_verified).days
    state: State = "future" if age < 0 else "fresh" if age <= days else "stale"
    return Freshness(asset.name, asset.region, age, state)
