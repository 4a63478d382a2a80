# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Judge one capture: is the host reached, healthy, secure, and how much room is left. Pure: no network, no clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from console import observed
from console.hints import HINTS
from console.reports.model import HostCard, HostReport, Reach, ReachStatus
from fleet import facts
from fleet.capture import Capture
from fleet.collectors.identity import Identity
from fleet.collectors.memory import Memory
from fleet.collectors.os_release import OsRelease
from fleet.facts import HostFacts
from inventories.model import Host
from probes import capacity, health
from probes.verdict import Room
from security.evaluate import evaluate
from security.profile import Profile

Past = Mapping[str, Sequence[tuple[datetime, float]]]
"""Earlier samples of one host: (UTC time, value) by series name, oldest first."""


def needed_collectors(profile: Profile) -> frozenset[str]:
    """Return the ids of all collectors that an inspection by ``profile`` reads."""
    return (
        profile.needed_collectors
        | health.needed_collectors()
        | capacity.NEEDED_COLLECTORS
        | _CARD
        | observed.NEEDED_COLLECTORS
    )


def judge(host: Host, capture: Capture, profile: Profile, past: Past, address: str | None) -> HostReport:
    """Return all that ``capture`` says of ``host``; ages and trends count from the capture's own time.

    ``address`` is the stored capture's SHA-256, None where it is not kept.
    """
    now = datetime.fromisoformat(capture.started)
    seen = facts.read(capture)
    checks = health.judge(seen, now) if capture.reached else ()
    return HostReport(
        name=host.name,
        address=str(host.address),
        region=host.region,
        site=host.site,
        groups=host.groups,
        link=host.link,
        reach=_reach(capture),
        card=_card(seen),
        health_state=health.worst(checks),
        baseline=evaluate(seen, profile),
        health=checks,
        capacity=tuple(_with_trend(room, past, now) for room in capacity.rooms(seen)),
        capture=address,
    )


def series(room: Room) -> str:
    """Return the name under which the use of a room is remembered, e.g. ``filesystem:/var:used``."""
    return f"{room.kind}:{room.item}:used"


_TOO_SHORT = timedelta(days=capacity.MIN_DAYS - 1)
"""A history shorter than this cannot touch enough calendar days for a trend."""

_CARD = frozenset({"identity", "memory", "os_release"})


def _reach(capture: Capture) -> Reach:
    cause = capture.cause
    status: ReachStatus
    if cause is None:
        status = "complete"
    elif cause.code == "interrupted":
        status = "interrupted"
    else:
        status = "partial" if capture.reached else "unreachable"
    return Reach(
        status=status,
        cause=cause.code if cause else "",
        detail=cause.detail if cause else "",
        hint=HINTS[cause.code] if cause else None,
        seconds=capture.seconds,
        target_cpu_seconds=capture.target_cpu_seconds,
        privilege=capture.privilege,
        privilege_detail=capture.privilege_detail,
    )


def _card(seen: HostFacts) -> HostCard:
    system, identity, memory = (seen.facts.get(name) for name in ("os_release", "identity", "memory"))
    return HostCard(
        os=system.pretty_name if isinstance(system, OsRelease) else None,
        kernel=identity.kernel if isinstance(identity, Identity) else None,
        cpus=identity.cpus if isinstance(identity, Identity) else None,
        uptime_seconds=identity.uptime_seconds if isinstance(identity, Identity) else None,
        memory_bytes=memory.total_bytes if isinstance(memory, Memory) else None,
    )


def _with_trend(room: Room, past: Past, now: datetime) -> Room:
    earlier = past.get(series(room), ())
    if room.kind == "memory" or not earlier or now - earlier[0][0] < _TOO_SHORT:
        return room
    from probes.forecast import trend  # noqa: PLC0415 - brings numpy, a tenth of a second that a young history can spare

    return room.model_copy(update={"trend": trend((*earlier, (now, room.used)), room.total)})
