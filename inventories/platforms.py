# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The platforms an asset may name: a table in platforms.yml beside this module."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files

from pydantic import Field

from inventories.base import Frozen
from inventories.findings import Report
from inventories.source import read_source


class Platform(Frozen):
    """One operating system, as the tools tell them apart."""

    family: str = Field(description="What the tools treat alike, e.g. debian, rhel, vrp.")
    name: str = Field(description="Product name as its vendor writes it.")


class Platforms(Frozen):
    """The known platforms by id."""

    hosts: Mapping[str, Platform]
    devices: Mapping[str, Platform]


@cache
def known_platforms() -> Platforms:
    """Return the table of platforms."""
    with as_file(files("inventories") / "platforms.yml") as path:
        node = read_source(path, Report())
    return Platforms.model_validate(node.plain() if node else {})
