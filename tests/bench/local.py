# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""This machine: the whole inspection against Lynis."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.row import Row, alternate, seconds

EDUFLEET = Path(sys.executable).with_name("edufleet")


def rows() -> Iterator[Row]:
    """Measure."""
    with tempfile.TemporaryDirectory() as scratch:
        environ = {**os.environ, "EDUFLEET_STATE": f"{scratch}/state"}

        def ours() -> float:
            argv = [str(EDUFLEET), "inspect", "--local", "--out", f"{scratch}/out"]
            return seconds(lambda: subprocess.run(argv, env=environ, stdout=subprocess.DEVNULL, check=False))

        def lynis() -> float:
            argv = ["lynis", "audit", "system", "--quick", "--quiet", "--no-log"]
            argv += ["--report-file", f"{scratch}/lynis.dat"]
            return seconds(
                lambda: subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            )

        mine, theirs = alternate(ours, lynis, rounds=3)
        assert Path(f"{scratch}/out/report.html").exists(), "edufleet wrote no report"
        assert Path(f"{scratch}/lynis.dat").exists(), "lynis wrote no report"
    yield Row(
        name="local scan: edufleet inspect --local against lynis audit system",
        ours=median(mine),
        peer=median(theirs),
        unit="s",
        ratio=median(theirs) / median(mine),
        goal=40,
        better="at least",
    )
