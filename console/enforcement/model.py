# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What an enforcement came to, as one document."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from inventories.base import Frozen

RuleState = Literal[
    "fixed", "needs_reboot", "not_converged", "failed", "rolled_back", "lost", "not_verified", "not_started"
]
"""The new scan passes; will after a reboot; still fails; a step failed and what it did was put back; access was lost
and came back by the host's own undoing; access is still lost; changed, but no new scan; nothing was changed."""

HostState = Literal["done", "failed", "unreachable", "not_started", "interrupted"]

UndoState = Literal["restored", "nothing", "partly", "unreachable"]


class RuleOutcome(Frozen):
    """One rule on one host."""

    rule: str
    state: RuleState
    passes: int
    changed: int
    """Tasks that changed something, in all passes."""
    message: str


class HostOutcome(Frozen):
    """One host."""

    host: str
    state: HostState
    message: str
    rules: tuple[RuleOutcome, ...]


class Enforcement(Frozen):
    """A whole run."""

    run: str
    plan: str
    """Id of the plan."""
    started: datetime
    seconds: float
    interrupted: bool
    stopped: str
    """Why later waves were not begun; empty when they were."""
    hosts: tuple[HostOutcome, ...]


class HostUndo(Frozen):
    """What undoing came to on one host."""

    host: str
    state: UndoState
    lines: tuple[str, ...]
    """What was put back, what was left because somebody changed it since, what could not be put back."""
    outcomes: Mapping[str, str]
    """Verdict of each rule by a new scan."""


class Undoing(Frozen):
    """The undoing of a run."""

    run: str
    undone: str
    hosts: tuple[HostUndo, ...]
