# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Chooses hosts by the ``--limit`` language: names, groups, region paths, sites, globs, ``!`` and ``&``."""

from fnmatch import fnmatchcase

from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.model import Host, Inventory

ALL = "all"
_GLOB = frozenset("*?[")


def select(inventory: Inventory, pattern: str | None) -> tuple[Host, ...]:
    """Return the hosts that ``pattern`` chooses, in inventory order; None and ``all`` choose every host.

    Terms are separated by commas. A term is a host, a group, a region path (with everything under it), a site, or a
    glob over all of these; a name that is several of them means all of them. Plain terms add up, ``&term`` then keeps
    only what is in the term as well, ``!term`` takes out. Without a plain term the start is ``all``, as for Ansible.
    Raises BadInput for an empty term and for one that means nothing in this inventory.
    """
    terms = [term.strip() for term in (pattern if pattern is not None else ALL).split(",")]
    index = _index(inventory)
    plain = [_hosts_of(term, index) for term in terms if not term.startswith(("!", "&"))]
    chosen = set().union(*plain) if plain else set(index[ALL])
    for term in terms:
        if term.startswith("&"):
            chosen &= _hosts_of(term[1:].strip(), index)
    for term in terms:
        if term.startswith("!"):
            chosen -= _hosts_of(term[1:].strip(), index)
    return tuple(host for host in inventory.hosts if host.name in chosen)


def vocabulary(inventory: Inventory) -> tuple[str, ...]:
    """Return every plain term that means something in this inventory, sorted; what completion offers."""
    return tuple(sorted(_index(inventory)))


def _index(inventory: Inventory) -> dict[str, set[str]]:
    """Return for each term the names of its hosts."""
    index: dict[str, set[str]] = {ALL: {host.name for host in inventory.hosts}}
    for site in inventory.sites:
        index.setdefault(site.id, set())
    for region in inventory.regions:
        index.setdefault(region.path, set()).update(host.name for host in inventory.hosts_in(region.path))
    for host in inventory.hosts:
        for term in (host.name, host.site, *host.groups):
            index.setdefault(term, set()).add(host.name)
    return index


def _hosts_of(term: str, index: dict[str, set[str]]) -> set[str]:
    if not term:
        raise BadInput("an empty term in the pattern", hint="separate terms by single commas: qinghe,!qh-db1")
    if term in index:
        return index[term]
    matching = [hosts for name, hosts in index.items() if fnmatchcase(name, term)] if _GLOB & set(term) else []
    if not matching:
        hint = did_you_mean(term, sorted(index)) or "see: edufleet inventory list"
        raise BadInput(f"{term!r} is no host, group, region or site of this inventory", hint=hint)
    return set().union(*matching)
