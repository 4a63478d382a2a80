# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How many processes there are, and how many are dead without burial or stuck in the kernel."""

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count, why
from inventories.base import Frozen, Text

# grep passes over processes that end meanwhile, and writes only what is of interest: its status says nothing here.
QUESTION = r"""
set -- /proc/[0-9]*/stat
echo $#
grep -shE '^[0-9]+ \(.*\) [DZ] ' "$@"
exit 0
"""


class Processes(Frozen):
    """Processes at one moment, as far as the asking user may see them."""

    total: Count
    zombies: tuple[str, ...]
    """Names of those that ended, but whose parent has not asked how."""
    stuck: tuple[str, ...]
    """Names of those waiting inside the kernel, nearly always for storage."""

    @property
    def zombie_count(self) -> int:
        """How many ended without their parent asking."""
        return len(self.zombies)

    @property
    def stuck_count(self) -> int:
        """How many wait inside the kernel."""
        return len(self.stuck)


def parse(text: str) -> Processes:
    """Read the number of processes and the lines of proc_pid_stat(5) of zombies and of those stuck."""
    total, _, lines = text.partition("\n")
    names: dict[str, list[str]] = {"Z": [], "D": []}
    try:
        for line in lines.splitlines():
            # The name may have anything in it, ")" too; the state follows the last one.
            ahead, _, behind = line.rpartition(") ")
            state = behind.partition(" ")[0]
            if state in names:
                names[state].append(ahead.split("(", 1)[1])
        return Processes(total=int(total), zombies=tuple(names["Z"]), stuck=tuple(names["D"]))
    except (ValueError, IndexError) as problem:
        raise UnparsableError(f"processes: {why(problem)}") from None


COLLECTOR = Collector(
    id="processes",
    title=Text(en="Processes", zh="进程"),
    question=QUESTION,
    parse=parse,
    facts=Processes,
)
