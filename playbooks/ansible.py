# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Run a playbook with ansible-playbook, a process of its own, and read its results as they come."""

import asyncio
import json
import os
import shlex
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from inventories.errors import BadInput, CouldNotFinish
from inventories.model import Host

State = Literal["ok", "changed", "failed", "unreachable"]

_LOOK = 0.2
"""Seconds between two looks at the results."""

_GRACE = 5.0
"""Seconds that Ansible has to end in good order."""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What one task came to on one host."""

    host: str
    rule: str
    """First tag of the task; empty for one that has none."""
    task: str
    state: State
    message: str
    output: str
    """What a command wrote."""


@dataclass(frozen=True, slots=True)
class Login:
    """How Ansible becomes root on hosts, where that is not as the inventory says."""

    user: str | None = None
    """Login name; None: that of the inventory."""
    password_file: Path | None = None
    """File with the password for sudo; None: it asks for none."""


@dataclass(frozen=True, slots=True)
class Target:
    """A host with the variables that a play reads."""

    host: Host
    variables: Mapping[str, object]


async def play(
    playbook: str, targets: Sequence[Target], login: Login, watch: Callable[[TaskResult], None]
) -> tuple[TaskResult, ...]:
    """Run a playbook on the targets, over connections of its own, and return every result.

    ``watch`` hears of each as it comes. Cancelled, it ends Ansible before it lets go: what a target was asked to do it
    may still do.

    Raises:
        BadInput: there is no ansible-playbook.
        CouldNotFinish: Ansible ended without going through the playbook; says its last words.

    """
    tool = Path(sys.executable).with_name("ansible-playbook")
    if not tool.exists():
        raise BadInput("there is no ansible-playbook beside edufleet", hint="pip install 'edufleet[deploy]'")
    with tempfile.TemporaryDirectory(prefix="edufleet-") as name:
        scratch = Path(name)
        (scratch / "play.yml").write_text(playbook, encoding="utf-8")
        (scratch / "hosts.json").write_text(json.dumps(_inventory(targets, login)), encoding="utf-8")
        (scratch / "ansible.cfg").touch()
        (scratch / "results").touch()
        (scratch / "ssh").mkdir()
        extra = ["--become-password-file", str(login.password_file)] if login.password_file else []
        process = await asyncio.create_subprocess_exec(
            tool, "-i", scratch / "hosts.json", scratch / "play.yml", *extra,
            env=os.environ | _settings(scratch), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True, cwd=scratch,
        )  # fmt: skip
        results: list[TaskResult] = []
        said = asyncio.create_task(_words(process))
        try:
            async for result in _results(scratch / "results", process):
                results.append(result)
                watch(result)
        finally:
            await _end(process)
            words = await said
        _check(process.returncode, results, words)
        return tuple(results)


async def _words(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    return (await process.stdout.read()).decode("utf-8", "replace")


async def _results(file: Path, process: asyncio.subprocess.Process) -> AsyncIterator[TaskResult]:
    with file.open(encoding="utf-8") as lines:
        part = ""
        while True:
            ended = process.returncode is not None
            for line in lines:
                part += line
                if part.endswith("\n"):
                    yield TaskResult(**json.loads(part))
                    part = ""
            if ended:
                return
            try:
                await asyncio.wait_for(process.wait(), _LOOK)
            except TimeoutError:
                continue


async def _end(process: asyncio.subprocess.Process) -> None:
    for sent in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        os.killpg(process.pid, sent)
        try:
            await asyncio.wait_for(process.wait(), _GRACE)
        except TimeoutError:
            continue


def _check(status: int | None, results: Sequence[TaskResult], words: str) -> None:
    """Raise for a run that did not get anywhere: a failing host is a result, no playbook at all is none."""
    if status == 0 or any(result.state in {"failed", "unreachable"} for result in results):
        return
    last = " ".join(words.split())[-500:]
    raise CouldNotFinish(f"ansible-playbook ended with status {status}: {last}")


def _inventory(targets: Sequence[Target], login: Login) -> object:
    return {
        "all": {"hosts": {target.host.name: {**_reach(target.host, login), **target.variables} for target in targets}}
    }


def _reach(host: Host, login: Login) -> dict[str, object]:
    """Return how Ansible reaches a host: as an inspection does, by the name that ssh_config has blocks for."""
    ssh = host.ssh
    options = ["-F", str(ssh.config.expanduser())] if ssh.config is not None else []
    options += ["-o", f'UserKnownHostsFile="{ssh.known_hosts.expanduser()}"'] if ssh.known_hosts is not None else []
    options += ["-o", f"ProxyJump={ssh.proxy_jump}"] if ssh.proxy_jump is not None else []
    found: dict[str, object | None] = {
        "ansible_host": str(host.address),
        "ansible_user": login.user or ssh.user,
        "ansible_port": ssh.port,
        "ansible_ssh_private_key_file": str(ssh.identity_file.expanduser()) if ssh.identity_file is not None else None,
        "ansible_ssh_common_args": shlex.join(options) or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _settings(scratch: Path) -> dict[str, str]:
    """Return the environment that leaves the person's own Ansible settings and connections alone."""
    return {
        "ANSIBLE_CALLBACK_PLUGINS": str(files("playbooks") / "callbacks"),
        "ANSIBLE_CONFIG": str(scratch / "ansible.cfg"),
        "ANSIBLE_FORKS": "25",
        "ANSIBLE_HOME": str(scratch / "home"),
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_LOCAL_TEMP": str(scratch / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_PYTHON_INTERPRETER": "auto_silent",
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(scratch / "ssh"),
        "ANSIBLE_SSH_ARGS": "-o ControlMaster=auto -o ControlPersist=10s -o BatchMode=yes",
        "ANSIBLE_STDOUT_CALLBACK": "edufleet_jsonl",
        "EDUFLEET_RESULTS": str(scratch / "results"),
    }
