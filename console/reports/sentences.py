# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Sentences that every face of an inspection says alike."""

from datetime import datetime

from console.reports.figures import day
from console.reports.model import HostCounts
from console.reports.words import Words
from probes.verdict import Room


def verdict(hosts: HostCounts, attention: int, words: Words) -> str:
    """Return the one sentence an inspection comes down to."""
    if not hosts.reached:
        state = words("attention.unknown")
    elif not attention:
        state = words("attention.none")
    else:
        state = words.count("attention", attention)
    return words("verdict", asked=words.count("host", hosts.total), answered=f"{hosts.reached:,}", attention=state)


def runs_out(room: Room, started: datetime, words: Words) -> str:
    """Return the P50 date on which something is full, or why there is none."""
    if room.trend is None:
        return words("trend.none")
    if room.trend.p50 is None:
        return words("trend.beyond", days=room.trend.horizon_days)
    return words("trend.p50", day=day(started, room.trend.p50))


def span(room: Room, started: datetime, words: Words) -> str:
    """Return the P10 and P90 dates; empty when the trend says nothing."""
    if room.trend is None or room.trend.p10 is None:
        return ""
    late = room.trend.p90
    return words(
        "trend.span",
        early=day(started, room.trend.p10),
        late=words("trend.later") if late is None else day(started, late),
    )


def room_name(room: Room, words: Words) -> str:
    """Return what a finite thing is called: its mount point, and what of it when that is not bytes."""
    if room.kind == "memory":
        return words("memory")
    return room.item if room.kind == "filesystem" else words("inodes", item=room.item)
