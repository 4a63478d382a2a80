# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Resolves small inventories whether or not every rule would let them pass: emitters do not judge."""

from pathlib import Path

from inventories.loader import read
from inventories.model import Inventory
from tests.inventories.trees import SOUND, write


def resolved(root: Path, files: dict[str, str]) -> Inventory:
    """Return the sound inventory with further files, written to ``root``."""
    book = read(write(root, {**SOUND, **files}))
    assert not book.report.findings
    assert book.authority is not None
    assert book.authority.model is not None
    return book.inventory(book.authority.model)
