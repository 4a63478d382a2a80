# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A file of edufleet's own."""

from typing import Protocol

from playbooks.baseline.tasks import Group, Task, restart


class Step(Protocol):
    """What it takes."""

    @property
    def file(self) -> str:
        """Path."""

    @property
    def text(self) -> str:
        """Content."""

    @property
    def mode(self) -> str:
        """Octal."""

    @property
    def restart(self) -> str | None:
        """Unit to restart when it changed."""


def render(step: Step, group: Group) -> list[Task]:
    """Return the tasks."""
    written = {
        "dest": step.file,
        "content": step.text if step.text.endswith("\n") else f"{step.text}\n",
        "owner": "root",
        "group": "root",
        "mode": step.mode,
    }
    return [
        group.keep("file", step.file),
        {"name": f"Write {step.file}", "ansible.builtin.copy": written, "register": "edufleet_written"},
        *restart(step.restart, "edufleet_written is changed", group),
    ]
