# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventory as NetBox objects: the one mapping that import files, push and pull share."""

from collections.abc import Mapping, Sequence

from inventories.model import Asset, Inventory
from inventories.model.base import VarValue
from inventories.netbox.assets import add_assets
from inventories.netbox.draft import Draft
from inventories.netbox.objects import KINDS, TAG, Item
from inventories.netbox.places import add_places
from inventories.variables import PREFIX

_TYPES = {bool: "boolean", int: "integer", float: "decimal", str: "text"}
# Custom fields of assets are on both kinds: a server may become a virtual machine.
_ASSETS = ("dcim.device", "virtualization.virtualmachine")


def items(inventory: Inventory, assets: Sequence[Asset]) -> tuple[Item, ...]:
    """Return what NetBox is to have of the places of ``inventory`` and of ``assets``, in the order of making.

    Raises BadInput where two entries would be the same NetBox object.
    """
    draft = Draft()
    draft.add("extras.tag", {"name": TAG, "slug": TAG, "description": "made by edufleet"})
    add_places(inventory, draft)
    add_assets(inventory, assets, draft)
    for item in _definitions(draft.items()):
        draft.add(item.kind.id, item.values)
    order = {kind: number for number, kind in enumerate(KINDS)}
    return tuple(sorted(draft.items(), key=lambda item: order[item.kind.id]))


def _definitions(made: Sequence[Item]) -> list[Item]:
    """Return the definitions of the custom fields that ``made`` use."""
    used: dict[str, tuple[str, set[str]]] = {}
    for item in made:
        for name, value in item.custom.items():
            of = _ASSETS if item.kind.id in _ASSETS else (item.kind.id,)
            used.setdefault(name, (_type(value), set()))[1].update(of)
    kind = KINDS["extras.customfield"]
    return [
        Item(
            kind=kind,
            values={
                "name": name,
                "label": name.removeprefix(PREFIX).replace("_", " "),
                "type": type_,
                "object_types": tuple(sorted(of)),
                "group_name": TAG,
            },
        )
        for name, (type_, of) in sorted(used.items())
    ]


def _type(value: VarValue | Mapping[str, VarValue]) -> str:
    return _TYPES.get(type(value), "json")
