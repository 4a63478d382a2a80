# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a health check says: a state with the figure and the limit it was held against."""

from typing import Literal

from inventories.base import Frozen, Text

State = Literal["ok", "warning", "critical", "unknown"]


class CheckResult(Frozen):
    """The state of one checked thing on one host."""

    check: str
    """Id of the check, e.g. ``disk``."""
    item: str = ""
    """Which of several, e.g. a mount point; empty when there is only one."""
    state: State
    value: float | None = None
    """The figure judged, in ``unit``; None where there was none."""
    unit: str = ""
    message: Text


class Trend(Frozen):
    """When a stock runs out at its recent pace: quantiles in days from now, None meaning not within the horizon."""

    days: int
    """Days of history it stands on."""
    horizon_days: int
    p10: float | None
    p50: float | None
    p90: float | None


class Room(Frozen):
    """How much is left of one finite thing on one host."""

    kind: Literal["filesystem", "inodes", "memory"]
    item: str
    """Mount point; empty for memory."""
    used: float
    total: float
    unit: Literal["B", "count"]
    trend: Trend | None = None
    """None: not enough history to say (fewer than 14 days)."""

    @property
    def left(self) -> float:
        """What is free, in ``unit``."""
        return max(0.0, self.total - self.used)

    @property
    def used_ratio(self) -> float:
        """Share in use, 0 to 1."""
        return self.used / self.total if self.total else 0.0
