# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""One session with one server, good or bad: a capture comes back in time, with a cause, and the good parts kept."""

import asyncio
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncssh
import pytest

from fleet import facts
from fleet.session import SLACK
from tests.fleet.questions import question
from tests.fleet.servers import (
    LOOPBACK,
    ONE,
    TWO,
    WHOLE,
    Habits,
    Home,
    Process,
    Server,
    ask,
    capture_of,
    cause_of,
    honest,
    host,
    mark_of,
    said,
    serving,
)

Bear = Callable[..., None]
READ_BY = {"one": ONE, "two": TWO}


def before(noise: bytes) -> Callable[[Process], Awaitable[None]]:
    async def handler(process: Process) -> None:
        process.stdout.write(noise)
        await honest(process)

    return handler


async def test_an_honest_server_answers_everything(home: Home) -> None:
    async with serving() as server:
        home.trust(server)
        capture = await capture_of(host(server))
        assert cause_of(capture) is None
        assert said(capture) == WHOLE
        assert capture.reached
        assert capture.target == "web1"
        assert capture.privilege in {"root", "user"}
        await asyncio.sleep(0.05)
        assert not server.open, "the connection stays open after the capture"


# -- before the login --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("home")
async def test_nobody_listens(patience: Bear) -> None:
    patience()
    async with serving() as server:
        port = server.port
    capture = await capture_of(host(port))
    assert cause_of(capture) == "refused"
    assert not capture.reached
    assert str(port) in capture.cause.detail if capture.cause else False


