# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Chooses hosts and devices by the ``--limit`` language."""

from fnmatch import fnmatchcase

from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.model import Asset, Inventory


def select_assets(inventory: Inventory, pattern: str | None) -> tuple[Asset, ...]:
    """Return the hosts and devices that ``pattern`` chooses, in inventory order; see ``inventories.select.select``."""
    terms = [term.strip() for term in (pattern or "all").split(",")]
    index = _index(inventory)
    plain = [_names(term, index) for term in terms if not term.startswith(("!", "&"))]
    chosen = set().union(*plain) if plain else index["all"]
    for term in terms:
        if term.startswith("&"):
            chosen = chosen & _names(term[1:], index)
    for term in terms:
        if term.startswith("!"):
            chosen = chosen - _names(term[1:], index)
    return tuple(asset for asset in inventory.assets if asset.name in chosen)


def _index(inventory: Inventory) -> dict[str, set[str]]:
    index: dict[str, set[str]] = {term: set() for term in ("all", *(site.id for site in inventory.sites))}
    index |= {region.path: set() for region in inventory.regions}
    for asset in inventory.assets:
        regions = (asset.region, *(region.path for region in inventory.ancestors(asset.region)))
        for term in ("all", asset.name, asset.site, *asset.groups, *regions):
            index.setdefault(term, set()).add(asset.name)
    return index


def _names(term: str, index: dict[str, set[str]]) -> set[str]:
    found = [names for known, names in index.items() if known == term or fnmatchcase(known, term)]
    if not found:
        hint = did_you_mean(term, index) or "see: edufleet inventory list"
        raise BadInput(f"{term!r} is no host, device, group, region or site of this inventory", hint=hint)
    return set().union(*found)
