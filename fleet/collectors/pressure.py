# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How much time tasks lose waiting for processors, memory and storage (Linux PSI)."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Ratio, why
from inventories.base import Frozen, Text

_LINE = re.compile(
    r"/proc/pressure/(cpu|memory|io):(some|full) avg10=([\d.]+) avg60=([\d.]+) avg300=([\d.]+) total=\d+"
)


class Stall(Frozen):
    """Share of the last five minutes in which tasks were stalled, 0 to 1."""

    some: Ratio
    """At least one task waited."""
    full: Ratio | None
    """Every task waited: nothing was done. None for processors on kernels before 5.13."""


class Pressure(Frozen):
    """Stalls of the whole kernel; containers see their host's."""

    cpu: Stall
    memory: Stall
    io: Stall


def parse(text: str) -> Pressure:
    """Read the three files of /proc/pressure with their names ahead of each line."""
    shares: dict[str, dict[str, float | None]] = {name: {"full": None} for name in Pressure.model_fields}
    try:
        for line in text.splitlines():
            found = _LINE.fullmatch(line)
            if found is None:
                raise UnparsableError(f"pressure: {line[:80]!r}")
            shares[found[1]][found[2]] = float(found[5]) / 100
        return Pressure.model_validate(shares)
    except ValueError as problem:
        raise UnparsableError(f"pressure: {why(problem)}") from None


COLLECTOR = Collector(
    id="pressure",
    title=Text(en="Pressure", zh="资源压力（PSI）"),
    # Booted with psi=0 the files are there but cannot be read.
    question="grep -sH '' /proc/pressure/cpu /proc/pressure/memory /proc/pressure/io || exit 69",
    parse=parse,
    facts=Pressure,
    size=2_048,
)
