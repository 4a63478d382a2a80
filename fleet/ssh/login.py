# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Log in to one SSH server within a bounded time, and say in one word why that failed."""

import asyncio
import socket

import asyncssh

from fleet.capture import Cause, CauseCode
from fleet.framing import printable
from fleet.ssh.options import HostOptions
from fleet.ssh.trust import HostKeys, Refusal

RETRIED: frozenset[CauseCode] = frozenset({"connect_timeout", "refused", "no_route", "protocol"})
"""Causes that may pass by themselves; a wrong key or a refused login does not."""

_KINDS = {
    True: "+ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256",
    False: "-*-cert-v01@openssh.com",
}
"""Kinds of host key to ask for, by whether the host is on file, as OpenSSH does. For one that is: the kinds on file,
then all others, so that a key of another kind is seen to have changed. For a new one: no certificates, as their
authority is not on file either."""

_CIPHERS = "^aes128-gcm@openssh.com,aes256-gcm@openssh.com"
"""Preferred, at one call to OpenSSL for each packet: for asyncssh's default, chacha20-poly1305, it takes four."""

_DETAIL = 300
"""Characters of what a server said that go into a cause."""


class FailedError(Exception):
    """A login or a session that ended for a cause."""

    def __init__(self, code: CauseCode, detail: str) -> None:
        super().__init__(detail)
        self.cause = Cause(code, printable(detail)[:_DETAIL])


async def login(
    address: str,
    options: HostOptions,
    *,
    tunnel: asyncssh.SSHClientConnection | None,
    keys: HostKeys,
    seconds: float,
) -> asyncssh.SSHClientConnection:
    """Return an authenticated connection to ``address``, unless ssh_config gives another HostName.

    Raises:
        FailedError: there is none, and why.
        BadInput: known_hosts cannot be read or written.

    """
    client = _Client(keys, options.known_hosts)
    name = options.options.host_key_alias or str(options.options.config.get("Hostname", address))
    listed = keys.lists(options.known_hosts, name, "", options.options.port)
    try:
        async with asyncio.timeout(seconds):
            return await asyncssh.connect(
                address,
                config=None,
                options=options.options,
                tunnel=tunnel,
                known_hosts=keys.known(options.known_hosts),
                encryption_algs=() if options.options.config.get("Ciphers") else _CIPHERS,
                server_host_key_algs=() if options.options.config.get("HostKeyAlgorithms") else _KINDS[listed],
                client_factory=lambda: client,
            )
    except TimeoutError:
        step = "logged in" if client.connected else "answered"
        raise FailedError("connect_timeout", f"not {step} within {seconds:g} s") from None
    except asyncssh.HostKeyNotVerifiable as problem:
        code: Refusal = "host_key_changed" if "revoked" in str(problem) else "host_key_unknown"
        raise FailedError(client.refusal or code, str(problem)) from None
    except asyncssh.PermissionDenied as problem:
        raise FailedError("auth_failed", str(problem)) from None
    except asyncssh.ChannelOpenError as problem:
        raise FailedError("no_route", f"the jump host cannot reach {address}: {problem}") from None
    except socket.gaierror as problem:
        raise FailedError("name_unknown", str(problem)) from None
    except ConnectionRefusedError:
        raise FailedError("refused", f"port {options.options.port} refused the connection") from None
    except (asyncssh.Error, ConnectionError) as problem:
        raise FailedError(_protocol(str(problem)), str(problem) or type(problem).__name__) from None
    except OSError as problem:
        raise FailedError("no_route", problem.strerror or str(problem)) from None


class _Client(asyncssh.SSHClient):
    """Notes how far a login came, and judges host keys."""

    def __init__(self, keys: HostKeys, known_hosts: tuple[str, ...]) -> None:
        self._keys = keys
        self._known_hosts = known_hosts
        self.connected = False
        self.refusal: Refusal | None = None

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:  # noqa: ARG002 - the interface's signature
        self.connected = True

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self.refusal = self._keys.judge(self._known_hosts, host, addr, port, key)
        return self.refusal is None


def _protocol(said: str) -> CauseCode:
    """Tell apart what asyncssh has no exceptions of its own for."""
    if "authentication failures" in said:  # sshd's words after MaxAuthTries: trying again wears the account's lock-out
        return "auth_failed"
    return "protocol"
