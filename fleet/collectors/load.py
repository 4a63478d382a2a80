# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How many tasks want to run, against how many processors there are."""

from fleet.collector import Collector, UnparsableError
from fleet.collectors.identity import count_online
from fleet.quantities import Amount, Positive, why
from inventories.base import Frozen, Text

QUESTION = """\
read -r load </proc/loadavg || exit 69
echo "$load"
read -r cpus </sys/devices/system/cpu/online && echo "online $cpus" || echo "count $(grep -c ^processor /proc/cpuinfo)"
"""


class Load(Frozen):
    """Load averages (tasks running or in uninterruptible sleep) of the kernel; containers see their host's."""

    one: Amount
    five: Amount
    fifteen: Amount
    cpus: Positive
    """Logical processors online."""

    @property
    def per_cpu(self) -> float:
        """Fifteen-minute load per processor; above 1 tasks wait."""
        return self.fifteen / self.cpus


def parse(text: str) -> Load:
    """Read the line of /proc/loadavg and the processors."""
    try:
        averages, processors = text.splitlines()
        one, five, fifteen = (float(word) for word in averages.split()[:3])
        kind, cpus = processors.split()
        return Load(one=one, five=five, fifteen=fifteen, cpus=count_online(cpus) if kind == "online" else int(cpus))
    except ValueError as problem:
        raise UnparsableError(f"load: {why(problem)}") from None


COLLECTOR = Collector(
    id="load",
    title=Text(en="Load", zh="系统负载"),
    question=QUESTION,
    parse=parse,
    facts=Load,
    size=1_024,
)
