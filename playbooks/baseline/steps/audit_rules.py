# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Audit rules in a file of our own, loaded where auditd runs; rules that are locked count from the next boot."""

from collections.abc import Sequence
from typing import Protocol

from playbooks.baseline.tasks import Group, Task, quietly

FILE = "/etc/audit/rules.d/50-edufleet.rules"
"""augenrules(8) puts them in the order of their names: what locks the rules is by custom in 99-something."""

_LOAD = "! command -v augenrules >/dev/null || ! pidof auditd >/dev/null || augenrules --load >/dev/null"


class Step(Protocol):
    """What it takes."""

    @property
    def lines(self) -> Sequence[str]:
        """Rules, as auditctl(8) takes them."""


def render(step: Step, group: Group) -> list[Task]:
    """Return the tasks."""
    tasks: list[Task] = [group.keep("file", FILE), group.after("augenrules")]
    for line in step.lines:
        wanted = {"path": FILE, "line": line, "create": True, "owner": "root", "group": "root", "mode": "0640"}
        tasks.append({"name": f"Audit {line}", "ansible.builtin.lineinfile": wanted})
    return [*tasks, quietly("Load the rules", _LOAD)]
