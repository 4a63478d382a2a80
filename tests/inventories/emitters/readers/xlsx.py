# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads hosts and devices from a workbook with openpyxl, the values as a spreadsheet would show them."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook

from tests.inventories.emitters.readers.csv import FORM, told

__all__ = ["FORM", "READ"]


def READ(directory: Path) -> Mapping[str, Mapping[str, object]]:  # noqa: N802 - a name that readers are asked for
    """Return what the two sheets of assets say."""
    book = load_workbook(directory / "inventory.xlsx", data_only=True)
    assets: dict[str, Mapping[str, object]] = {}
    for kind in ("host", "device"):
        header, *rows = book[f"{kind}s"].iter_rows(values_only=True)
        for row in rows:
            cells = {str(name): cell for name, cell in zip(header, row, strict=True)}
            assets[str(cells["name"])] = dict(told(kind, cells))
    return assets
