# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The gaps of a rota are those that somebody finds who looks at every minute."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.base import Text
from inventories.model import WEEK, Rota, Shift
from inventories.oncall import uncovered, weekly_gaps

NAME = Text(en="R", zh="值班")
CLOCKS = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30)] + ["24:00"]
ZONES = ["Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "UTC", "Etc/GMT+9", "Pacific/Kiritimati"]

shifts = st.builds(
    Shift,
    id=st.just("s"),
    days=st.lists(st.sampled_from(WEEK), min_size=1, max_size=7, unique=True).map(tuple),
    start=st.sampled_from(CLOCKS[:-1]),
    end=st.sampled_from(CLOCKS),
    contacts=st.just(("ops",)),
)
rotas = st.builds(
    Rota,
    id=st.just("r"),
    region=st.just("."),
    name=st.just(NAME),
    timezone=st.none() | st.sampled_from(ZONES),
    shifts=st.lists(shifts, max_size=4).map(tuple),
)


def minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def on_call(rota: Rota, day: int, minute: int) -> bool:
    """Tell whether somebody is on call on that day of the week (0 is Monday) in that minute of the day."""
    for shift in rota.shifts:
        start, end = minutes(shift.start), minutes(shift.end)
        today, yesterday = WEEK[day] in shift.days, WEEK[day - 1] in shift.days
        if end > start:
            if today and start <= minute < end:
                return True
        elif (today and minute >= start) or (yesterday and minute < end):
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(rotas)
def test_the_gaps_of_a_week_are_the_minutes_nobody_has(rota: Rota) -> None:
    gaps = weekly_gaps(rota)

    missing = {minute for start, end in gaps for minute in range(start, end)}
    assert missing == {m for m in range(7 * 1440) if not on_call(rota, m // 1440, m % 1440)}
    assert all(start < end for start, end in gaps)
    assert all(one[1] < other[0] for one, other in pairwise(gaps))


@settings(max_examples=60, deadline=None)
@given(rotas, st.sampled_from(ZONES), st.integers(0, 4 * 365 * 96), st.integers(1, 3 * 96))
def test_the_gaps_of_a_window_are_the_minutes_nobody_has(rota: Rota, zone: str, begin: int, length: int) -> None:
    home = ZoneInfo(zone)
    own = ZoneInfo(rota.timezone) if rota.timezone else home
    start = datetime(2026, 1, 1) + timedelta(minutes=15 * begin)  # noqa: DTZ001 - a local time, as calendars say it
    end = start + timedelta(minutes=15 * length)

    missing: set[datetime] = set()
    moment = start
    while moment < end:
        there = moment.replace(tzinfo=home).astimezone(UTC).astimezone(own)
        if not on_call(rota, there.weekday(), there.hour * 60 + there.minute):
            missing.add(moment)
        moment += timedelta(minutes=1)

    found: set[datetime] = set()
    for since, until in uncovered(rota, home, start, end):
        assert start <= since < until <= end
        length_of_gap = (until - since) // timedelta(minutes=1)
        found |= {since + timedelta(minutes=minute) for minute in range(length_of_gap)}
    assert found == missing


def rota(*shifts: Shift, timezone: str | None = None) -> Rota:
    return Rota(id="r", region=".", name=NAME, timezone=timezone, shifts=shifts)


def test_a_night_shift_of_sunday_reaches_into_monday() -> None:
    nights = rota(Shift(id="n", start="18:00", end="08:00", contacts=("ops",)))

    assert weekly_gaps(nights) == tuple((day * 1440 + 480, day * 1440 + 1080) for day in range(7))


def test_a_shift_that_ends_when_it_starts_lasts_a_day() -> None:
    assert weekly_gaps(rota(Shift(id="n", start="08:00", end="08:00", contacts=("ops",)))) == ()


def test_office_hours_two_zones_away_begin_later_here() -> None:
    # 09:00 to 17:00 in Urumqi (UTC+6) is 11:00 to 19:00 in Shanghai (UTC+8).
    office = rota(Shift(id="o", start="09:00", end="17:00", contacts=("ops",)), timezone="Asia/Urumqi")
    day = datetime(2027, 6, 7, 9), datetime(2027, 6, 7, 20)  # noqa: DTZ001 - local times

    gaps = uncovered(office, ZoneInfo("Asia/Shanghai"), *day)

    assert [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in gaps] == [("09:00", "11:00"), ("19:00", "20:00")]


def test_a_day_on_which_the_clock_is_put_forward_has_no_gap_around_the_clock() -> None:
    halves = rota(
        Shift(id="a", start="02:30", end="14:30", contacts=("ops",)),
        Shift(id="b", start="14:30", end="02:30", contacts=("ops",)),
    )
    window = datetime(2027, 3, 27), datetime(2027, 4, 1)  # noqa: DTZ001 - local times

    assert uncovered(halves, ZoneInfo("Europe/Berlin"), *window) == ()
