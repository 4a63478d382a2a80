# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What of an inventory is to be drawn, how deep and in which language."""

from collections.abc import Iterable
from dataclasses import dataclass

from inventories.base import Lang
from inventories.model import ROOT, Asset, Inventory, Room, Site, within

MOST = 400
"""Nodes in a picture that somebody can still read; without a depth asked for, as many levels are drawn as fit."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The region at ``region`` and all under it; ``depth`` levels below it, None for as many as fit."""

    inventory: Inventory
    region: str
    depth: int | None
    lang: Lang

    @property
    def name(self) -> str:
        """What is drawn, by its name."""
        whole = self.inventory.authority if self.region == ROOT else self.inventory.region(self.region)
        return whole.name.say(self.lang)

    def covers(self, path: str) -> bool:
        """Tell whether the region at ``path`` is to be drawn or lies under one that is."""
        return within(path, self.region)

    def sites(self) -> tuple[Site, ...]:
        """Return the sites in the region, in inventory order."""
        return tuple(site for site in self.inventory.sites if self.covers(site.region))

    def rooms(self) -> tuple[tuple[Site, Room], ...]:
        """Return the rooms of the sites in the region."""
        return tuple((site, room) for site in self.sites() for room in site.rooms)

    def standing(self) -> dict[str, list[Asset]]:
        """Return the hosts and devices by the site they stand in, whichever region runs them."""
        at: dict[str, list[Asset]] = {site.id: [] for site in self.sites()}
        for asset in self.inventory.assets:
            if asset.site in at:
                at[asset.site].append(asset)
        return at

    def level(self, path: str) -> int:
        """Return how many levels the region at ``path`` lies below the one drawn."""
        if path == self.region:
            return 0
        return path.count("/") + 1 - (0 if self.region == ROOT else self.region.count("/") + 1)

    def levels(self, paths: Iterable[str]) -> int:
        """Return how many levels to draw of things in the regions at ``paths``: those asked for, else as many as fit.

        At least one level is drawn.
        """
        if self.depth is not None:
            return self.depth
        found = sorted(self.level(path) for path in paths)
        return found[-1] if len(found) <= MOST else max(1, found[MOST] - 1)
