# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The ssh options of a host: the inventory's word first, then the person's ssh_config, as ssh(1) would read it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import asyncssh

from inventories.errors import BadInput
from inventories.model import Host

_USUAL_CONFIG = (Path("~/.ssh/config"), Path("/etc/ssh/ssh_config"))
_USER_KNOWN_HOSTS = ("~/.ssh/known_hosts",)
_GLOBAL_KNOWN_HOSTS = ("/etc/ssh/ssh_known_hosts",)


@dataclass(frozen=True, slots=True)
class HostOptions:
    """Options read for one host."""

    options: asyncssh.SSHClientConnectionOptions
    config: tuple[str, ...]
    """The ssh_config files they were read from, for the jump hosts on the way."""
    known_hosts: tuple[str, ...]
    """Where its host key is looked up; the first is where a new one is learned."""
    jump: str | None
    """Jump hosts, "[user@]host[:port],..."; the last is the nearest to the host."""


def options_for(host: Host) -> HostOptions:
    """Read the options that apply to ``host``: ssh_config blocks match its inventory name.

    Connecting goes to the inventory's address, unless ssh_config gives a HostName.

    Raises:
        BadInput: a named file is missing or cannot be read, or holds something that asyncssh does not understand.

    """
    ssh = host.ssh
    if ssh.config is not None and not ssh.config.expanduser().is_file():
        raise BadInput(
            f"the ssh configuration of {host.name} does not exist",
            where=str(ssh.config),
            hint="correct ssh.config in the inventory; for the lab: is it up? (edufleet lab up)",
        )
    usual = (ssh.config,) if ssh.config is not None else _USUAL_CONFIG
    return _read(
        host.name,
        tuple(str(path.expanduser()) for path in usual if path.expanduser().is_file()),
        username=ssh.user if ssh.user is not None else (),
        port=ssh.port if ssh.port is not None else (),
        client_keys=[str(ssh.identity_file.expanduser())] if ssh.identity_file is not None else (),
        known_hosts=[str(ssh.known_hosts)] if ssh.known_hosts is not None else (),
        tunnel=ssh.proxy_jump if ssh.proxy_jump is not None else (),
    )


def options_for_jump(jump: str, config: tuple[str, ...]) -> HostOptions:
    """Read the options of one jump host, "[user@]host[:port]", from the ssh_config files of the host behind it.

    Raises:
        BadInput: as :func:`options_for`, or ``jump`` is not of that form.

    """
    user, _, address = jump.rpartition("@")
    form = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:/\s]+)(?::([0-9]{1,5}))?", address)
    if form is None or not 0 < int(form[2] or 22) < 65_536:  # noqa: PLR2004 - TCP
        raise BadInput(f"not a jump host: {jump!r}", hint="write it as [user@]host[:port]; IPv6 addresses as [::1]")
    return _read(form[1].strip("[]"), config, username=user or (), port=int(form[2]) if form[2] else ())


def _read(name: str, config: tuple[str, ...], **given: Any) -> HostOptions:  # noqa: ANN401 - asyncssh's own arguments
    try:
        options = asyncssh.SSHClientConnectionOptions(
            host=name,
            config=list(config),
            login_timeout=0,  # fleet.ssh.login bounds connecting and login together
            connect_timeout=None,
            send_env=None,  # the questions set their own locale
            **given,
        )
    except (OSError, ValueError, asyncssh.Error) as problem:
        raise BadInput(
            f"the ssh options of {name} cannot be used: {problem}",
            where=", ".join(config) or None,
            hint=f"try: ssh -G {name}",
        ) from None
    if given.get("known_hosts"):
        known_hosts = cast("Sequence[str]", options.known_hosts)
    else:
        known_hosts = (
            *(_named(options, "UserKnownHostsFile") or _USER_KNOWN_HOSTS),
            *(_named(options, "GlobalKnownHostsFile") or _GLOBAL_KNOWN_HOSTS),
        )
    jump = options.tunnel if isinstance(options.tunnel, str) and options.tunnel != "none" else None
    return HostOptions(options, config, tuple(str(Path(file).expanduser()) for file in known_hosts), jump)


def _named(options: asyncssh.SSHClientConnectionOptions, files: str) -> Sequence[str]:
    return cast("Sequence[str]", options.config.get(files, ()))
