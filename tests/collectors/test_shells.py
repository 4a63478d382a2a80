# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Every question is answered by every shell a target may have, and its answer can be read."""

import os
import subprocess
from shutil import which

import pytest

from fleet.collector import ABSENT, DENIED, catalogue

SHELLS = (["dash"], ["bash"], ["busybox", "sh"])


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
@pytest.mark.parametrize("name", catalogue())
def test_every_shell_asks_and_the_answer_can_be_read(name: str, shell: list[str]) -> None:
    if which(shell[0]) is None:
        pytest.skip(f"no {shell[0]} here")
    collector = catalogue()[name]
    asked = subprocess.run(
        [*shell, "-c", collector.question], check=False, capture_output=True, text=True, timeout=30, cwd="/"
    )
    refused = set() if os.geteuid() == 0 else {DENIED}
    assert asked.returncode in collector.ok | {ABSENT} | refused, asked.stderr
    if asked.returncode in collector.ok:
        collector.parse(asked.stdout)
