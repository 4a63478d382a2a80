# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Put the questions to one host over SSH: one connection, one command, bounded in time and size at every step."""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncssh

from fleet.capture import Capture, Cause
from fleet.links import PATIENCE, Patience
from fleet.script import LOGIN_COMMAND, compose
from fleet.session import Ask, Session, capture
from fleet.ssh.jump import JumpHosts
from fleet.ssh.login import RETRIED, FailedError, login
from fleet.ssh.options import options_for
from fleet.ssh.trust import HostKeys
from inventories.model import Host

_LAST_WORDS = 1.0
"""Seconds that standard error may still take after the script's end: a question may have left somebody holding it."""


@dataclass(frozen=True, slots=True)
class Ssh:
    """The SSH side of one pass: what is shared by all its sessions."""

    keys: HostKeys
    jumps: JumpHosts

    async def ask(self, host: Host, ask: Ask) -> Capture:
        """Return what ``host`` answered. A target that fails is a capture with a cause, never an exception.

        Raises:
            BadInput: the ssh configuration or a key file of the controller cannot be used.

        """
        started, clock = datetime.now(UTC), time.monotonic()
        patience = PATIENCE[host.link]
        cause: Cause | None = None
        session = Session()
        try:
            for attempt in range(1, patience.tries + 1):
                session, cause = Session(), None
                try:
                    await self._speak(host, ask, session, patience)
                except FailedError as failed:
                    cause = failed.cause
                if session.reached or cause is None or cause.code not in RETRIED or attempt == patience.tries:
                    break
                await asyncio.sleep(random.uniform(0.2, 0.8) * 2**attempt)  # noqa: S311 - jitter, not a secret
        except asyncio.CancelledError:
            cause = Cause("interrupted", "the inspection was interrupted")
        return capture(host.name, ask, session, started=started, seconds=time.monotonic() - clock, cause=cause)

    async def _speak(self, host: Host, ask: Ask, session: Session, patience: Patience) -> None:
        connection = await self._login(host, patience)
        session.reached = True
        try:
            await _converse(connection, ask, session, patience)
        except asyncssh.ChannelOpenError as problem:
            raise FailedError("no_shell", f"the server runs no commands for this user: {problem}") from None
        except asyncssh.Error as problem:
            raise FailedError("cut", str(problem)) from None
        finally:
            connection.close()  # not waited for: that would cost a round trip of the link

    async def _login(self, host: Host, patience: Patience) -> asyncssh.SSHClientConnection:
        options = options_for(host)
        tunnel = await self.jumps.through(options)
        return await login(str(host.address), options, tunnel=tunnel, keys=self.keys, seconds=patience.login)


async def _converse(connection: asyncssh.SSHClientConnection, ask: Ask, session: Session, patience: Patience) -> None:
    """Send the script and take in the answers until the target ends, runs out of time, or brings too much."""
    ears = _Ears(session, ask.limit)
    try:
        async with asyncio.timeout(patience.start) as bound:
            channel, _ = await connection.create_session(lambda: ears, LOGIN_COMMAND, encoding=None)
            with contextlib.suppress(BrokenPipeError):  # it has ended already: what it said tells why
                channel.write(compose(ask.collectors, session.mark).encode())
                channel.write_eof()
            await ears.began.wait()
            bound.reschedule(asyncio.get_running_loop().time() + patience.answer)
            await ears.finished.wait()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ears.ended.wait(), _LAST_WORDS)
    except TimeoutError:
        if session.began:
            raise FailedError("deadline", f"not finished within {patience.answer:g} s of the first answer") from None
        raise FailedError(
            "start_timeout", f"no answer within {patience.start:g} s of the login: slow login shell, or sudo hangs"
        ) from None
    if ears.flooded:
        raise FailedError("flooded", f"more than {ask.limit} bytes came back")
    if ears.lost is not None:
        raise FailedError("cut", f"the connection was lost: {ears.lost}")


class _Ears(asyncssh.SSHClientSession[bytes]):
    """Takes in what a session brings, up to a limit."""

    def __init__(self, session: Session, limit: int) -> None:
        self._session = session
        self._limit = limit
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self.began = asyncio.Event()
        self.finished = asyncio.Event()
        self.ended = asyncio.Event()
        self.flooded = False
        self.lost: Exception | None = None

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        if self.flooded:
            return
        (self._session.stdout if datatype is None else self._session.stderr).extend(data)
        if self._session.size > self._limit:
            self.flooded = True
            if self._channel is not None:
                self._channel.abort()
            self._over()
        elif not self.began.is_set() and self._session.began:
            self.began.set()
        if self._session.finished:
            self.finished.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = exc
        self._over()

    def _over(self) -> None:
        self.began.set()
        self.finished.set()
        self.ended.set()
