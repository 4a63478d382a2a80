# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Ask many hosts at once, bounded; stopping early keeps what was gathered and says what was not."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from fleet.capture import Capture, Cause
from fleet.links import CONCURRENCY
from fleet.session import Ask, Session, capture
from fleet.ssh.jump import JumpHosts
from fleet.ssh.transport import Ssh
from fleet.ssh.trust import HostKeys
from inventories.model import Host


class Watcher(Protocol):
    """Whoever wants to see a pass go on."""

    def begun(self, target: str) -> None:
        """Take note that a session with ``target`` begins."""

    def ended(self, capture: Capture) -> None:
        """Take note that a session ended, well or not."""


async def gather(
    hosts: Sequence[Host], ask: Ask, *, keys: HostKeys, watcher: Watcher, concurrency: int = CONCURRENCY
) -> tuple[Capture, ...]:
    """Return one capture per host, in the order of ``hosts``.

    When the calling task is cancelled (Ctrl-C), running sessions end at once and every host that was not finished
    gets a capture whose cause is ``interrupted``: nothing that was gathered is lost.
    """
    ssh = Ssh(keys, JumpHosts())
    gate = asyncio.Semaphore(concurrency)

    async def one(host: Host) -> Capture:
        async with gate:
            watcher.begun(host.name)
            done = await ssh.ask(host, ask)
            watcher.ended(done)
            return done

    tasks = [asyncio.create_task(one(host), name=host.name) for host in hosts]
    try:
        await _all(tasks)
    finally:
        await ssh.jumps.close()
    problems = [task.exception() for task in tasks if not task.cancelled()]  # all of them: asyncio complains otherwise
    for problem in problems:
        if problem is not None:
            raise problem
    return tuple(
        _interrupted(host, ask) if task.cancelled() else task.result() for host, task in zip(hosts, tasks, strict=True)
    )


async def _all(tasks: Sequence["asyncio.Task[Capture]"]) -> None:
    """Wait for every task; on cancellation or a task's error stop the rest and wait for them to say what they have."""
    if not tasks:
        return
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    rest = [task for task in tasks if not task.done()]
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest)


def _interrupted(host: Host, ask: Ask) -> Capture:
    """Return the capture of a host whose turn never came."""
    return capture(
        host.name,
        ask,
        Session(),
        started=datetime.now(UTC),
        seconds=0.0,
        cause=Cause("interrupted", "stopped before its turn"),
    )
