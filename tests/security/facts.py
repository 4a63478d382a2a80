# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Facts of hosts for tests: a good one, and what a case changes on it."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fleet.collector import catalogue
from fleet.facts import HostFacts, Missing, Reason

_MAPPINGS = {"sysctl", "defaults"}
"""Facts that are mappings: null in a case takes a key away."""


@cache
def _good() -> dict[str, Any]:
    """Return the facts of a Debian 12 host on which every rule passes: host/, one file per collector."""
    files = (Path(__file__).parent / "host").glob("*.yml")
    return {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}


def good_host(
    change: Mapping[str, Any] | None = None,
    replace: Mapping[str, Any] | None = None,
    missing: Mapping[str, Reason] | None = None,
) -> HostFacts:
    """Return a host on which every rule passes, but for deep changes, replaced fields and missing collectors."""
    data = deepcopy(_good())
    _merge(data, change or {})
    for collector, fields in (replace or {}).items():
        data[collector].update(fields)
    gone = {name: Missing(reason, "as the case says") for name, reason in (missing or {}).items()}
    models = {name: catalogue()[name].facts for name in data}
    facts = {name: models[name].model_validate(fields) for name, fields in data.items() if name not in gone}
    return HostFacts("host", facts, gone)


def _merge(target: dict[str, Any], change: Mapping[str, Any], inside: str = "") -> None:
    for key, value in change.items():
        if value is None and inside in _MAPPINGS:
            target.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(target.get(key), dict) and "reason" not in value:
            _merge(target[key], value, key)
        else:
            target[key] = value
