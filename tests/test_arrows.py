# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The rooms: who may import whom, and how big a file may grow."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("console", "fleet", "inventories", "lab", "playbooks", "probes", "security", "tests")
LONGEST = 450


def test_arrows_run_one_way() -> None:
    """The contracts are in pyproject.toml, [tool.importlinter]."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_files_stay_short(room: str) -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in (ROOT / room).rglob("*.py")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}
