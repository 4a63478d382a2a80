# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Gives the inventory to NetBox: the CSV files of its bulk import, in the order in which they are imported."""

from collections.abc import Sequence

from inventories.base import Text
from inventories.emitter import Emitter, Files
from inventories.model import Asset, Inventory
from inventories.netbox.items import items
from inventories.netbox.tables import tables


def emit(inventory: Inventory, assets: Sequence[Asset]) -> Files:
    """Return a file for each kind of object, e.g. ``04-dcim-sites.csv``.

    A variable that has no field in NetBox is a custom field, whose definition is among the files; those that files
    give in ``vars`` are together in one, as JSON. Raises BadInput where two entries would be the same object.
    """
    return tables(items(inventory, assets))


EMITTER = Emitter(
    id="netbox",
    title=Text(en="NetBox import files (CSV)", zh="NetBox 导入文件（CSV）"),
    emit=emit,
)
