# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""An option of sshd: of several places the first counts (sshd_config(5)), so it goes where sshd reads first.

Where sshd_config includes its directory, that is a file of our own there; elsewhere, the top of sshd_config. What says
otherwise ahead of that, or in a Match block, is commented out - but numbers in Match blocks, which may be stricter.
"""

import re
from typing import Protocol

from playbooks.baseline.tasks import Group, Task, listing, quietly

MAIN = "/etc/ssh/sshd_config"
DIRECTORY = "/etc/ssh/sshd_config.d"
FILE = f"{DIRECTORY}/00-edufleet.conf"

_PLACE = rf"""
grep -qiE '^[[:space:]]*Include[[:space:]].*{DIRECTORY}/\*' {MAIN} && echo {FILE} || echo {MAIN}
"""
_OTHERS = f"""
for file in {MAIN} {DIRECTORY}/*.conf; do [ ! -f "$file" ] || [ "$file" = {FILE} ] || printf '%s\\n' "$file"; done
"""
_AHEAD = f"""
printf '%s\\n' {DIRECTORY}/*.conf {FILE} | LC_ALL=C sort -u | while IFS= read -r file; do
[ "$file" != {FILE} ] || break
[ ! -f "$file" ] || printf '%s\\n' "$file"; done
"""
_OUTSIDE_MATCH = {"after": r"\A", "before": r"(?:(?:\A|\n)[ \t]*[Mm]atch[ \t]|\Z)"}
_INSIDE_MATCH = {"after": r"(?im)^[ \t]*Match[ \t]"}


class Step(Protocol):
    """What it takes."""

    @property
    def option(self) -> str:
        """Name of the option."""

    @property
    def value(self) -> str | int | bool:
        """What it shall be."""


def render(step: Step, group: Group) -> list[Task]:
    """Return the tasks; the settings are checked before sshd reads them."""
    value = ("yes" if step.value else "no") if isinstance(step.value, bool) else str(step.value)
    line = f"{step.option} {value}"
    said = rf"[ \t]*{step.option}(?:[ \t]*=[ \t]*|[ \t]+)"
    otherwise = rf'(?i)^({said}(?!"?{re.escape(value)}"?[ \t]*$).*)$'
    taken_back = {"path": "{{ item }}", "regexp": otherwise, "replace": r"# edufleet: \1"}
    own = f"edufleet_place.stdout == '{FILE}'"
    tasks: list[Task] = [
        listing("Find where sshd reads first", _PLACE, "edufleet_place"),
        listing("List the files of sshd", _OTHERS, "edufleet_sshd"),
        listing("List those read ahead of ours", _AHEAD, "edufleet_ahead"),
        group.keep("file", MAIN, FILE),
        group.keep_each("file", "edufleet_sshd.stdout_lines"),
        group.after("sshd"),
        {
            "name": f"Say {line} first",
            "ansible.builtin.lineinfile": {
                "path": FILE,
                "regexp": f"(?i)^{said}",
                "line": line,
                "create": True,
                "owner": "root",
                "group": "root",
                "mode": "0600",
            },
            "when": own,
        },
        {
            "name": f"Say {line} at the top",
            "ansible.builtin.blockinfile": {
                "path": MAIN,
                "marker": f"# {{mark}} edufleet {step.option}",
                "block": line,
                "insertbefore": "BOF",
            },
            "when": f"not {own}",
        },
        {
            "name": f"Take back what files ahead say of {step.option}",
            "ansible.builtin.replace": {**taken_back, **_OUTSIDE_MATCH},
            "loop": "{{ edufleet_ahead.stdout_lines }}",
            "when": own,
        },
    ]
    if not value.isdecimal():
        tasks.append(
            {
                "name": f"Take back what Match blocks say of {step.option}",
                "ansible.builtin.replace": {**taken_back, **_INSIDE_MATCH},
                "loop": "{{ edufleet_sshd.stdout_lines }}",
            }
        )
    return [*tasks, quietly("Check the settings and make sshd read them", f"/bin/sh {group.guard} sshd")]
