# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How much memory and swap there is and how much of it can still be had."""

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Bytes, Positive, why
from inventories.base import Frozen, Text

_FIELDS = {
    "total_bytes": "MemTotal",
    "free_bytes": "MemFree",
    "available_bytes": "MemAvailable",
    "swap_total_bytes": "SwapTotal",
    "swap_free_bytes": "SwapFree",
    "committed_bytes": "Committed_AS",
    "commit_limit_bytes": "CommitLimit",
}


class Memory(Frozen):
    """Memory of the kernel, in bytes; a container without a view of its own sees its host's."""

    total_bytes: Positive
    free_bytes: Bytes
    available_bytes: Bytes
    """What a new program can get without swapping, by the kernel's estimate."""
    swap_total_bytes: Bytes
    swap_free_bytes: Bytes
    committed_bytes: Bytes
    """What programs were promised."""
    commit_limit_bytes: Bytes

    @property
    def available_ratio(self) -> float:
        """Share of memory that can still be had, 0 to 1."""
        return min(1.0, self.available_bytes / self.total_bytes)

    @property
    def swap_used_ratio(self) -> float | None:
        """Share of swap in use, 0 to 1; None without swap."""
        if not self.swap_total_bytes:
            return None
        return max(0.0, 1 - self.swap_free_bytes / self.swap_total_bytes)


def parse(text: str) -> Memory:
    """Read /proc/meminfo, whose kB are KiB."""
    values = {name: rest.split() for name, _, rest in (line.partition(":") for line in text.splitlines())}
    try:
        return Memory.model_validate({field: int(values[name][0]) * 1024 for field, name in _FIELDS.items()})
    except KeyError as problem:
        raise UnparsableError(f"meminfo: no {problem.args[0]}") from None
    except (ValueError, IndexError) as problem:
        raise UnparsableError(f"meminfo: {why(problem)}") from None


COLLECTOR = Collector(
    id="memory",
    title=Text(en="Memory", zh="内存"),
    question="cat /proc/meminfo || exit 69",
    parse=parse,
    facts=Memory,
    size=8_192,
)
