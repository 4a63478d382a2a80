# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""An inspection account on two lab hosts, through the stages of its life: prepared, narrowed, removed.

The stages share the hosts, so the tests of one stage stand before those of the next in one file; workers keep it so.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from inventories.loader import load
from inventories.model import Host, SshAccess
from tests.conftest import RunningLab
from tests.playbooks.plays import Done, Plays, Variables

OPEN, STRICT = "gk-web1", "hb-db1"
"""As Debian ships it, sshd only; and hardened (passwords expire), with systemd."""
HOSTS = (OPEN, STRICT)

NAME = f"auditor-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
"""Each worker's own: they may be at it at the same time."""
REMOTE_TEMP = f"/tmp/.ansible-{NAME}"
CLEAN = f"""
if id {NAME} >/dev/null 2>&1; then userdel --remove {NAME} 2>/dev/null; fi
rm -rf /etc/sudoers.d/edufleet-{NAME} {REMOTE_TEMP}
grep -rl ":{NAME}:" --include=log /var/log/sudo-io 2>/dev/null | xargs -r dirname | xargs -r rm -r
"""


@dataclass(frozen=True, slots=True)
class Account:
    """The account under test, and how to be it."""

    lab: RunningLab
    plays: Plays
    key: Path
    variables: Variables

    def host(self, name: str) -> Host:
        """Return the lab host, reached as the account."""
        access = SshAccess(user=NAME, identity_file=self.key, config=self.lab.ssh_config)
        return load(self.lab.inventory).host(name).model_copy(update={"ssh": access})

    @asynccontextmanager
    async def login(self, name: str) -> AsyncIterator[asyncssh.SSHClientConnection]:
        """Connect as the account with its key."""
        async with asyncssh.connect(
            str(self.host(name).address),
            username=NAME,
            client_keys=[str(self.key)],
            known_hosts=str(self.lab.lab.known_hosts),
            config=None,
        ) as connection:
            yield connection


@dataclass(frozen=True, slots=True)
class Prepared:
    """The account after onboarding: what a check foretold, what was done, what a second run found."""

    account: Account
    foretold: Done
    first: Done
    second: Done


@dataclass(frozen=True, slots=True)
class Removed:
    """After the account was taken away again."""

    foretold: Done
    first: Done
    second: Done


@pytest.fixture(scope="module")
def account(lab: RunningLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    scratch = tmp_path_factory.mktemp("plays")
    key = asyncssh.generate_private_key("ssh-ed25519", comment="audit station")
    key.write_private_key(scratch / "key")
    key.write_public_key(scratch / "key.pub")
    variables = {
        "inspection_account_name": NAME,
        "inspection_account_public_key_file": str(scratch / "key.pub"),
    }
    for host in HOSTS:
        lab.run(host, ["sh", "-c", CLEAN])
    yield Account(lab, Plays(lab.ssh_config, scratch, REMOTE_TEMP), scratch / "key", variables)
    for host in HOSTS:
        lab.run(host, ["sh", "-c", CLEAN])


@pytest.fixture(scope="module")
def prepared(account: Account) -> Prepared:
    """The account on both hosts; on the strict one with everything an option can add."""
    station = str(account.lab.lab.gateway.ip)
    hosts = {
        OPEN: account.variables,
        STRICT: {
            **account.variables,
            "inspection_account_from": [station, "2001:db8::/64"],
            "inspection_account_sudo_log": ["input", "output"],
        },
    }
    runs = (account.plays.prepare(hosts, *options) for options in (["--check"], [], []))
    return Prepared(account, *runs)


@pytest.fixture(scope="module")
def narrowed(prepared: Prepared) -> Done:
    """The account without sudo on one host, and with a key that is good from elsewhere only on the other."""
    variables = prepared.account.variables
    return prepared.account.plays.prepare(
        {
            OPEN: {**variables, "inspection_account_sudo": False},
            STRICT: {**variables, "inspection_account_from": ["192.0.2.1"]},
        }
    )


@pytest.fixture(scope="module")
def removed(narrowed: Done, account: Account) -> Removed:  # noqa: ARG001 - the stage before this one
    """The account taken away from both hosts."""
    hosts = {host: {"inspection_account_name": NAME, "inspection_account_state": "absent"} for host in HOSTS}
    runs = (account.plays.prepare(hosts, *options) for options in (["--check"], [], []))
    return Removed(*runs)
