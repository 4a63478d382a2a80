# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""This machine itself: the same script, as whoever asks, with or without sudo."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fleet import local
from fleet.capture import from_bytes
from fleet.links import Patience
from fleet.local import ask_local
from tests.fleet.questions import question
from tests.fleet.servers import ONE, WHOLE, ask, cause_of, said

AS_NOBODY = """\
import asyncio, os, sys
from fleet.local import ask_local
from tests.fleet.questions import question
from fleet.session import Ask
asked = Ask((question("who", "id -u"), question("two", "echo second")), "test")
os.setgroups([]), os.setgid(65534), os.setuid(65534)  # only now: the interpreter may be in a home directory
sys.stdout.buffer.write(asyncio.run(ask_local("here", asked)).to_bytes())
"""


async def test_this_machine_answers() -> None:
    capture = await ask_local("here", ask())
    assert cause_of(capture) is None
    assert said(capture) == WHOLE
    assert capture.target == "here"
    assert capture.reached
    if os.geteuid() == 0:
        assert capture.privilege == "root"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(
    ("path", "words"), [("/usr/sbin:/usr/bin:/sbin:/bin", "sudo"), ("/nonexistent", "sudo: not found")]
)
def test_without_sudo_it_answers_what_it_may_and_says_why(path: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY],
        env={"PATH": path, "PYTHONPATH": str(Path(local.__file__).parents[1])},
        capture_output=True,
        check=True,
        timeout=60,
    )
    capture = from_bytes(done.stdout, "nobody")
    assert capture.cause is None
    assert capture.privilege == "user"
    assert words in capture.privilege_detail
    assert said(capture) == {"who": "65534\n", "two": "second\n"}


async def test_a_question_that_does_not_end_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "LOCAL", Patience(login=0, start=0.5, answer=1, tries=1))
    begun = time.monotonic()
    capture = await ask_local("here", ask(ONE, question("stuck", "exec sleep 8")))
    assert time.monotonic() - begun < 4
    assert cause_of(capture) == "deadline"
    assert said(capture) == {"one": "first\n"}


async def test_stopping_keeps_what_came() -> None:
    running = asyncio.create_task(ask_local("here", ask(ONE, question("long", "exec sleep 5"))))
    await asyncio.sleep(1)
    begun = time.monotonic()
    running.cancel()
    capture = await running
    assert time.monotonic() - begun < 3
    assert cause_of(capture) == "interrupted"
    assert said(capture) == {"one": "first\n"}


async def test_a_flood_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "LOGIN_COMMAND", "exec yes")
    capture = await ask_local("here", ask())
    assert cause_of(capture) == "flooded"


def test_no_complaint_is_left_for_the_end_of_the_program() -> None:
    code = AS_NOBODY.split("os.setgroups", maxsplit=1)[0] + (
        "async def main():\n"
        "    running = asyncio.create_task(ask_local('here', Ask((question('long', 'exec sleep 2'),), 'test')))\n"
        "    await asyncio.sleep(0.3); running.cancel(); print((await running).cause.code)\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(local.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"interrupted\n", b"")
