# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Put the questions to this machine itself, through the same script and the same shell as to any other."""

import asyncio
import contextlib
import os
import signal
import time
from datetime import UTC, datetime
from typing import cast

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
    transport, ears = await asyncio.get_running_loop().subprocess_shell(
        lambda: _Ears(session, ask.limit), LOGIN_COMMAND, start_new_session=True
    )
    try:
        script = cast("asyncio.WriteTransport", transport.get_pipe_transport(0))
        script.write(compose(ask.collectors, session.mark).encode())
        script.close()
        await ears.finished.wait()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ears.ended.wait(), _LAST_WORDS)
    finally:
        running = transport.get_returncode() is None
        transport.close()
        if running:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # gone meanwhile; or root's, by sudo
                os.killpg(transport.get_pid(), signal.SIGKILL)
            with contextlib.suppress(TimeoutError):  # or the loop would be gone when the process is reaped
                await asyncio.wait_for(ears.exited.wait(), _LAST_WORDS)
    return Cause("flooded", f"more than {ask.limit} bytes came back") if session.size > ask.limit else None


class _Ears(asyncio.SubprocessProtocol):
    """Takes in what the script brings, up to a limit."""

    def __init__(self, session: Session, limit: int) -> None:
        self._session = session
        self._limit = limit
        self.finished = asyncio.Event()
        self.ended = asyncio.Event()
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        self.exited.set()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if self._session.size <= self._limit:
            (self._session.stdout if fd == 1 else self._session.stderr).extend(data)
        if self._session.finished:
            self.finished.set()
        if self._session.size > self._limit:
            self.connection_lost(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the interface's signature
        self.finished.set()
        self.ended.set()
