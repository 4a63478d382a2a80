# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Many hosts at once: bounded, in order, and nothing that was gathered is lost when it stops early."""

import asyncio
import gc
import time
from contextlib import AsyncExitStack

import pytest

from fleet.gather import gather
from fleet.ssh.trust import HostKeys
from inventories.errors import BadInput
from tests.fleet.servers import (
    WHOLE,
    Habits,
    Home,
    Notes,
    Process,
    ask,
    capture_of,
    cause_of,
    honest,
    host,
    mark_of,
    said,
    serving,
)


async def slow(process: Process) -> None:
    await asyncio.sleep(0.1)
    await honest(process)


async def stuck(_: Process) -> None:
    await asyncio.sleep(60)


async def test_nobody_to_ask() -> None:
    assert await gather([], ask(), keys=HostKeys(), watcher=Notes()) == ()


async def test_captures_come_in_the_order_of_the_hosts(home: Home) -> None:
    async with serving() as quick, serving(Habits(handler=slow)) as late:
        home.trust(quick, late)
        hosts = [host(late if n % 2 else quick, f"web{n}") for n in range(8)]
        notes = Notes()
        captures = await gather(hosts, ask(), keys=HostKeys(), watcher=notes)
    names = [target.name for target in hosts]
    assert [capture.target for capture in captures] == names
    assert [said(capture) for capture in captures] == [WHOLE] * 8
    assert sorted(notes.began) == names
    assert sorted(capture.target for capture in notes.finished) == names


async def test_no_more_sessions_at_once_than_allowed(home: Home) -> None:
    async with serving(Habits(handler=slow)) as server:
        home.trust(server)
        hosts = [host(server, f"web{n}") for n in range(12)]
        captures = await gather(hosts, ask(), keys=HostKeys(), watcher=Notes(), concurrency=3)
        assert server.most_sessions == 3
        assert [said(capture) for capture in captures] == [WHOLE] * 12


async def test_one_bad_host_costs_the_others_nothing(home: Home, patience: object) -> None:
    patience(start=1.5)  # type: ignore[operator]
    async with serving() as good, serving(Habits(handler=stuck)) as bad:
        home.trust(good, bad)
        hosts = [host(good, "web1"), host(bad, "web2"), host(1, "web3"), host(good, "web4")]
        captures = await gather(hosts, ask(), keys=HostKeys(), watcher=Notes())
    assert [cause_of(capture) for capture in captures] == [None, "start_timeout", "refused", None]


async def test_stopping_half_way_keeps_what_was_finished(home: Home) -> None:
    turns, eighth = iter(range(1, 11)), asyncio.Event()

    async def half(process: Process) -> None:
        turn = next(turns)
        if turn == 8:  # three have made room for it
            eighth.set()
        await (honest if turn <= 3 else stuck)(process)

    async with serving(Habits(handler=half)) as server:
        home.trust(server)
        hosts = [host(server, f"web{n}") for n in range(10)]
        notes = Notes()
        running = asyncio.create_task(gather(hosts, ask(), keys=HostKeys(), watcher=notes, concurrency=5))
        await eighth.wait()
        begun = time.monotonic()
        running.cancel()
        captures = await running
        assert time.monotonic() - begun < 4
        assert [capture.target for capture in captures] == [target.name for target in hosts]
        whole = [capture for capture in captures if capture.cause is None]
        rest = [capture for capture in captures if capture.cause is not None]
        assert [said(capture) for capture in whole] == [WHOLE] * 3
        assert {cause_of(capture) for capture in rest} == {"interrupted"}
        assert [capture.reached for capture in rest].count(True) == 5
        await asyncio.sleep(0.05)
        assert not server.open


async def test_stopping_keeps_the_answers_of_a_session_that_had_begun(home: Home) -> None:
    answered = asyncio.Event()

    async def handler(process: Process) -> None:
        mark = await mark_of(process)
        process.stdout.write(b"\n%s H 0\n\n%s B one 1.0\nfirst\n\n%s E one 0 1.5\n" % (mark, mark, mark))
        answered.set()
        await stuck(process)

    async with serving(Habits(handler=handler)) as server:
        home.trust(server)
        running = asyncio.create_task(capture_of(host(server)))
        await answered.wait()
        await asyncio.sleep(0.2)
        running.cancel()
        capture = await running
    assert cause_of(capture) == "interrupted"
    assert said(capture) == {"one": "first\n"}


@pytest.mark.parametrize("stage", ["logging in", "waiting to try again", "waiting for a bastion"])
async def test_stopping_at_every_stage_is_quick(home: Home, stage: str) -> None:
    async with AsyncExitStack() as stack:
        silent = await stack.enter_async_context(serving(Habits(stalls=True)))
        home.trust(silent)
        target = {
            "logging in": host(silent),
            "waiting to try again": host(1),
            "waiting for a bastion": host(22, proxy_jump=f"127.0.0.1:{silent.port}"),
        }[stage]
        running = asyncio.create_task(capture_of(target))
        await asyncio.sleep(0.2)
        begun = time.monotonic()
        running.cancel()
        assert cause_of(await running) == "interrupted"
        assert time.monotonic() - begun < 4
        await asyncio.sleep(0.05)
        assert not silent.open


async def test_a_mistake_in_one_hosts_options_stops_the_pass(home: Home) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with serving(Habits(handler=stuck)) as server:
        home.trust(server)
        good = [host(server, f"web{n}") for n in range(3)]
        bad = [host(server, name, config=home.ssh / "absent") for name in ("web8", "web9")]
        begun = time.monotonic()
        with pytest.raises(BadInput, match="web8"):
            await gather([*good, *bad], ask(), keys=HostKeys(), watcher=Notes())
        assert time.monotonic() - begun < 4
        await asyncio.sleep(0.05)
        assert not server.open
    gc.collect()
    assert complaints == []
