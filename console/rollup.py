# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Count what was found: per region with all that lies below it, and for the whole inspection."""

from collections import Counter
from collections.abc import Iterable, Sequence

from console.reports.model import (
    BaselineCounts,
    HealthCounts,
    HostCounts,
    HostReport,
    RegionReport,
    Summary,
)
from inventories.model import Inventory


def summarise(hosts: Iterable[HostReport]) -> Summary:
    """Return the counts over ``hosts``."""
    hosts = tuple(hosts)
    reach = Counter(host.reach.status for host in hosts)
    outcomes = Counter(result.outcome for host in hosts for result in host.baseline)
    states = Counter(host.health_state for host in hosts)
    return Summary(
        hosts=HostCounts(
            total=len(hosts),
            reached=reach["complete"] + reach["partial"],
            unreachable=reach["unreachable"],
            partial=reach["partial"],
            interrupted=reach["interrupted"],
        ),
        baseline=BaselineCounts.model_validate(outcomes),
        health=HealthCounts.model_validate(states),
    )


def regions(inventory: Inventory, hosts: Sequence[HostReport]) -> tuple[RegionReport, ...]:
    """Return every region that has an inspected host in it or below, in the inventory's order."""
    reports = []
    by_name = {host.name: host for host in hosts}
    for region in inventory.regions:
        inside = [by_name[host.name] for host in inventory.hosts_in(region.path) if host.name in by_name]
        if inside:
            reports.append(
                RegionReport(
                    path=region.path,
                    parent=region.parent,
                    level=region.level,
                    name=region.name,
                    summary=summarise(inside),
                )
            )
    return tuple(reports)
