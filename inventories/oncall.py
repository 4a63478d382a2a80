# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Finds the time in which a rota has nobody on call."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from inventories.model import WEEK, Rota, Shift

T = TypeVar("T", int, datetime)

_DAY = 24 * 60
_WEEK = 7 * _DAY


def weekly_gaps(rota: Rota) -> tuple[tuple[int, int], ...]:
    """Return when in a week nobody is on call: minutes since Monday 00:00 of the rota's own zone, first and end.

    >>> office = Shift(id="office", days=("mon", "tue", "wed", "thu", "fri"), start="00:00", contacts=("ops",))
    >>> weekly_gaps(Rota(id="r", region=".", name={"en": "R", "zh": "值班"}, shifts=[office]))
    ((7200, 10080),)
    """
    on_call: list[tuple[int, int]] = []
    for shift in rota.shifts:
        start, end = _hours(shift)
        for day in shift.days:
            before = WEEK.index(day) * _DAY
            on_call.append((before + start, before + end))
            on_call.append((before + start - _WEEK, before + end - _WEEK))
    return tuple(_left(0, _WEEK, on_call))


def uncovered(rota: Rota, home: ZoneInfo, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return when between ``start`` and ``end`` nobody is on call.

    All times are local times of ``home`` without zone; the shifts are read in the rota's own zone if it names one.
    Raises ``ZoneInfoNotFoundError`` or ``ValueError`` when there is no such zone.
    """
    own = ZoneInfo(rota.timezone) if rota.timezone is not None else home
    first, last = (moment.replace(tzinfo=home).astimezone(UTC) for moment in (start, end))
    # What begins on the day before may last into the first.
    day = first.astimezone(own).date() - timedelta(days=1)
    on_call: list[tuple[datetime, datetime]] = []
    while day <= last.astimezone(own).date():
        for shift in rota.shifts:
            if WEEK[day.weekday()] in shift.days:
                begins, ends = _hours(shift)
                on_call.append((_moment(day, begins, own), _moment(day, ends, own)))
        day += timedelta(days=1)
    return tuple((_local(since, home), _local(until, home)) for since, until in _left(first, last, on_call))


def _hours(shift: Shift) -> tuple[int, int]:
    """Return start and end in minutes since the midnight before the start."""
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (shift.start, shift.end))
    return start, end if end > start else end + _DAY


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minutes, _DAY)
    return datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone).astimezone(UTC)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _left(first: T, last: T, taken: Iterable[tuple[T, T]]) -> Iterator[tuple[T, T]]:
    """Yield what of ``first`` to ``last`` is in none of the ``taken`` stretches."""
    for start, end in sorted(taken):
        if start >= last:
            break
        if start > first:
            yield first, start
        first = max(first, end)
    if first < last:
        yield first, last
