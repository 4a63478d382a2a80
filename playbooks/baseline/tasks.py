# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the tasks of all kinds of steps have in common: calls of the guard, and the words Ansible expects."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from shlex import join, quote
from types import MappingProxyType
from typing import Any, Literal, Protocol

Task = Mapping[str, Any]
"""One task of a playbook, as YAML has it."""

Kind = Literal["file", "mode", "sysctl", "unit"]
"""Of what the guard keeps the state."""


class Step(Protocol):
    """A step of any kind."""

    @property
    def do(self) -> str:
        """Its kind."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is put back together: the changes of one rule in one pass of one run."""

    directory: str
    """Of the run, on the host."""
    name: str

    @property
    def guard(self) -> str:
        """The guard's place on the host."""
        return f"{self.directory}/guard"

    def call(self, do: str, *words: str) -> str:
        """Return the shell command that calls the guard; the words are quoted."""
        return join(["/bin/sh", self.guard, do, self.name, *words])

    def keep(self, kind: Kind, *what: str) -> Task:
        """Return the task that writes down the state of what is about to change."""
        return quietly(f"Keep {', '.join(what)}", self.call("keep", kind, *what))

    def keep_each(self, kind: Kind, items: str) -> Task:
        """Return the task that does so for the lines in ``items``, an expression that is a list."""
        command = f"{self.call('keep', kind)} {{{{ {items} | map('quote') | join(' ') }}}}"
        return {**quietly("Keep what is about to change", command), "when": f"{items} | length > 0"}

    def after(self, what: str) -> Task:
        """Return the task that notes what else putting back takes."""
        return quietly("Note what putting back takes", self.call("after", what))


Renderer = Callable[[Any, Group], list[Task]]
"""Turns one step of its kind into tasks; keeps what it changes, and changes nothing that is as it should be."""


@cache
def renderers() -> Mapping[str, Renderer]:
    """Return ``render`` of every module in ``playbooks.baseline.steps``, by the kind of step."""
    from playbooks.baseline import steps  # noqa: PLC0415 - the modules in there import this one

    names = sorted(info.name for info in pkgutil.iter_modules(steps.__path__))
    return MappingProxyType({name: importlib.import_module(f"{steps.__name__}.{name}").render for name in names})


def quietly(name: str, command: str) -> Task:
    """Return a task whose command changes nothing of the system itself."""
    return {"name": name, "ansible.builtin.shell": command, "changed_when": False}


def listing(name: str, command: str, register: str) -> Task:
    """Return a task that looks something up on the host, also when Ansible only checks."""
    return {**quietly(name, command), "check_mode": False, "register": register}


def restart(unit: str | None, changed: str, group: Group) -> list[Task]:
    """Return the tasks that restart a unit where ``changed`` (an expression) says so; a stopped one stays so."""
    if unit is None:
        return []
    command = f"[ ! -d /run/systemd/system ] || systemctl try-restart -- {quote(unit)}"
    return [group.after(f"restart:{unit}"), {**quietly(f"Restart {unit}", command), "when": changed}]
