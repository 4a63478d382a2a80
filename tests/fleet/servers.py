# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Real SSH servers on the loopback that misbehave on demand; and the hosts, asks and files that lead to them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import asyncssh

from fleet.capture import Capture
from fleet.collector import AnyCollector
from fleet.gather import gather
from fleet.session import Ask
from fleet.ssh.trust import HostKeys
from inventories.model import Host, SshAccess
from tests.fleet.questions import question

USER = "inspector"
LOOPBACK = "127.0.0.1"

Process = asyncssh.SSHServerProcess[bytes]
Handler = Callable[[Process], Awaitable[None]]

ONE, TWO = question("one", "echo first"), question("two", "echo second")


def ask(*collectors: AnyCollector) -> Ask:
    """Return what a pass asks: two small questions unless others are given."""
    return Ask(collectors or (ONE, TWO), "edufleet test")


async def honest(process: Process) -> None:
    """Run the command for real, with the script on its standard input."""
    shell = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", process.command or ""),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert shell.stdin and shell.stdout and shell.stderr  # noqa: PT018 - PIPEs, for the type checker
    feeding = asyncio.create_task(_feed(process.stdin, shell.stdin))
    try:
        await asyncio.gather(_pour(shell.stdout, process.stdout), _pour(shell.stderr, process.stderr))
        process.exit(await shell.wait())
    finally:
        feeding.cancel()
        if shell.returncode is None:
            os.killpg(shell.pid, signal.SIGKILL)
        shell._transport.close()  # type: ignore[attr-defined]  # wait() would wait for whoever else holds its pipes


async def mark_of(process: Process) -> bytes:
    """Read the script; return the mark that only it knows."""
    script = await process.stdin.read(-1)
    return script.split(b"M='", 1)[1].split(b"'", 1)[0]


