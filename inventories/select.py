# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Chooses hosts and devices by the ``--limit`` language: names, groups, region paths, sites, globs, ``!`` and ``&``."""

import re
from collections.abc import Sequence
from datetime import date
from fnmatch import translate
from pathlib import Path
from typing import TypeVar

from inventories.base import Frozen
from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.loader import load
from inventories.model import Asset, Host, Inventory
from inventories.model.inventory import Terms
from inventories.reading import cache
from inventories.reading.files import read_tree

A = TypeVar("A", bound=Asset)

ALL = "all"
_GLOB = frozenset("*?[")


def select(inventory: Inventory, pattern: str | None) -> tuple[Host, ...]:
    """Return the hosts that ``pattern`` chooses, in inventory order; None and ``all`` choose every host.

    Terms are separated by commas. A term is a host, a group, a region path (with everything under it), a site, or a
    glob over these (not over ``all``); a name that is several of them means all of them. Plain terms add up, ``&term``
    then keeps only what is in the term as well, ``!term`` takes out. Without a plain term the start is ``all``, as for
    Ansible.
    Raises BadInput for an empty term and for one that means nothing in this inventory.
    """
    return _chosen(inventory.hosts, inventory.host_terms, pattern)


def select_assets(inventory: Inventory, pattern: str | None) -> tuple[Asset, ...]:
    """Return the hosts and devices that ``pattern`` chooses; see ``select``, devices and their groups are terms too."""
    return _chosen(inventory.assets, inventory.asset_terms, pattern)


def vocabulary(inventory: Inventory) -> tuple[str, ...]:
    """Return every plain term that means some host, or none, in this inventory, sorted; what completion offers."""
    return tuple(sorted({ALL, *inventory.host_terms}))


class Vocabulary(Frozen):
    """The vocabulary as it is kept for completion."""

    terms: tuple[str, ...]


def vocabulary_of(directory: Path) -> tuple[str, ...]:
    """Return the vocabulary of the inventory under ``directory``, without loading it when it is kept."""
    key = cache.key(read_tree(directory), date.today())  # noqa: DTZ011 - as the loader says it
    kept = cache.fetch(key, Vocabulary)
    if kept is None:
        kept = Vocabulary(terms=vocabulary(load(directory)))
        cache.keep(key, kept)
    return kept.terms


def _chosen(assets: Sequence[A], known: Terms, pattern: str | None) -> tuple[A, ...]:
    terms = [term.strip() for term in (pattern if pattern is not None else ALL).split(",")]
    everything = range(len(assets))

    def meant(term: str) -> set[int]:
        return set(everything) if term == ALL else _meant(term, known)

    plain = [meant(term) for term in terms if not term.startswith(("!", "&"))]
    chosen = set().union(*plain) if plain else set(everything)
    for term in terms:
        if term.startswith("&"):
            chosen &= meant(term[1:].strip())
    for term in terms:
        if term.startswith("!"):
            chosen -= meant(term[1:].strip())
    return tuple(assets[position] for position in sorted(chosen))


def _meant(term: str, known: Terms) -> set[int]:
    if not term:
        raise BadInput("an empty term in the pattern", hint="separate terms by single commas: qinghe,!qh-db1")
    if term in known:
        return set(known[term])
    if _GLOB & set(term):
        matches = re.compile(translate(term)).match
        matching = [positions for name, positions in known.items() if matches(name)]
        if matching:
            return set().union(*matching)
    hint = did_you_mean(term, (ALL, *known)) or "see: edufleet inventory list"
    raise BadInput(f"{term!r} is no host, device, group, region or site of this inventory", hint=hint)
