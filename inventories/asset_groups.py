# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The groups in which tools downstream find assets, under names that every one of these tools accepts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from keyword import iskeyword

from inventories.errors import BadInput
from inventories.model import Asset, Host, Inventory
from inventories.platforms import known_platforms

# Names that mean something else: to Ansible, and to pyinfra, which passes groups as keyword arguments.
_TAKEN = frozenset({"all", "ungrouped", "self", "names_data", "override_data"})

_Key = tuple[str, str]
"""What kind of group it is, and of what: ``("region", "qinghe/lushan")``."""


@dataclass(frozen=True, slots=True)
class AssetGroup:
    """A group with the assets that are in it directly and the groups below it, both by name."""

    name: str
    assets: tuple[str, ...]
    below: tuple[str, ...]


def asset_groups(inventory: Inventory, assets: Sequence[Asset]) -> tuple[AssetGroup, ...]:
    """Return every region as a group, with the regions below it, and those other groups that have any of ``assets``.

    Sites, services, platforms (below their families) and kinds are groups too. Raises BadInput when two get one name.
    """
    members: dict[_Key, list[str]] = {("region", region.path): [] for region in inventory.regions}
    for asset in assets:
        for key in _groups_of(asset):
            members.setdefault(key, []).append(asset.name)
    below = _below(inventory, members)
    names: dict[str, _Key] = {}
    for key in (*members, *(key for key in below if key not in members)):
        first = names.setdefault(group_name(*key), key)
        if first != key:
            what = " and ".join(f"{kind} {name!r}" for kind, name in (first, key))
            hint = "rename one: in names of groups '/' and '-' become '_'"
            raise BadInput(f"{what} would be one group, {group_name(*key)!r}", hint=hint)
    return tuple(
        AssetGroup(name, tuple(members.get(key, ())), tuple(group_name(*inner) for inner in below.get(key, ())))
        for name, key in names.items()
    )


def group_name(kind: str, name: str) -> str:
    """Return the name of the group of one kind: an identifier that no tool takes for something else.

    >>> group_name("region", "qinghe/lushan"), group_name("group", "idp-edge"), group_name("group", "all")
    ('region_qinghe_lushan', 'idp_edge', 'group_all')
    """
    if name == ".":
        name = "root"
    plain = re.sub(r"[^a-z0-9_]", "_", name)
    free = kind == "group" and plain.isidentifier() and not iskeyword(plain) and plain not in _TAKEN
    return plain if free else f"{kind}_{plain}"


def _groups_of(asset: Asset) -> Iterator[_Key]:
    yield "region", asset.region
    yield "site", asset.site
    yield "kind", asset.label
    yield "platform", asset.platform
    for group in dict.fromkeys(asset.groups):
        yield "group", group
    for service in asset.services if isinstance(asset, Host) else ():
        yield "service", service


def _below(inventory: Inventory, members: dict[_Key, list[str]]) -> dict[_Key, list[_Key]]:
    below: dict[_Key, list[_Key]] = {}
    for region in inventory.regions:
        if region.parent is not None:
            below.setdefault(("region", region.parent), []).append(("region", region.path))
    known = {**known_platforms().hosts, **known_platforms().devices}
    for key in members:
        if key[0] == "platform":
            below.setdefault(("family", known[key[1]].family), []).append(key)
    return below
