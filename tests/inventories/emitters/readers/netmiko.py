# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads devices as netmiko's own tools do, and their variables, which netmiko does not know, as JSON."""

import json
from collections.abc import Mapping
from pathlib import Path

from netmiko.utilities import load_devices

from inventories.model import Device

COVERS = Device


def READ(directory: Path) -> Mapping[str, Mapping[str, object]]:  # noqa: N802 - the name that readers have
    variables = json.loads((directory / "variables.json").read_bytes())
    arguments = load_devices(directory / "netmiko.json")
    return {name: {**arguments.get(name, {}), **values} for name, values in variables.items()}
