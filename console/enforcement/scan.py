# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Look at hosts before and after a change: exactly the rules at hand, and their health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.inspection import TOOL, Gather
from fleet import facts
from fleet.capture import Capture
from fleet.collector import catalogue
from fleet.session import Ask
from inventories.errors import BadInput
from inventories.model import Host
from probes import health
from security import catalogue as rules
from security.enforcement.plan import HostPlan
from security.evaluate import judge
from security.rule import Rule
from security.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Look:
    """What one scan showed of one host."""

    capture: Capture
    outcomes: Mapping[str, Outcome]
    """By rule; empty when the host was not asked to the end."""
    critical: frozenset[str]
    """Health checks that are critical, as ``check:item``."""

    @property
    def complete(self) -> bool:
        """Whether the host was reached, as root, and answered to the end."""
        return self.capture.reached and self.capture.cause is None and self.capture.privilege == "root"

    @property
    def why(self) -> str:
        """Why it is not complete."""
        cause = self.capture.cause
        return f"{cause.code}: {cause.detail}" if cause else self.capture.privilege_detail or "no root by sudo"


async def scan(hosts: Mapping[Host, HostPlan], gather: Gather) -> dict[str, Look]:
    """Return what the measures' rules say now, with the parameters the plan has, and the hosts' health, by host name.

    Raises:
        BadInput: the plan names a rule that there is not any more.

    """
    needed = {"os_release"} | health.needed_collectors()
    for plan in hosts.values():
        for measure in plan.measures:
            needed |= _rule(measure.rule).needs
    captures = await gather(tuple(hosts), _ask(needed))
    return {host.name: _look(capture, hosts[host]) for host, capture in zip(hosts, captures, strict=True)}


async def logins(hosts: Sequence[Host], gather: Gather) -> dict[str, Look]:
    """Return whether each host lets in a new login that may become root, by host name."""
    captures = await gather(hosts, _ask({"os_release"}))
    return {host.name: Look(capture, {}, frozenset()) for host, capture in zip(hosts, captures, strict=True)}


def _ask(needed: set[str]) -> Ask:
    return Ask(tuple(collector for name, collector in catalogue().items() if name in needed), TOOL)


def _rule(name: str) -> Rule:
    if name not in rules.rules():
        raise BadInput(f"the plan names a rule that there is not any more: {name}", hint="make a new plan")
    return rules.rules()[name]


def _look(capture: Capture, plan: HostPlan) -> Look:
    if not capture.reached:
        return Look(capture, {}, frozenset())
    seen = facts.read(capture)
    checks = health.judge(seen, datetime.fromisoformat(capture.started))
    return Look(
        capture,
        {one.rule: judge(_rule(one.rule), one.params, seen).outcome for one in plan.measures},
        frozenset(f"{check.check}:{check.item}" for check in checks if check.state == "critical"),
    )
