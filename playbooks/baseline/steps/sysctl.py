# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A kernel parameter, now and at boot; one that the kernel does not have is left alone."""

import re
from shlex import quote
from typing import Protocol

from playbooks.baseline.tasks import Group, Task, listing

FILE = "/etc/sysctl.d/zz-edufleet.conf"
"""Read last, sysctl.d(5)."""

_SWAP = str.maketrans("./", "/.")


class Step(Protocol):
    """What it takes."""

    @property
    def name(self) -> str:
        """With dots."""

    @property
    def value(self) -> str | int | bool:
        """What it shall be."""


def render(step: Step, group: Group) -> list[Task]:
    """Return the tasks."""
    path = f"/proc/sys/{step.name.translate(_SWAP)}"
    value = str(int(step.value) if isinstance(step.value, bool) else step.value)
    there = "edufleet_there.stdout == 'yes'"
    place, wanted = quote(path), quote(value)
    set_now = f"[ \"$(cat {place})\" = {wanted} ] || {{ printf '%s\\n' {wanted} >{place} && echo changed; }}"
    return [
        listing(f"Look for {step.name}", f"[ ! -e {quote(path)} ] || echo yes", "edufleet_there"),
        {**group.keep("sysctl", path), "when": there},
        {**group.keep("file", FILE), "when": there},
        {
            "name": f"{step.name} = {value} at boot",
            "ansible.builtin.lineinfile": {
                "path": FILE,
                "regexp": rf"^\s*-?{re.escape(step.name)}\s*=",
                "line": f"{step.name} = {value}",
                "create": True,
                "owner": "root",
                "group": "root",
                "mode": "0644",
            },
            "when": there,
        },
        {
            "name": f"{step.name} = {value} now",
            "ansible.builtin.shell": set_now,
            "register": "edufleet_set",
            "changed_when": "edufleet_set.stdout == 'changed'",
            "when": there,
        },
    ]
