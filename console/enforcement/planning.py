# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Make a plan: inspect the hosts by the profile, and turn what fails into measures. Nothing is changed anywhere."""

import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from console.inspection import TOOL, Gather, Order
from fleet import facts
from fleet.collector import catalogue
from fleet.session import Ask
from fleet.settings import Settings
from fleet.store import CaptureStore
from playbooks.baseline import play
from security.enforcement.make import Seen, host_plan
from security.enforcement.plan import FORMAT, Plan
from security.evaluate import judge

Waived = Mapping[str, frozenset[str]]
"""Rules that somebody accepted, by host."""


async def plan(order: Order, rules: Collection[str], waived: Waived, gather: Gather, settings: Settings) -> Plan:
    """Return the plan for the rules on the hosts of the order; the captures it stands on are kept."""
    profile = order.profile
    chosen = tuple(rule for rule in profile.rules if rule.id in rules)
    needed = frozenset({"os_release"}.union(*(rule.needs for rule in chosen)))
    ask = Ask(tuple(collector for name, collector in catalogue().items() if name in needed), TOOL)
    started = datetime.now(UTC)
    captures = await gather(order.hosts, ask)
    store = CaptureStore(settings.captures)
    hosts, unreached = [], []
    for host, capture in zip(order.hosts, captures, strict=True):
        if capture.cause is not None:
            unreached.append(host.name)
            continue
        seen = facts.read(capture)
        results = tuple(judge(rule, profile.params[rule.id], seen) for rule in chosen)
        shown = Seen(host.name, datetime.fromisoformat(capture.started), store.put(capture), seen, results)
        accepted = waived.get(host.name, frozenset())
        hosts.append(host_plan(shown, profile, rules=rules, waived=accepted, kinds=play.kinds()))
    return Plan(
        format=FORMAT,
        id=f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        created=started,
        tool=TOOL,
        profile=profile.id,
        scope=order.scope,
        hosts=tuple(hosts),
        unreached=tuple(unreached),
    ).sealed()
