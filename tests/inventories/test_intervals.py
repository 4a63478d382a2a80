# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Dated windows as Alertmanager says them: they cover exactly the whole minutes of the window."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.intervals import Interval, intervals

moments = st.datetimes(min_value=datetime(2025, 11, 1), max_value=datetime(2028, 4, 1))  # noqa: DTZ001 - local times
near = st.sampled_from([-86_400, -3600, -61, -60, -59, -1, 0, 1, 59, 60, 61, 3600, 86_400])


def covers(interval: Interval, moment: datetime) -> bool:
    """Tell whether Alertmanager takes ``moment`` to be in ``interval``: every part that is given must match."""
    first, last = (int(day) for day in interval.days_of_month[0].split(":"))
    return (
        interval.years == (str(moment.year),)
        and interval.months == (str(moment.month),)
        and first <= moment.day <= last
        and all(times.start_time <= f"{moment:%H:%M}" < times.end_time for times in interval.times)
    )


@settings(max_examples=100, deadline=None)
@given(start=moments, minutes=st.integers(0, 200_000), seconds=st.integers(1, 120), after=st.booleans(), offset=near)
def test_they_cover_the_whole_minutes_of_the_window(
    start: datetime, minutes: int, seconds: int, after: bool, offset: int
) -> None:
    end = start + timedelta(minutes=minutes, seconds=seconds)
    probe = (end if after else start) + timedelta(seconds=offset)
    minute = probe.replace(second=0, microsecond=0)

    covering = [one for one in intervals(start, end, "Asia/Shanghai") if covers(one, probe)]

    assert len(covering) == (start <= minute and minute + timedelta(minutes=1) <= end)


def test_whole_days_stay_whole_and_months_are_apart() -> None:
    found = list(intervals(datetime(2026, 6, 29, 22), datetime(2026, 7, 3), "Asia/Shanghai"))  # noqa: DTZ001

    assert [one.model_dump(exclude={"location"}) for one in found] == [
        {
            "times": ({"start_time": "22:00", "end_time": "24:00"},),
            "days_of_month": ("29:29",), "months": ("6",), "years": ("2026",),
        },
        {"times": (), "days_of_month": ("30:30",), "months": ("6",), "years": ("2026",)},
        {"times": (), "days_of_month": ("1:2",), "months": ("7",), "years": ("2026",)},
    ]  # fmt: skip
