# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads NetBox's import files as its bulk import does: references by name or slug, custom fields by their definition.

That NetBox itself takes them is shown in ``tests/inventories/netbox/test_real.py``.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

Row = Mapping[str, str]

_NUMBERS: Mapping[str, Callable[[str], object]] = {"integer": int, "decimal": float, "boolean": json.loads}


def read(directory: Path) -> Mapping[str, Mapping[str, object]]:
    """Return the variables of every device and virtual machine."""
    tables = {path.stem[3:]: list(_rows(path)) for path in sorted(directory.iterdir())}
    types = {row["name"]: row["type"] for row in tables["extras-custom-fields"]}
    makers = {row["slug"]: row["name"] for row in tables["dcim-manufacturers"]}
    models = {(row["manufacturer.slug"], row["slug"]): row for row in tables["dcim-device-types"]}
    primary = {
        row["device"] or row["virtual_machine"]: row["address"].partition("/")[0]
        for row in tables["ipam-ip-addresses"]
        if row["is_primary"] == "true"
    }
    back: dict[str, Mapping[str, object]] = {}
    for row in (*tables["dcim-devices"], *tables.get("virtualization-virtual-machines", ())):
        custom = {
            name[3:]: _typed(types[name[3:]], text) for name, text in row.items() if name.startswith("cf_") and text
        }
        own: dict[str, object] = {
            "name": row["name"],
            "site": row["site.slug"],
            "platform": row["platform.slug"],
            "serial": row["serial"],
            "address": primary[row["name"]],
        }
        if "device_type.slug" in row:
            model = models[row["manufacturer.slug"], row["device_type.slug"]]
            own |= {
                "room": row["location.slug"],
                "rack": row["rack"],
                "u_position": int(row["position"]) if row["position"] else "",
                "u_height": int(model["u_height"]),
            }
            if custom["edufleet_kind"] == "device":
                own |= {
                    "role": row["role.slug"],
                    "vendor": makers[row["manufacturer.slug"]],
                    "model": model["part_number"],
                }
        else:
            own |= {"virtual_on": row["device"], "cpus": int(row["vcpus"]) if row["vcpus"] else ""}
        given: Any = custom.pop("edufleet_vars", {})
        stated = {f"edufleet_{name}": value for name, value in own.items() if value != ""}
        back[row["name"]] = {**stated, **custom, **given}
    return back


def _rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a file; ValueError when one has other columns than the first line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        columns = next(reader)
        if len(set(columns)) < len(columns):
            raise ValueError(f"{path.name}: a column twice: {columns}")
        for row in reader:
            yield dict(zip(columns, row, strict=True))


def _typed(type_: str, text: str) -> object:
    if type_ == "json":
        return json.loads(text)
    return _NUMBERS.get(type_, str)(text)


READ = read
