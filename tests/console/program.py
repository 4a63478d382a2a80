# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Run the real program in a process of its own, with a state directory of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from console.reports.model import Inspection

EDUFLEET = Path(sys.executable).with_name("edufleet")


@dataclass(frozen=True, slots=True)
class Program:
    """``edufleet``, as somebody with an empty state directory finds it."""

    home: Path

    @property
    def environ(self) -> dict[str, str]:
        """The environment it runs in."""
        return {**os.environ, "EDUFLEET_STATE": str(self.home / "state"), "LC_ALL": "C.UTF-8", "COLUMNS": "200"}

    @property
    def out(self) -> Path:
        """Where its reports go."""
        return self.home / "out"

    def start(self, *argv: str) -> subprocess.Popen[str]:
        """Start it and return at once."""
        return subprocess.Popen(
            [EDUFLEET, *argv],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home,
        )

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            [EDUFLEET, *argv], env=self.environ, capture_output=True, text=True, check=False, cwd=self.home, timeout=120
        )

    def inspection(self) -> Inspection:
        """Return the document it left."""
        return Inspection.model_validate(json.loads((self.out / "inspection.json").read_text(encoding="utf-8")))
