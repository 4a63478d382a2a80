# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The platforms an asset may name: a table in platforms.yml beside this module."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import as_file, files

from pydantic import Field

from inventories.base import Frozen
from inventories.findings import Report
from inventories.reading.source import read_source


class OsRelease(Frozen):
    """By what a host's os-release(5) tells that it runs a platform."""

    id: str = Field(description="ID, in lower case.")
    version: str = Field(description="VERSION_ID or what it begins with, up to a dot.")

    def says(self, os_id: str, version: str) -> bool:
        """Tell whether an os-release with this ID and VERSION_ID is meant.

        >>> rhel8 = OsRelease(id="rhel", version="8")
        >>> rhel8.says("rhel", "8.10"), rhel8.says("rhel", "80"), rhel8.says("rocky", "8.10")
        (True, False, False)
        """
        return self.id == os_id.lower() and f"{version}.".startswith(f"{self.version}.")


class Platform(Frozen):
    """One operating system, as the tools tell them apart."""

    family: str = Field(description="What the tools treat alike, e.g. debian, rhel, vrp.")
    name: str = Field(description="Product name as its vendor writes it.")
    end_of_life: date | None = Field(
        default=None, description="Last day of security updates without a further contract; None: not known."
    )
    verified: bool = Field(default=False, description="Whether end_of_life was compared with what is published.")
    os_release: OsRelease | None = Field(default=None, description="What its hosts' os-release says; None: a device.")


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


def platform_of(os_id: str, version: str) -> str | None:
    """Return the platform id of a host whose os-release(5) has this ID and VERSION_ID, None when none is known."""
    hosts = known_platforms().hosts
    return next((name for name, one in hosts.items() if one.os_release and one.os_release.says(os_id, version)), None)
