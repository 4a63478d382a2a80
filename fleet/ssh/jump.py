# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Jump hosts: one login per bastion and pass, shared by every host behind it."""

import asyncio
import random
from dataclasses import dataclass, field

import asyncssh

from fleet.ssh.login import RETRIED, FailedError, login
from fleet.ssh.options import HostOptions, options_for_jump
from fleet.ssh.trust import HostKeys
from inventories.errors import BadInput

_LOGIN = 25.0
"""Seconds for one login: a bastion may itself stand behind a weak link."""

_TRIES = 2

_Way = tuple[str, ...]
"""Jump hosts, "[user@]host[:port]", from the controller outwards."""


@dataclass(slots=True)
class JumpHosts:
    """The connections to jump hosts that a pass has opened so far.

    Host keys of jump hosts are always strict: a bastion's key is not learned in passing.
    """

    _keys: HostKeys = field(default_factory=HostKeys)
    _open: dict[tuple[_Way, _Way], "asyncio.Task[asyncssh.SSHClientConnection]"] = field(default_factory=dict)

    async def through(self, options: HostOptions) -> asyncssh.SSHClientConnection | None:
        """Return a connection to the jump host nearest to the host with ``options``; None when it needs none.

        Raises:
            FailedError: a jump host on the way cannot be used; it is not tried again in this pass.
            BadInput: the way there is not written as it must be.

        """
        way = _way(options)
        return await self._reach(way, options.config) if way else None

    async def _reach(self, way: _Way, config: _Way) -> asyncssh.SSHClientConnection:
        task = self._open.get((way, config))
        if task is None or (task.done() and task.exception() is None and task.result().is_closed()):
            task = self._open[way, config] = asyncio.create_task(self._connect(way, config))
        return await asyncio.shield(task)

    async def _connect(self, way: _Way, config: _Way) -> asyncssh.SSHClientConnection:
        tunnel = await self._reach(way[:-1], config) if len(way) > 1 else None
        options = options_for_jump(way[-1], config)
        for attempt in range(1, _TRIES + 1):
            try:
                host = options.options.host
                return await login(host, options, tunnel=tunnel, keys=self._keys, seconds=_LOGIN)
            except FailedError as failed:
                if failed.cause.code not in RETRIED or attempt == _TRIES:
                    raise FailedError(failed.cause.code, f"jump host {way[-1]}: {failed}") from None
            await asyncio.sleep(random.uniform(0.2, 0.8))  # noqa: S311 - jitter, not a secret
        raise AssertionError

    async def close(self) -> None:
        """End every connection."""
        for task in self._open.values():
            if task.done() and not task.cancelled() and task.exception() is None:
                task.result().close()
            else:
                task.cancel()


def _way(options: HostOptions) -> _Way:
    """Return the jump hosts on the way: those named, and those that ssh_config puts in front of the first of them."""
    way: list[str] = []
    jump = options.jump
    while jump:
        named = jump.split(",")
        first = options_for_jump(named[0], options.config)
        if circle := set(named) & set(way):
            raise BadInput(f"jump hosts lead in a circle: {', '.join(sorted(circle))}", where=", ".join(options.config))
        way[:0] = named
        # "Host * / ProxyJump bastion" holds for the bastion too: like ssh(1), go there directly.
        jump = first.jump if first.jump != named[0] else None
    return tuple(way)
