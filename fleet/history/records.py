# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What history keeps, as plain records: the rooms above give them meaning."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EndState = Literal["complete", "partial", "interrupted"]
RunState = Literal["running", EndState]
"""``running`` also stays on a run that was killed: nobody was left to say otherwise."""

ResultKind = Literal["baseline", "health"]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One pass over the fleet. Times are UTC."""

    id: str
    """Sorts by start: ``20261123T121500Z-ab12cd``."""
    kind: str
    """What sort of pass, e.g. ``inspection``."""
    started: datetime
    finished: datetime | None
    scope: str
    """The ``--limit`` pattern; empty for the whole inventory."""
    profile: str
    tool: str
    """Program and version."""
    state: RunState
    summary_json: str | None


@dataclass(frozen=True, slots=True)
class HostRecord:
    """How far a run came with one host."""

    run: str
    host: str
    status: str
    cause: str
    """A code of ``fleet.capture.CauseCode``; empty when complete."""
    detail: str
    capture: str | None
    """Address in the capture store."""
    seconds: float


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """One verdict of a run on one host; at most one for each kind, subject and item."""

    run: str
    host: str
    kind: ResultKind
    subject: str
    """Id of the rule or check."""
    item: str
    """Which of several, e.g. a mount point; empty when there is only one."""
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many results of one kind came out the same way on one host."""

    host: str
    kind: ResultKind
    outcome: str
    count: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure at one time."""

    host: str
    series: str
    """What was measured, e.g. ``fs:/:used``."""
    at: datetime
    value: float
    total: float | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done, chained to the one before by SHA-256."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail_json: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where history no longer agrees with itself."""

    where: str
    """``event 7`` or ``run 20261123T121500Z-ab12cd``."""
    why: str