async def _feed(source: asyncssh.SSHReader[bytes], sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(65_536):
        sink.write(chunk)
    sink.close()


async def _pour(source: asyncio.StreamReader, sink: asyncssh.SSHWriter[bytes]) -> None:
    while chunk := await source.read(65_536):
        sink.write(chunk)
        await sink.drain()


@dataclass(slots=True)
class Server:
    """A running server and what it has seen."""

    port: int
    host_key: asyncssh.SSHKey
    connections: int = 0
    """TCP connections so far."""
    logins: int = 0
    """Logins that succeeded."""
    attempts: int = 0
    """Logins that were begun."""
    forwards: int = 0
    most_sessions: int = 0
    """The most sessions there were at once."""
    open: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    """Connections that are open now."""
    running: set["asyncio.Task[Any]"] = field(default_factory=set)
    """Commands that run now."""

    def known(self, *, marker: str = "", key: asyncssh.SSHKey | None = None) -> str:
        """Return the known_hosts line of this server."""
        public = (key or self.host_key).export_public_key().decode().strip()
        return f"{marker}[{LOOPBACK}]:{self.port} {public}\n"


@dataclass(frozen=True, slots=True)
class Habits:
    """How a server behaves."""

    handler: Handler = honest
    accepts: tuple[asyncssh.SSHKey, ...] = ()
    """Keys that may log in; none: everybody may, without one."""
    banner: str = ""
    refuse_connections: int = 0
    """How many connections are dropped before the first is served."""
    stalls: bool = False
    """Never lets a login come to its end."""
    says_on_login: str = ""
    """Ends every login with this message."""
    user_authority: asyncssh.SSHKey | None = None
    forwarding: bool = True


class _Owner(asyncssh.SSHServer):
    def __init__(self, server: Server, habits: Habits) -> None:
        self._server = server
        self._habits = habits

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._server.connections += 1
        self._server.open.add(conn)
        if self._server.connections <= self._habits.refuse_connections:
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncssh's signature, as below
        self._server.open.discard(self._conn)

    async def begin_auth(self, username: str) -> bool:  # noqa: ARG002
        self._server.attempts += 1
        if self._habits.stalls:
            await asyncio.sleep(3600)
        if self._habits.says_on_login:
            self._conn.disconnect(asyncssh.DISC_PROTOCOL_ERROR, self._habits.says_on_login)
        if self._habits.banner:
            self._conn.send_auth_banner(self._habits.banner)
        return bool(self._habits.accepts or self._habits.user_authority)

    def auth_completed(self) -> None:
        self._server.logins += 1

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key in [accepted.convert_to_public() for accepted in self._habits.accepts]

    def validate_ca_key(self, username: str, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        authority = self._habits.user_authority
        return authority is not None and key == authority.convert_to_public()

    def connection_requested(self, *_: object) -> bool:
        self._server.forwards += 1
        return self._habits.forwarding


@asynccontextmanager
async def serving(
    habits: Habits = Habits(), *, host_key: asyncssh.SSHKey | None = None, certificate: Any = None
) -> AsyncIterator[Server]:
    """Run a server on a port of its own for as long as the block takes."""
    key = host_key or asyncssh.generate_private_key("ssh-ed25519")
    server = Server(port=0, host_key=key)

    async def counted(process: Process) -> None:
        task = asyncio.current_task()
        assert task is not None
        server.running.add(task)
        server.most_sessions = max(server.most_sessions, len(server.running))
        try:
            await habits.handler(process)
        except (asyncssh.Error, ConnectionError, BrokenPipeError):
            return  # the other side went away: what most of these tests are about
        finally:
            server.running.remove(task)

    listener = await asyncssh.listen(
        LOOPBACK,
        0,
        server_factory=lambda: _Owner(server, habits),
        server_host_keys=[(key, certificate) if certificate else key],
        process_factory=counted,
        encoding=None,
        login_timeout=0,
    )
    server.port = listener.get_port()
    try:
        yield server
    finally:
        listener.close()
        for connection in list(server.open):
            connection.abort()
        for task in (running := list(server.running)):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await listener.wait_closed()


@dataclass(slots=True)
class Home:
    """The home directory of the person who inspects."""

    path: Path

    @property
    def ssh(self) -> Path:
        """The directory of keys and configuration."""
        return self.path / ".ssh"

    @property
    def known_hosts(self) -> Path:
        """The known host keys."""
        return self.ssh / "known_hosts"

    def trust(self, *servers: Server) -> None:
        """Put the keys of ``servers`` into known_hosts."""
        with self.known_hosts.open("a") as file:
            file.writelines(server.known() for server in servers)

    def configure(self, text: str) -> None:
        """Write the ssh_config file."""
        (self.ssh / "config").write_text(text)

    def key(self, name: str, *, certified_by: asyncssh.SSHKey | None = None) -> asyncssh.SSHKey:
        """Make a key pair called ``name``, with a user certificate beside it if somebody signs one."""
        key = asyncssh.generate_private_key("ssh-ed25519")
        file = self.ssh / name
        file.touch(mode=0o600)
        key.write_private_key(str(file))
        if certified_by is not None:
            certificate = certified_by.generate_user_certificate(key, "test", principals=[USER])
            certificate.write_certificate(f"{file}-cert.pub")
        return key


def host(server: Server | int, name: str = "web1", **ssh: Any) -> Host:
    """Return the inventory's entry of a server; ``ssh`` are further fields of its SshAccess."""
    port = server.port if isinstance(server, Server) else server
    return Host(
        name=name,
        address=IPv4Address(LOOPBACK),
        region="qinghe",
        site="qinghe-dc",
        platform="debian12",
        link="lan",
        ssh=SshAccess(**{"user": USER, "port": port, **ssh}),
    )


class Notes:
    """A watcher that writes down what it sees."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.finished: list[Capture] = []

    def begun(self, target: str) -> None:
        """Take note."""
        self.began.append(target)

    def ended(self, capture: Capture) -> None:
        """Take note."""
        self.finished.append(capture)


async def capture_of(target: Host, asked: Ask | None = None, keys: HostKeys | None = None) -> Capture:
    """Return what one host answers in a pass of its own."""
    (capture,) = await gather([target], asked or ask(), keys=keys or HostKeys(), watcher=Notes())
    return capture


def cause_of(capture: Capture) -> str | None:
    """Return the word for why the capture is not whole."""
    return capture.cause.code if capture.cause else None


def said(capture: Capture) -> dict[str, str]:
    """Return the answers that came whole."""
    return {name: section.stdout for name, section in capture.sections.items() if section.rc == 0}


WHOLE = {"one": "first\n", "two": "second\n"}
"""What an honest server says to :func:`ask`."""
