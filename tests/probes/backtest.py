# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rolling backtest of ``probes.forecast.trend``: ``python -m tests.probes.backtest FILE.csv ...`` (columns day,value).

From every 30th day, with what was known by then, ask when the stock will have grown by a tenth; look up when it did.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np

from probes.forecast import trend
from probes.verdict import Trend

HORIZON = 365
Sample = tuple[datetime, float]


def read(path: Path) -> list[Sample]:
    """Return the series of a file."""
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [(datetime.fromisoformat(row["day"]).replace(tzinfo=UTC), float(row["value"])) for row in rows]


def cases(series: Sequence[Sample]) -> Iterator[tuple[Trend, float, float]]:
    """Yield the forecast, a straight line through the last 90 days, and the truth, in days; infinity: not in a year."""
    levels = np.array([level for _, level in series])
    for origin in range(60, len(series) - HORIZON, 30):
        total = 1.1 * levels[origin]
        forecast = trend(series[: origin + 1], total, HORIZON)
        if forecast is None:
            continue
        past = levels[max(0, origin - 89) : origin + 1]
        slope = np.polyfit(np.arange(len(past)), past, 1)[0]
        line = (total - levels[origin]) / slope if slope > 0 else np.inf
        over = np.flatnonzero(levels[origin + 1 : origin + 1 + HORIZON] >= total)
        yield forecast, line if line <= HORIZON else np.inf, float(over[0] + 1) if len(over) else np.inf


def main(files: Sequence[str]) -> None:
    """Print one line for each file: shares of cases; median errors in days where truth and forecast come; counts."""
    print("file | cases, reached | inside P10..P90: all, reached | before, after | error of P50, line | false | missed")
    for file in files:
        found = list(cases(read(Path(file))))
        low, middle, high, line, truth = (
            np.array(column)
            for column in zip(
                *((_inf(f.p10), _inf(f.p50), _inf(f.p90), line, truth) for f, line, truth in found), strict=True
            )
        )
        came = np.isfinite(truth)
        print(Path(file).stem, len(found), came.sum(), end=" | ")
        inside = (truth >= low) & (truth <= high)
        print(f"{inside.mean():.0%} {inside[came].mean():.0%}", end=" | ")
        print(f"{np.mean(truth < low):.0%} {np.mean(truth > high):.0%}", end=" | ")
        print(
            *(
                f"{np.median(np.abs(g[both] - truth[both])):.0f}"
                for g in (middle, line)
                for both in [came & np.isfinite(g)]
            ),
            end=" | ",
        )
        print(*(int((np.isfinite(g) & ~came).sum()) for g in (middle, line)), end=" | ")
        print(*(int((~np.isfinite(g) & came).sum()) for g in (middle, line)))


def _inf(days: float | None) -> float:
    return np.inf if days is None else days


def speed() -> float:
    """Return how many half-year series with a sample a day one core looks ahead of in a second."""
    start, growth = (
        datetime(2026, 1, 1, tzinfo=UTC),
        np.random.default_rng(1).gamma(1, 1e9, size=(200, 180)).cumsum(axis=1),
    )
    all_samples = [[(start + timedelta(days=day), float(level)) for day, level in enumerate(row)] for row in growth]
    begun = perf_counter()
    for samples in all_samples:
        trend(samples, total=4e11)
    return len(all_samples) / (perf_counter() - begun)


if __name__ == "__main__":
    main(sys.argv[1:])
    print(f"{speed():.0f} series per second")
