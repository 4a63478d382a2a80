# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How many processes the kernel ended for want of memory since it was booted."""

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count, why
from inventories.base import Frozen, Text


class Oom(Frozen):
    """The out-of-memory killer of the kernel; containers see their host's count."""

    kills: Count
    """Since boot."""


def parse(text: str) -> Oom:
    """Read the ``oom_kill`` line of /proc/vmstat."""
    try:
        name, kills = text.split()
        if name != "oom_kill":
            raise UnparsableError(f"oom: {name[:80]!r} is not oom_kill")
        return Oom(kills=int(kills))
    except ValueError as problem:
        raise UnparsableError(f"oom: {why(problem)}") from None


COLLECTOR = Collector(
    id="oom",
    title=Text(en="Out-of-memory kills", zh="内存不足终止（OOM）"),
    # Linux 4.13 and later count them.
    question="grep -s '^oom_kill ' /proc/vmstat || exit 69",
    parse=parse,
    facts=Oom,
    size=1_024,
)
