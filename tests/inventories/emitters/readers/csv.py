# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads hosts and devices from CSV with Python's own reader; a CSV file has only texts."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from inventories.model.base import VarValue
from inventories.variables import PREFIX

LISTS = frozenset({"groups", "time_sources", "services"})
# Columns whose variable is called otherwise, and those that are no variable.
CALLED = {
    "hardware.cpus": "cpus",
    "hardware.memory_gib": "memory_gib",
    "management.protocol": "management_protocol",
    "management.port": "management_port",
}


def FORM(value: VarValue) -> object:  # noqa: N802 - a name that readers are asked for
    """Return the text that stands for a value."""
    if isinstance(value, tuple):
        return [FORM(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def told(kind: str, row: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the variables that a row tells, as texts."""
    yield f"{PREFIX}kind", kind
    for header, cell in row.items():
        text = "" if cell is None else _text(cell)
        if header.startswith("vars."):
            if text:
                yield header.removeprefix("vars."), _free(text)
        elif header in LISTS:
            yield PREFIX + header, text.split(", ") if text else []
        elif text and (header in CALLED or "." not in header):
            yield PREFIX + CALLED.get(header, header), text


def _free(text: str) -> object:
    if text.startswith("["):
        return [FORM(item) for item in json.loads(text)]
    return json.loads(text) if text.startswith('"') else text


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(FORM(cell)) if isinstance(cell, str | int | float | bool) else str(cell)


def READ(directory: Path) -> Mapping[str, Mapping[str, object]]:  # noqa: N802 - as above
    """Return what the two files of assets say."""
    assets: dict[str, Mapping[str, object]] = {}
    for kind in ("host", "device"):
        with (directory / f"{kind}s.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                assets[row["name"]] = dict(told(kind, row))
    return assets
