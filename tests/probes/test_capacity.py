# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Room left and when it runs out: what a trend says of stocks whose future is known."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.collector import catalogue
from fleet.facts import HostFacts, Missing
from probes.capacity import MIN_DAYS, NEEDED_COLLECTORS, rooms
from probes.forecast import trend
from tests.probes.cases import FIXTURES

START = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)
Samples = list[tuple[datetime, float]]


def daily(levels: list[float]) -> Samples:
    return [(START + timedelta(days=day), level) for day, level in enumerate(levels)]


def steady(days: int, per_day: float = 1.0) -> Samples:
    return daily([100 + per_day * day for day in range(days)])


def test_a_steady_stock_is_full_when_arithmetic_says() -> None:
    found = trend(steady(61), total=260)
    assert found is not None
    assert (found.days, found.p10, found.p50, found.p90) == (60, 100, 100, 100)


@pytest.mark.parametrize("per_day", [0.0, -0.5])
def test_a_stock_that_does_not_grow_is_not_full_within_the_horizon(per_day: float) -> None:
    found = trend(steady(60, per_day), total=260)
    assert found is not None
    assert (found.p10, found.p50, found.p90) == (None, None, None)


def test_beyond_the_horizon_there_is_no_date() -> None:
    found = trend(steady(61), total=260, horizon_days=99)
    assert found is not None
    assert found.p50 is None


def test_a_full_stock_is_full_now() -> None:
    found = trend(steady(60), total=150)
    assert found is not None
    assert (found.p10, found.p50, found.p90) == (0, 0, 0)


@pytest.mark.parametrize(
    "samples",
    [
        [],
        steady(1),
        steady(MIN_DAYS),
        [(START + timedelta(hours=hour), float(hour)) for hour in range(24 * (MIN_DAYS - 1))],
        [(START + timedelta(days=40 * step), float(step)) for step in range(12)],
        [(START + timedelta(days=3 * step), float(step)) for step in range(9)],
        [(START + timedelta(days=40 * step + day), float(step)) for step in range(5) for day in range(2)],
    ],
    ids=["none", "one", "a day short", "hourly, a day short", "too far apart", "too few", "in pairs"],
)
def test_too_little_history_gives_no_trend(samples: Samples) -> None:
    assert trend(samples, total=1e9) is None


def test_fourteen_days_are_enough() -> None:
    assert trend(steady(MIN_DAYS + 1), total=1e9) is not None


def test_the_last_sample_of_a_day_counts_in_whatever_order_they_come_and_equal_samples_give_equal_trends() -> None:
    noise = np.random.default_rng(7).gamma(1, 2, size=90).cumsum()
    samples = daily([float(level) for level in noise])
    more = samples[::-1] + [(time - timedelta(hours=1), level - 50) for time, level in samples]
    assert trend(more, total=500) == trend(samples, total=500) == trend(samples, total=500)


@pytest.mark.parametrize("days", [10, 40], ids=["in a short history", "in a long one"])
def test_one_clean_up_does_not_hide_the_growth(days: int) -> None:
    levels = [100 + 2.0 * day for day in range(days)]
    found = trend(daily([*levels, *(level - 20 for level in levels)]), total=levels[-1] - 20 + 100)
    assert found is not None
    assert found.p50 == 50


def test_a_weekly_clean_up_is_how_the_stock_lives() -> None:
    found = trend(daily([100 + 5.0 * (day % 7) for day in range(120)]), total=200)
    assert found is not None
    assert found.p50 is None


def test_a_weekly_inspection_is_enough() -> None:
    samples = [(START + timedelta(weeks=week), 100 + 7.0 * week) for week in range(12)]
    found = trend(samples, total=277)
    assert found is not None
    assert found.p50 == 100


def test_growth_before_the_window_does_not_count() -> None:
    rise, rest = [10.0 * day for day in range(200)], [2000.0] * 200
    found = trend(daily(rise + rest), total=2100)
    assert found is not None
    assert found.p90 is None
    assert found.p50 is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1e15), min_size=MIN_DAYS + 1, max_size=60), st.floats(1, 1e15))
def test_quantiles_are_in_order_and_within_the_horizon(levels: list[float], total: float) -> None:
    found = trend(daily(levels), total, horizon_days=90)
    if found is None:
        return
    days = [np.inf if day is None else day for day in (found.p10, found.p50, found.p90)]
    assert days == sorted(days)
    assert all(0 <= day <= 90 or day == np.inf for day in days)


def test_rooms_are_file_systems_inodes_and_memory_and_only_what_was_read() -> None:
    read = {name: (FIXTURES / name / f"{case}.txt").read_text("utf-8") for name, case in RECORDED.items()}
    facts = {name: catalogue()[name].parse(answer) for name, answer in read.items()}
    found = {(room.kind, room.item): room for room in rooms(HostFacts("a", facts, {}))}
    assert set(found) == {
        ("filesystem", "/"),
        ("inodes", "/"),
        ("filesystem", "/boot"),
        ("inodes", "/boot"),
        ("filesystem", "/boot/efi"),
        ("filesystem", "/data"),
        ("memory", ""),
    }
    assert found["filesystem", "/data"].left == 0
    assert found["memory", ""].left == 758_292_480
    assert found["memory", ""].trend is None
    denied = {name: Missing("denied", "") for name in NEEDED_COLLECTORS}
    assert rooms(HostFacts("a", {}, denied)) == ()


RECORDED = {"filesystems": "mixed_by_hand", "memory": "swapping_by_hand"}
