# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a benchmark says, and how a time is taken."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. ``ours`` and ``peer`` are medians in ``unit``; ``ratio`` is what the goal speaks of."""

    name: str
    ours: float
    peer: float
    unit: str
    ratio: float
    goal: float
    better: Literal["at most", "at least"]
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the ratio reaches the goal."""
        return self.ratio <= self.goal if self.better == "at most" else self.ratio >= self.goal

    def line(self) -> str:
        """Return the line that is printed."""
        verdict = "met" if self.met else "NOT met"
        note = f" ({self.note})" if self.note else ""
        return (
            f"{self.name}: ours {self.ours:.3f} {self.unit}, peer {self.peer:.3f} {self.unit}, "
            f"ratio {self.ratio:.2f}, goal {self.better} {self.goal:g}: {verdict}{note}"
        )

    def document(self) -> dict[str, object]:
        """Return the entry of ``out/bench.json``."""
        return {**asdict(self), "met": self.met}


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of ``work``."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def alternate(*works: Callable[[], float], rounds: int) -> tuple[list[float], ...]:
    """Run every work in turn, ``rounds`` times, so that a drift of the machine meets all of them alike."""
    taken = [[work() for work in works] for _ in range(rounds)]
    return tuple(list(column) for column in zip(*taken, strict=True))
