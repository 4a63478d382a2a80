# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Jump hosts: one login per bastion and pass, shared by every host behind it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncssh

_LOGIN = 25.0
"""Seconds for one login: a bastion may itself stand behind a weak link."""


@dataclass(slots=True)
class JumpHosts:
    """The connections to jump hosts that a pass has opened so far."""

    _open: dict[str, "asyncio.Task[asyncssh.SSHClientConnection]"] = field(default_factory=dict)

    async def through(self, jump: object, config: Sequence[str]) -> asyncssh.SSHClientConnection | None:
        """Return a connection to the last of ``jump`` ("[user@]host[:port],..."), or None when there is none.

        Host keys of jump hosts are always strict: a bastion's key is not learned in passing.
        """
        if not isinstance(jump, str) or jump == "none":
            return None
        if jump not in self._open or (self._open[jump].done() and self._open[jump].exception() is not None):
            self._open[jump] = asyncio.create_task(self._connect(jump, config))
        return await asyncio.shield(self._open[jump])

    async def _connect(self, jump: str, config: Sequence[str]) -> asyncssh.SSHClientConnection:
        before, _, last = jump.rpartition(",")
        tunnel = await self.through(before, config) if before else None
        user, _, address = last.rpartition("@")
        host, colon, port = address.partition(":")
        async with asyncio.timeout(_LOGIN):
            return await asyncssh.connect(
                host,
                int(port) if colon else (),
                username=user or (),
                config=list(config),
                tunnel=tunnel if tunnel is not None else (),
            )

    async def close(self) -> None:
        """End every connection."""
        for task in self._open.values():
            if task.done() and not task.cancelled() and task.exception() is None:
                task.result().close()
            else:
                task.cancel()
