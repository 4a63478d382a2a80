# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The document an inspection leaves: ``inspection.json``, and what every other output format is drawn from."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from inventories.base import Frozen, Text
from probes.verdict import CheckResult, Room
from security.verdict import Result, Severity

ReachStatus = Literal["complete", "partial", "unreachable", "interrupted"]
"""Complete: every question put. Partial: reached, but the session ended early. Unreachable: no login, which is not
"down". Interrupted: the inspection was stopped before this host's turn was over."""


class HostCounts(Frozen):
    """Hosts by how far the inspection came."""

    total: int = 0
    reached: int = Field(0, description="complete and partial")
    unreachable: int = 0
    partial: int = Field(0, description="reached, but not every question was answered in time")
    interrupted: int = 0


class BaselineCounts(Frozen):
    """Results of baseline rules by outcome."""

    # "pass" is a Python keyword: an alias in both directions.
    pass_: int = Field(0, alias="pass")
    fail: int = 0
    not_applicable: int = 0
    manual: int = 0
    error: int = 0
    not_evaluated: int = 0

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class HealthCounts(Frozen):
    """Hosts by their worst health state; a host without a single figure is unknown."""

    ok: int = 0
    warning: int = 0
    critical: int = 0
    unknown: int = 0


class Summary(Frozen):
    """The three answers of an inspection, counted."""

    hosts: HostCounts
    baseline: BaselineCounts
    health: HealthCounts


class RegionReport(Frozen):
    """One region with all that lies below it."""

    path: str
    parent: str | None
    level: str
    name: Text
    summary: Summary


class Reach(Frozen):
    """How far the inspection came with one host, and why not further."""

    status: ReachStatus
    cause: str = Field("", description="a code of fleet.capture.CauseCode; empty when complete")
    detail: str = ""
    hint: Text | None = None
    seconds: float = 0.0
    target_cpu_seconds: float | None = Field(None, description="what the questions cost on the target")
    privilege: Literal["root", "user", "unknown"] = "unknown"
    privilege_detail: str = Field("", description="what sudo said when it refused")


class HostCard(Frozen):
    """What a host is, as it says itself; None where it did not say."""

    os: str | None = None
    kernel: str | None = None
    cpus: int | None = None
    memory_bytes: int | None = None
    uptime_seconds: float | None = None


class HostReport(Frozen):
    """Everything the inspection found on one host."""

    name: str
    address: str
    region: str
    site: str
    groups: tuple[str, ...]
    link: str
    reach: Reach
    card: HostCard
    health_state: Literal["ok", "warning", "critical", "unknown"]
    baseline: tuple[Result, ...]
    health: tuple[CheckResult, ...]
    capacity: tuple[Room, ...]
    capture: str | None = Field(None, description="SHA-256 of the stored capture")


class RuleReport(Frozen):
    """A rule that was evaluated, said once for all hosts."""

    id: str
    title: Text
    rationale: Text
    fix: Text
    severity: Severity
    clauses: tuple[str, ...] = Field(description="clauses of the profile's framework this rule gives evidence for")


class CheckReport(Frozen):
    """A health check that was made, said once for all hosts."""

    id: str
    title: Text
    runbook: Text = Field(description="what to do when it is not ok")


class ClauseReport(Frozen):
    """A clause of the profile's framework: what evidences it and what a person must still answer."""

    id: str
    title: Text
    status: Literal["automated", "partial", "manual", "inherited"]
    rules: tuple[str, ...]
    question: Text | None = Field(None, description="what a person must answer")
    verified: bool = Field(
        default=False, description="whether the clause's number was checked against the standard itself"
    )


class Inspection(Frozen):
    """One pass over the fleet: what is there, whether it is healthy, whether it is secure, how much room is left."""

    schema_version: Literal["1"] = "1"
    tool: str
    run: str
    started: datetime
    seconds: float
    authority: Text
    scope: str = Field(description="the --limit pattern; empty for the whole inventory")
    profile: str
    interrupted: bool
    summary: Summary
    regions: tuple[RegionReport, ...]
    hosts: tuple[HostReport, ...]
    rules: tuple[RuleReport, ...]
    clauses: tuple[ClauseReport, ...]
    checks: tuple[CheckReport, ...] = ()
