# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Writes what an emitter gives to a directory, as the export command does."""

from pathlib import Path

from inventories.emitter import emitters
from inventories.model import Inventory


def written(emitter: str, inventory: Inventory, directory: Path) -> Path:
    """Write the files of ``emitter`` for all assets to ``directory`` and return it."""
    for name, content in emitters()[emitter].emit(inventory, inventory.assets).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return directory
