# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Kernel modules that are not to be loaded; one in use goes with the next boot at the latest."""

from collections.abc import Sequence
from shlex import quote
from typing import Protocol

from playbooks.baseline.tasks import Group, Task, quietly

FILE = "/etc/modprobe.d/edufleet.conf"


class Step(Protocol):
    """What it takes."""

    @property
    def names(self) -> Sequence[str]:
        """Modules."""


def render(step: Step, group: Group) -> list[Task]:
    """Return the tasks."""
    tasks: list[Task] = [group.keep("file", FILE)]
    for name in step.names:
        line = {
            "path": FILE,
            "regexp": rf"^\s*install\s+{name}\s",
            "line": f"install {name} /bin/false",
            "create": True,
            "owner": "root",
            "group": "root",
            "mode": "0644",
        }
        unload = f"! grep -q '^{name.replace('-', '_')} ' /proc/modules || modprobe -r -- {quote(name)} || :"
        tasks += [
            {"name": f"Never load {name}", "ansible.builtin.lineinfile": line},
            quietly(f"Unload {name} where nothing uses it", unload),
        ]
    return tasks
