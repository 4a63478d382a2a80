# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The ssh options of a host: the inventory's word first, then the person's ssh_config, as ssh(1) would read it."""

from dataclasses import dataclass
from pathlib import Path

import asyncssh

from fleet.ssh.trust import DEFAULT_KNOWN_HOSTS
from inventories.errors import BadInput
from inventories.model import Host

_USUAL_CONFIG = (Path("~/.ssh/config"), Path("/etc/ssh/ssh_config"))


@dataclass(frozen=True, slots=True)
class HostOptions:
    """Options read for one host."""

    options: asyncssh.SSHClientConnectionOptions
    config: tuple[str, ...]
    """The ssh_config files they were read from, for the jump hosts on the way."""
    known_hosts: tuple[str, ...]
    """Where its host key is looked up; the first is where a new one is learned."""


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
    config = tuple(str(path.expanduser()) for path in usual if path.expanduser().is_file())
    try:
        options = asyncssh.SSHClientConnectionOptions(
            host=host.name,
            config=list(config),
            username=ssh.user if ssh.user is not None else (),
            port=ssh.port if ssh.port is not None else (),
            client_keys=[str(ssh.identity_file.expanduser())] if ssh.identity_file is not None else (),
            known_hosts=[str(ssh.known_hosts.expanduser())] if ssh.known_hosts is not None else (),
            tunnel=ssh.proxy_jump if ssh.proxy_jump is not None else (),
            login_timeout=0,  # transport bounds connecting and login together
            connect_timeout=None,
            send_env=None,  # the questions set their own locale
        )
    except (OSError, ValueError, asyncssh.Error) as problem:
        raise BadInput(
            f"the ssh options of {host.name} cannot be used: {problem}",
            where=", ".join(config) or None,
            hint="try: ssh -G " + host.name,
        ) from None
    named = options.known_hosts if isinstance(options.known_hosts, list) else []
    known_hosts = tuple(str(Path(str(name)).expanduser()) for name in named)
    return HostOptions(options, config, known_hosts or (str(DEFAULT_KNOWN_HOSTS.expanduser()),))
