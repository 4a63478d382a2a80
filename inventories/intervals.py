# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Dated windows in the terms Alertmanager has for time: years, months, days of the month and times of day."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from inventories.base import Frozen

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


class Times(Frozen):
    """A part of a day, HH:MM to HH:MM; the end is not part of it."""

    start_time: str
    end_time: str


class Interval(Frozen):
    """Days of one month, whole or a part of each; the shape is Alertmanager's own."""

    times: tuple[Times, ...] = ()
    days_of_month: tuple[str, ...]
    months: tuple[str, ...]
    years: tuple[str, ...]
    location: str


def intervals(start: datetime, end: datetime, location: str) -> Iterator[Interval]:
    """Yield what together covers the time from ``start`` up to ``end``, local times of the zone ``location``.

    Alertmanager knows whole minutes: those that the window covers only in part are left out.
    """
    start = start if start == _floor(start) else _floor(start) + _MINUTE
    end = _floor(end)
    if start >= end:
        return
    if start.date() == end.date():
        yield _within(start.date(), start.time(), f"{end:%H:%M}", location)
        return
    first = start.date()
    if start.time() != time.min:
        yield _within(first, start.time(), "24:00", location)
        first += _DAY
    while first < end.date():
        last = min(first.replace(day=monthrange(first.year, first.month)[1]), end.date() - _DAY)
        yield _days(first, last, (), location)
        first = last + _DAY
    if end.time() != time.min:
        yield _within(end.date(), time.min, f"{end:%H:%M}", location)


def _floor(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _within(day: date, start: time, end: str, location: str) -> Interval:
    return _days(day, day, (Times(start_time=f"{start:%H:%M}", end_time=end),), location)


def _days(first: date, last: date, times: tuple[Times, ...], location: str) -> Interval:
    return Interval(
        times=times,
        days_of_month=(f"{first.day}:{last.day}",),
        months=(str(first.month),),
        years=(str(first.year),),
        location=location,
    )
