# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which operating system a host runs, by os-release(5)."""

import shlex

from fleet.collector import Collector, UnparsableError
from inventories.base import Frozen, Text


class OsRelease(Frozen):
    """The identity a distribution gives itself."""

    id: str
    """Lower-case name, e.g. ``debian``."""
    id_like: tuple[str, ...]
    """Distributions this one derives from, closest first."""
    version_id: str
    """E.g. ``12`` or ``22.03``; empty where a distribution rolls."""
    pretty_name: str


def parse(text: str) -> OsRelease:
    """Read os-release(5): shell-like assignments; only ID is required."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if not equals or key.startswith("#"):
            continue
        try:
            words = shlex.split(value)
        except ValueError as problem:
            raise UnparsableError(f"os-release: {key}: {problem}") from None
        values[key] = " ".join(words)
    # openEuler writes its ID with a capital, against os-release(5).
    name = values.get("ID", "linux").lower()
    if not name.isascii() or not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise UnparsableError(f"os-release: ID={name!r} is no word")
    return OsRelease(
        id=name,
        id_like=tuple(values.get("ID_LIKE", "").split()),
        version_id=values.get("VERSION_ID", ""),
        pretty_name=values.get("PRETTY_NAME", name),
    )


COLLECTOR = Collector(
    id="os_release",
    title=Text(en="Operating system", zh="操作系统"),
    question="cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null || exit 69",
    parse=parse,
    facts=OsRelease,
    size=8_192,
)
