# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which platforms rules can name, and whether a host is one of them."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from fleet.collectors.os_release import OsRelease


def _known(release: str) -> str:
    if release not in RELEASES:
        raise ValueError(f"none of {', '.join(RELEASES)}")
    return release


_NAMES = "linux|debian|ubuntu|rhel|centos|rocky|almalinux|fedora|openeuler|kylin|uos|anolis|suse|alpine"

Platform = Annotated[str, StringConstraints(pattern=rf"^({_NAMES})(\d+(\.\d+)?)?$")]
"""``linux`` (all), a distribution with those that derive from it, or one release of it: ``debian``, ``debian12``."""

RELEASES = (
    "debian11", "debian12", "debian13", "ubuntu22.04", "ubuntu24.04", "rhel8", "rhel9", "rocky8", "rocky9",
    "almalinux8", "almalinux9", "anolis8", "openeuler22.03", "kylin10", "uos20",
)  # fmt: skip
"""The releases edufleet has rules for."""

Release = Annotated[str, AfterValidator(_known)]


def runs(platform: str, system: OsRelease) -> bool:
    """Whether a host with this os-release is that platform.

    >>> debian = OsRelease(id="debian", id_like=(), version_id="12", pretty_name="Debian GNU/Linux 12")
    >>> [runs(platform, debian) for platform in ("linux", "debian", "debian12", "debian11", "rhel")]
    [True, True, True, False, False]
    """
    name, release = re.fullmatch(r"([a-z]+)([\d.]*)", platform).groups()  # type: ignore[union-attr] # Platform's pattern
    if name == "linux":
        return True
    if not release:
        return name == system.id.lower() or name in system.id_like
    return name == system.id.lower() and release in {system.version_id, system.version_id.split(".")[0]}
