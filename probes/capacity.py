# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How much room is left on a host."""

from collections.abc import Iterator

from fleet.collectors.filesystems import Filesystems
from fleet.collectors.memory import Memory
from fleet.facts import HostFacts
from probes.verdict import Room

NEEDED_COLLECTORS = frozenset({"filesystems", "memory"})
MIN_DAYS = 14
"""Shortest history a trend may stand on, from the first calendar day (UTC) to the last."""


def rooms(facts: HostFacts) -> tuple[Room, ...]:
    """Return what is finite on a host, without trends; what could not be read is not there."""
    return tuple(_rooms(facts))


def _rooms(facts: HostFacts) -> Iterator[Room]:
    local, memory = facts.facts.get("filesystems"), facts.facts.get("memory")
    if isinstance(local, Filesystems):
        for fs in local.filesystems:
            if fs.size_bytes:
                yield Room(kind="filesystem", item=fs.mount, used=fs.used_bytes, total=fs.size_bytes, unit="B")
            if fs.inodes:
                used = max(0, fs.inodes - fs.inodes_free)
                yield Room(kind="inodes", item=fs.mount, used=used, total=fs.inodes, unit="count")
    if isinstance(memory, Memory):
        used = max(0, memory.total_bytes - memory.available_bytes)
        yield Room(kind="memory", item="", used=used, total=memory.total_bytes, unit="B")
