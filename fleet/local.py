# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Put the questions to this machine itself, through the same script and the same shell as to any other."""

import asyncio
import contextlib
import os
import signal
import time
from datetime import UTC, datetime

from fleet.capture import Capture, Cause
from fleet.links import PATIENCE
from fleet.script import LOGIN_COMMAND, compose
from fleet.session import Ask, Session, capture

LOCAL = PATIENCE["lan"]
_LAST_WORDS = 1.0
"""Seconds that standard error may still take after the script's end."""


async def ask_local(target: str, ask: Ask) -> Capture:
    """Return the capture of this machine, named ``target``; never asks for a password."""
    started, clock = datetime.now(UTC), time.monotonic()
    session = Session(reached=True)
    cause = None
    try:
        async with asyncio.timeout(LOCAL.start + LOCAL.answer):
            cause = await _speak(ask, session)
    except TimeoutError:
        cause = Cause("deadline", f"no end within {LOCAL.start + LOCAL.answer:g} s")
    except asyncio.CancelledError:
        cause = Cause("interrupted", "the inspection was interrupted")
    return capture(target, ask, session, started=started, seconds=time.monotonic() - clock, cause=cause)


async def _speak(ask: Ask, session: Session) -> Cause | None:
    process = await asyncio.create_subprocess_shell(
        LOGIN_COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin and process.stdout and process.stderr  # noqa: S101, PT018 - PIPEs, for the type checker
    errors = asyncio.create_task(_drain(process.stderr, session.stderr, ask.limit))
    try:
        process.stdin.write(compose(ask.collectors, session.mark).encode())
        process.stdin.close()
        await _drain(process.stdout, session.stdout, ask.limit)
        if len(session.stdout) >= ask.limit:
            return Cause("flooded", f"more than {ask.limit} bytes came back")
        await asyncio.wait([errors, asyncio.create_task(process.wait())], timeout=_LAST_WORDS)
        return None
    finally:
        errors.cancel()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # gone meanwhile; or root's, by sudo
                os.killpg(process.pid, signal.SIGKILL)


async def _drain(stream: asyncio.StreamReader, into: bytearray, limit: int) -> None:
    while len(into) < limit and (chunk := await stream.read(65_536)):
        into.extend(chunk)