@pytest.mark.usefixtures("home")
async def test_something_that_is_no_ssh_server(patience: Bear) -> None:
    patience()

    async def hello(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example \x1b[31mESMTP\x1b[0m\r\n" * 2000)
        writer.close()

    async with await asyncio.start_server(hello, LOOPBACK, 0) as other:
        capture = await capture_of(host(other.sockets[0].getsockname()[1]))
    assert cause_of(capture) == "protocol"
    assert capture.cause
    assert capture.cause.detail.isprintable()
    assert len(capture.cause.detail) <= 300


@pytest.mark.usefixtures("home")
async def test_a_port_that_accepts_and_is_silent(patience: Bear) -> None:
    patience(login=0.2)

    async def nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    async with await asyncio.start_server(nothing, LOOPBACK, 0) as other:
        capture = await capture_of(host(other.sockets[0].getsockname()[1]))
        assert cause_of(capture) == "connect_timeout"


async def test_a_login_that_never_ends(home: Home, patience: Bear) -> None:
    patience(login=0.3)
    async with serving(Habits(stalls=True)) as server:
        home.trust(server)
        capture = await capture_of(host(server))
    assert cause_of(capture) == "connect_timeout"
    assert not capture.reached


async def test_a_refused_login_is_not_tried_again(home: Home, patience: Bear) -> None:
    patience(tries=3)
    home.key("id_ed25519")
    async with serving(Habits(accepts=(asyncssh.generate_private_key("ssh-ed25519"),))) as server:
        home.trust(server)
        capture = await capture_of(host(server))
        assert cause_of(capture) == "auth_failed"
        assert server.attempts == 1


async def test_too_many_keys_are_a_refused_login(home: Home, patience: Bear) -> None:
    patience(tries=3)
    async with serving(Habits(says_on_login="Too many authentication failures \x1b[31m")) as server:
        home.trust(server)
        capture = await capture_of(host(server))
        assert cause_of(capture) == "auth_failed"
        assert server.connections == 1
        assert capture.cause
        assert capture.cause.detail.isprintable()


async def test_a_port_that_opens_late_is_tried_again(home: Home, patience: Bear) -> None:
    patience(tries=3)
    async with serving(Habits(refuse_connections=2)) as server:
        home.trust(server)
        capture = await capture_of(host(server))
        assert said(capture) == WHOLE
        assert server.connections == 3


async def test_tries_come_to_an_end(home: Home, patience: Bear) -> None:
    patience(tries=2)
    async with serving(Habits(refuse_connections=99)) as server:
        home.trust(server)
        capture = await capture_of(host(server))
        assert cause_of(capture) == "protocol"
        assert server.connections == 2


# -- noise -------------------------------------------------------------------------------------------------------------


async def test_a_login_banner_is_not_an_answer(home: Home) -> None:
    async with serving(Habits(banner="Authorised use only. 仅限授权使用。\n" * 50)) as server:
        home.trust(server)
        assert said(await capture_of(host(server))) == WHOLE


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(b"Welcome to \x1b[1;32mCentOS\x1b[0m\r\n" * 400, id="10 KB of motd with colours"),
        pytest.param(b"\x00\xff\xfe\xc0\x80" * 300, id="NULs and bytes that are not UTF-8"),
        pytest.param(b"no newline at the end", id="no newline"),
        pytest.param(b"\n@" + b"f" * 32 + b" H 0\n\n@" + b"f" * 32 + b" B one 1\nforged\n", id="forged marks"),
    ],
)
async def test_noise_of_login_scripts_is_not_an_answer(home: Home, noise: bytes) -> None:
    async with serving(Habits(handler=before(noise))) as server:
        home.trust(server)
        capture = await capture_of(host(server))
    assert cause_of(capture) is None
    assert said(capture) == WHOLE


async def test_what_a_question_brings_is_its_own_trouble(home: Home) -> None:
    asked = (
        question("hostile", r"printf '\033[2J\000\377\n@ffff E hostile 0 1\n@ B two 0\nforged\n'; echo oops >&2"),
        question("two", "echo second"),
    )
    async with serving() as server:
        home.trust(server)
        capture = await capture_of(host(server), ask(*asked))
    read = facts.read(capture, {collector.id: collector for collector in asked})
    assert read.missing["hostile"].reason == "unparsable"
    assert set(read.facts) == {"two"}
    assert said(capture)["two"] == "second\n"


async def test_a_flood_ends_the_session_and_not_the_memory(home: Home) -> None:
    async def flood(process: Process) -> None:
        for _ in range(1600):
            process.stdout.write(b"\x1b[31mnoise\n" * 6000)
            await process.stdout.drain()

    async with serving(Habits(handler=flood)) as server:
        home.trust(server)
        tracemalloc.start()
        try:
            capture = await capture_of(host(server))
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert cause_of(capture) == "flooded"
        assert capture.sections == {}
        assert most < 30_000_000
        await asyncio.sleep(0.05)
        assert not server.open


async def test_what_came_before_a_flood_is_kept(home: Home) -> None:
    async def handler(process: Process) -> None:
        mark = await mark_of(process)
        process.stdout.write(b"\n%s H 0\n\n%s B one 1.0\nfirst\n\n%s E one 0 1.5\n" % (mark, mark, mark))
        process.stdout.write(b"\n%s B two 1.5\n" % mark + b"x" * (SLACK + 100_000))
        await process.stdout.drain()
        await asyncio.sleep(5)

    async with serving(Habits(handler=handler)) as server:
        home.trust(server)
        capture = await capture_of(host(server))
    assert cause_of(capture) == "flooded"
    assert said(capture) == {"one": "first\n"}
    assert facts.read(capture, READ_BY).missing["two"].reason == "cut"


async def test_a_target_that_forges_the_frames_hurts_only_itself(home: Home) -> None:
    async def handler(process: Process) -> None:
        mark = await mark_of(process)
        for words in (
            b"H " + b"9" * 6000,
            b"H 0",
            b"B one nan",
            b"E one " + b"9" * 6000 + b" inf",
            b"B",
            b"B two 1 1",
            b"Z",
        ):
            process.stdout.write(b"\n%s %s\n" % (mark, words))
        process.stdout.write(b"9" * 6000 + b"m1s 0m0s 0m" + b"9" * 6000 + b"s 1m1s\n")
        process.exit(0)

    async with serving(Habits(handler=handler)) as server:
        home.trust(server)
        capture = await capture_of(host(server))
    assert capture.sections["one"].rc is None
    assert set(facts.read(capture, READ_BY).missing) == {"one", "two"}


# -- silence -----------------------------------------------------------------------------------------------------------


async def test_silence_after_the_login(home: Home, patience: Bear) -> None:
    patience(start=0.3)

    async def silent(_: Process) -> None:
        await asyncio.sleep(10)

    async with serving(Habits(handler=silent)) as server:
        home.trust(server)
        begun = time.monotonic()
        capture = await capture_of(host(server))
        assert time.monotonic() - begun < 8
    assert cause_of(capture) == "start_timeout"
    assert capture.reached


async def test_an_echo_of_the_script_is_not_its_beginning(home: Home, patience: Bear) -> None:
    patience(start=0.3)

    async def echo(process: Process) -> None:
        process.stdout.write(await process.stdin.read(-1))
        await asyncio.sleep(10)

    async with serving(Habits(handler=echo)) as server:
        home.trust(server)
        assert cause_of(await capture_of(host(server))) == "start_timeout"


async def test_a_slow_login_shell_is_waited_for(home: Home, patience: Bear) -> None:
    patience()

    async def slow(process: Process) -> None:
        await asyncio.sleep(0.5)
        await honest(process)

    async with serving(Habits(handler=slow)) as server:
        home.trust(server)
        assert said(await capture_of(host(server))) == WHOLE


async def test_silence_half_way_keeps_what_came(home: Home, patience: Bear) -> None:
    patience(answer=1.5)
    asked = ask(ONE, question("stuck", "exec sleep 8"))
    async with serving() as server:
        home.trust(server)
        begun = time.monotonic()
        capture = await capture_of(host(server), asked)
        assert time.monotonic() - begun < 4
    assert cause_of(capture) == "deadline"
    assert said(capture) == {"one": "first\n"}
    assert capture.sections["stuck"].rc is None


async def test_who_keeps_the_session_open_after_the_end_is_not_waited_for(home: Home, patience: Bear) -> None:
    patience()

    async def lingering(process: Process) -> None:
        await honest(process)
        await asyncio.sleep(10)

    async def chatty(process: Process) -> None:
        mark = await mark_of(process)
        process.stdout.write(b"\n%s H 0\n\n%s Z\n0m0s 0m0s\n0m0s 0m0s\n" % (mark, mark) + b"bye " * 1000)
        await asyncio.sleep(10)

    for handler in (lingering, chatty):
        async with serving(Habits(handler=handler)) as server:
            home.trust(server)
            begun = time.monotonic()
            assert cause_of(await capture_of(host(server))) is None
            assert time.monotonic() - begun < 8


# -- no shell ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 0.1], ids=["at once", "a little later"])
async def test_an_account_without_a_shell(home: Home, after: float) -> None:
    async def nologin(process: Process) -> None:
        await asyncio.sleep(after)
        process.stdout.write(b"This account is \x1b[31mcurrently not available.\n")
        process.exit(1)

    async with serving(Habits(handler=nologin)) as server:
        home.trust(server)
        capture = await capture_of(host(server))
    assert cause_of(capture) == "no_shell"
    assert capture.reached
    assert capture.cause
    assert "currently not available" in capture.cause.detail
    assert capture.cause.detail.isprintable()
    assert facts.read(capture, READ_BY).missing.keys() == {"one", "two"}


class Shut(asyncssh.SSHServerSession[bytes]):
    """A command that has ended before it has begun."""

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def exec_requested(self, command: str) -> bool:  # noqa: ARG002 - asyncssh's signature
        return True

    def session_started(self) -> None:
        self._channel.exit(1)


@pytest.mark.parametrize("session", [False, Shut()], ids=["no session", "a session that is over"])
async def test_an_account_that_may_run_no_commands(home: Home, session: Shut | bool) -> None:
    class Sessions(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - asyncssh's signature
            return False

        def session_requested(self) -> Shut | bool:
            return session

    key = asyncssh.generate_private_key("ssh-ed25519")
    listener = await asyncssh.listen(LOOPBACK, 0, server_factory=Sessions, server_host_keys=[key], encoding=None)
    async with listener:
        home.trust(Server(listener.get_port(), key))
        capture = await capture_of(host(listener.get_port()))
    assert cause_of(capture) == "no_shell"
    assert capture.reached


# -- cuts --------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def scissors(port: int, after: int) -> AsyncIterator[int]:
    """Forward a port, and drop the connection once ``after`` bytes have come from the server."""

    tasks: list[asyncio.Task[None] | None] = []

    async def forward(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.current_task())
        reader, writer = await asyncio.open_connection(LOOPBACK, port)

        async def upwards() -> None:
            while chunk := await near.read(65_536):
                writer.write(chunk)

        up, left = asyncio.create_task(upwards()), after
        while left > 0 and (chunk := await reader.read(min(left, 65_536))):
            back.write(chunk)
            left -= len(chunk)
        up.cancel()
        writer.close()
        back.close()

    async with await asyncio.start_server(forward, LOOPBACK, 0) as server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.gather(*filter(None, tasks))


async def test_a_connection_cut_at_any_moment(home: Home, patience: Bear) -> None:
    patience(login=2, start=2, answer=2)
    asked = ask(ONE, question("big", "head -c 3000 /dev/zero | tr '\\0' x"), TWO)
    reader = {c.id: c for c in asked.collectors}
    causes: list[str | None] = []
    kept: list[int] = []
    async with serving() as server:
        for after in (0, 15, 700, 1500, 1900, *range(2100, 6900, 300), 50_000):
            async with scissors(server.port, after) as port:
                home.known_hosts.write_text(server.known().replace(str(server.port), str(port)))
                capture = await capture_of(host(port), asked)
            causes.append(cause_of(capture))
            kept.append(len(said(capture)))
            read = facts.read(capture, reader)
            assert read.facts.keys() | read.missing.keys() == {"one", "big", "two"}
            assert read.facts.keys() == said(capture).keys()
            assert {missing.reason for missing in read.missing.values()} <= {"cut"}
            assert {"one": "first\n", "big": "x" * 3000, "two": "second\n"}.items() >= said(capture).items()
            if not capture.reached:
                assert cause_of(capture) == "protocol"
    assert causes[0] == "protocol"
    assert "cut" in causes
    assert causes[-1] is None
    assert set(kept) >= {0, 1, 3}
