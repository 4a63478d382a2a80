# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""State of systemd units that are installed."""

from collections.abc import Sequence
from shlex import join
from typing import Literal, Protocol

from playbooks.baseline.tasks import Group, Task, listing


class Step(Protocol):
    """What it takes."""

    @property
    def names(self) -> Sequence[str]:
        """Units."""

    @property
    def state(self) -> Literal["masked", "disabled", "running"]:
        """What they shall be."""


def render(step: Step, group: Group) -> list[Task]:
    """Return the tasks; a unit whose file lies where a mask would go is stopped and disabled instead."""
    installed = (
        f"[ -d /run/systemd/system ] || exit 0; for unit in {join(step.names)}; do "
        'systemctl cat -- "$unit" >/dev/null 2>&1 && printf \'%s\\n\' "$unit"; done; :'
    )
    found = "edufleet_units.stdout_lines"
    tasks = [listing("Look for the units", installed, "edufleet_units"), group.keep_each("unit", found)]
    each = {"loop": f"{{{{ {found} }}}}"}
    if step.state == "running":
        wanted = {"name": "{{ item }}", "masked": False, "enabled": True, "state": "started"}
        return [*tasks, {"name": "Run them, now and at boot", "ansible.builtin.systemd_service": wanted, **each}]
    started = (
        f"[ -d /run/systemd/system ] || exit 0; for unit in {join(step.names)}; do "
        'case $(systemctl is-enabled -- "$unit" 2>/dev/null) in enabled*) printf \'%s\\n\' "$unit" ;; esac; done'
    )
    tasks += [
        {
            "name": "Stop them now",
            "ansible.builtin.systemd_service": {"name": "{{ item }}", "state": "stopped"},
            **each,
        },
        # Not all: Ansible takes a unit that has nothing to disable for enabled, each time anew.
        listing("Look which start at boot", started, "edufleet_enabled"),
        {
            "name": "Stop them at boot",
            "ansible.builtin.systemd_service": {"name": "{{ item }}", "enabled": False},
            "loop": "{{ edufleet_enabled.stdout_lines }}",
        },
    ]
    if step.state == "masked":
        local = (
            f"cd /etc/systemd/system 2>/dev/null || exit 0; for unit in {join(step.names)}; do "
            '[ -L "$unit" ] || [ ! -e "$unit" ] || printf \'%s\\n\' "$unit"; done'
        )
        tasks += [
            listing("Look which cannot be masked", local, "edufleet_local_units"),
            {
                "name": "Let nothing start them",
                "ansible.builtin.systemd_service": {"name": "{{ item }}", "masked": True},
                "loop": f"{{{{ {found} | difference(edufleet_local_units.stdout_lines) }}}}",
            },
        ]
    return tasks
