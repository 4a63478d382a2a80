# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""When a stock that only people empty will have used up its room, from its history."""

from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from probes.capacity import MIN_DAYS
from probes.verdict import Trend

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_POINTS = 10
"""Fewest days with a sample in it."""
WINDOW_DAYS = 180
"""What is older says nothing about next month."""

_MAX_GAP_DAYS = 10
_CLEAN_UP = 0.05
_DAYS_PER_CLEAN_UP = 30
_HABIT = 3
_BLOCK_DAYS = 7
_PATHS = 200


def trend(samples: Sequence[tuple[datetime, float]], total: float, horizon_days: int = 365) -> Trend | None:
    """Return when a stock reaches ``total``, from what it grew by per day: a block bootstrap of daily changes.

    ``samples`` are (time with a zone, used) in any order, ``used`` and ``total`` in one unit. None without
    :data:`MIN_DAYS` of history and :data:`MIN_POINTS` days that have a sample. Equal samples give equal trends.

    Weeks of change are drawn, not days, so that a weekly habit stays one. A clean-up (a fall of more than 5 % from one
    day to the next) is nothing to count on and is left out, unless three came and at least one a month: then it is how
    the stock lives.
    """
    days, levels = _daily(samples)
    if len(days) < MIN_POINTS or days[-1] - days[0] < MIN_DAYS:
        return None
    deltas, segments = _changes(days, levels)
    if len(deltas) < MIN_POINTS:
        return None
    room = total - float(levels[-1])
    history = int(days[-1] - days[0])
    if room <= 0:
        return Trend(days=history, horizon_days=horizon_days, p10=0, p50=0, p90=0)
    reached = np.sort(_first_days(_paths(deltas, segments, horizon_days, crc32(levels.tobytes())), room))
    p10, p50, p90 = (
        float(day) if np.isfinite(day := reached[int(share * (len(reached) - 1))]) else None
        for share in (0.1, 0.5, 0.9)
    )
    return Trend(days=history, horizon_days=horizon_days, p10=p10, p50=p50, p90=p90)


def _daily(samples: Sequence[tuple[datetime, float]]) -> tuple[Ints, Floats]:
    """Return the last level of every day (UTC) that has one, of the window that ends with the latest sample."""
    times = np.array([time.timestamp() for time, _ in samples])
    order = np.argsort(times, kind="stable")
    days = (times[order] // 86_400).astype(np.int64)
    levels = np.array([level for _, level in samples], dtype=np.float64)[order]
    last = np.append(np.diff(days) > 0, values=True)[: len(days)]
    recent = last & (days >= days[-1] - WINDOW_DAYS) if len(days) else last
    return days[recent], levels[recent]


def _changes(days: Ints, levels: Floats) -> tuple[Floats, Ints]:
    """Return the change of every day, and the number of the unbroken stretch it belongs to.

    A change over a short gap is spread over its days; a long gap, like a clean-up, breaks the stretch.
    """
    gaps, steps = np.diff(days), np.diff(levels)
    clean_up = steps < -_CLEAN_UP * levels[:-1]
    habit = clean_up.sum() >= max(_HABIT, (days[-1] - days[0]) / _DAYS_PER_CLEAN_UP)
    broken = (clean_up & ~habit) | (gaps > _MAX_GAP_DAYS)
    kept = ~broken
    segments = np.cumsum(broken)[kept]
    return np.repeat(steps[kept] / gaps[kept], gaps[kept]), np.repeat(segments, gaps[kept])


def _paths(deltas: Floats, segments: Ints, horizon_days: int, seed: int) -> Floats:
    """Return how far the stock may have moved after each day, one row per path: blocks of history drawn at random."""
    for block in (_BLOCK_DAYS, 3, 1):
        starts = np.flatnonzero(segments[: len(segments) - block + 1] == segments[block - 1 :])
        if len(starts) >= block:
            break
    # Every path believes in another history of as many blocks as there was time for: what was seen is itself a draw.
    rng = np.random.default_rng(seed)
    believed = rng.integers(len(starts), size=(_PATHS, max(1, len(deltas) // block)))
    draws = rng.integers(believed.shape[1], size=(_PATHS, -(-horizon_days // block)))
    # Summed within each block of history once, then stacked, instead of along every path.
    within = np.cumsum(sliding_window_view(deltas, block)[starts], axis=1)
    blocks = within[np.take_along_axis(believed, draws, axis=1)]
    before = np.cumsum(blocks[:, :, -1], axis=1) - blocks[:, :, -1]
    return (blocks + before[:, :, np.newaxis]).reshape(_PATHS, -1)[:, :horizon_days]


def _first_days(paths: Floats, room: float) -> Floats:
    """Return for each path the first day on which it has used up ``room``; infinity where it does not."""
    over = paths >= room
    return np.where(over.any(axis=1), over.argmax(axis=1) + 1.0, np.inf)
