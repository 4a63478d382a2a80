# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""On a real host with systemd: break it and the scan says fail, mend it and the scan says pass."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet import facts, framing
from fleet.capture import Capture
from fleet.collector import catalogue
from fleet.script import LOGIN_COMMAND, compose
from security import profile
from security.evaluate import evaluate
from tests.conftest import RunningLab

HOST = "qh-web1"
BATCHES = Path(__file__).parent / "lab"
"""Each batch: ``<name>.rules`` (rule ids), ``.break``, ``.mend`` and ``.undo``, shell scripts run as root."""


def scan(lab: RunningLab) -> dict[str, str]:
    """Return outcome by rule, seen over SSH as the inspection account."""
    loaded = profile.load()
    asked = tuple(catalogue()[name] for name in sorted(loaded.needed_collectors))
    argv = ["ssh", "-F", str(lab.ssh_config), "-o", "BatchMode=yes", HOST, LOGIN_COMMAND]
    script = compose(asked, "ef-lab-test").encode()
    done = subprocess.run(argv, input=script, capture_output=True, check=True, timeout=60)
    answers = framing.read(done.stdout, done.stderr, "ef-lab-test", asked)
    assert answers.uid == 0
    capture = Capture(
        target=HOST, started=datetime.now(UTC).isoformat(), seconds=0.0, tool="test", questions="",
        asked=tuple(one.id for one in asked), reached=True, privilege="root", privilege_detail="", cause=None,
        target_cpu_seconds=answers.cpu_seconds, sections=answers.sections,
    )  # fmt: skip
    return {result.rule: result.outcome for result in evaluate(facts.read(capture), loaded)}


@pytest.mark.lab
@pytest.mark.parametrize("batch", sorted(file.stem for file in BATCHES.glob("*.rules")))
def test_a_broken_host_fails_and_a_mended_one_passes(lab: RunningLab, batch: str) -> None:
    def play(act: str) -> None:
        lab.run(HOST, ["sh", "-euc", (BATCHES / f"{batch}.{act}").read_text(encoding="utf-8")])

    lines = (BATCHES / f"{batch}.rules").read_text(encoding="utf-8").splitlines()
    rules = {rule for line in lines if not line.startswith("#") for rule in line.split()}
    try:
        play("break")
        broken = scan(lab)
        play("mend")
        mended = scan(lab)
    finally:
        play("undo")
    assert {rule: broken[rule] for rule in rules} == dict.fromkeys(rules, "fail")
    assert {rule: mended[rule] for rule in rules} == dict.fromkeys(rules, "pass")
