# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The newest capture of a host is of the last run that reached it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from fleet.history.history import History
from fleet.history.records import HostRecord
from fleet.settings import Settings

START = datetime(2026, 11, 1, tzinfo=UTC)


def test_the_last_run_that_reached_it_counts(tmp_path: Path) -> None:
    reached: list[dict[str, str | None]] = [{"a": "a1", "b": "b1", "c": None}, {"a": "a2", "b": None}, {"d": "d3"}]
    with History.open(Settings(tmp_path)) as history:
        for day in (2, 0, 1):  # whatever order they were written in
            run = history.begin("inspection", scope="", profile="", tool="", started=START + timedelta(days=day))
            hosts = [HostRecord(run, name, "", "", "", at, 1.0) for name, at in reached[day].items()]
            history.record(run, hosts, [], [])

        assert history.newest_captures(["a", "b", "c", "nobody"]) == {"a": "a2", "b": "b1"}
        assert history.newest_captures([]) == {}
