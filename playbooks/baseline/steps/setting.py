# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A key in a configuration file: said once, every other line that sets it is commented out."""

import re
from shlex import quote
from typing import Any, Literal, Protocol

from playbooks.baseline.tasks import Group, Task, listing, restart

_JOIN = {"key value": " ", "key=value": "=", "key = value": " = "}


class Step(Protocol):
    """What it takes."""

    @property
    def file(self) -> str:
        """Path."""

    @property
    def key(self) -> str:
        """Name of the setting."""

    @property
    def value(self) -> str | int | bool:
        """What it shall be."""

    @property
    def form(self) -> str:
        """How key and value stand in a line."""

    @property
    def section(self) -> str | None:
        """Section of an ini file."""

    @property
    def stricter(self) -> Literal["lower", "higher"] | None:
        """Which other numbers stay where they stand."""

    @property
    def restart(self) -> str | None:
        """Unit to restart when it changed."""


def render(step: Step, group: Group) -> list[Task]:
    """Return the tasks; a file that is not there is made."""
    value = ("yes" if step.value else "no") if isinstance(step.value, bool) else str(step.value)
    line = f"{step.key}{_JOIN[step.form]}{value}"
    between = r"[ \t]+" if step.form == "key value" else r"[ \t]*="
    otherwise = rf"^(?!{re.escape(line)}$)([ \t]*{re.escape(step.key)}{between}.*)$"
    others: dict[str, Any] = {"path": step.file, "regexp": otherwise, "replace": r"# edufleet: \1"}
    said: dict[str, Any] = {"path": step.file, "line": line, "create": True}
    wanted = [] if step.stricter is None else ["edufleet_now.stdout != 'stricter'"]
    tasks: list[Task] = [group.keep("file", step.file)]
    if step.stricter is not None:
        tasks.append(listing(f"Look what {step.file} says of {step.key}", _now(step, value), "edufleet_now"))
    if step.section is not None:
        section = rf"[ \t]*\[{re.escape(step.section)}\][ \t]*"
        others |= {"after": rf"(?m)^{section}$", "before": r"(?:\n[ \t]*\[|\Z)"}
        said["insertafter"] = f"^{section}$"
        head = {"path": step.file, "regexp": f"^{section}$", "line": f"[{step.section}]", "create": True}
        tasks.append({"name": f"Have a section {step.section}", "ansible.builtin.lineinfile": head, "when": wanted})
    return [
        *tasks,
        {"name": f"Look for {step.file}", "ansible.builtin.stat": {"path": step.file}, "register": "edufleet_file"},
        {
            "name": f"Comment out other words on {step.key}",
            "ansible.builtin.replace": others,
            "register": "edufleet_others",
            "when": ["edufleet_file.stat.exists", *wanted],
        },
        {
            "name": f"Say {line}",
            "ansible.builtin.lineinfile": said,
            "register": "edufleet_said",
            "when": wanted,
        },
        *restart(step.restart, "edufleet_others is changed or edufleet_said is changed", group),
    ]


def _now(step: Step, value: str) -> str:
    """Return the command that prints ``stricter`` where the last word on the key is a stricter number."""
    if not value.isdecimal():
        raise ValueError(f"{step.key}: only of numbers others can be stricter, {value!r} is none")
    holds = f"found + 0 >= {value}" if step.stricter == "higher" else f"found + 0 > 0 && found + 0 <= {value}"
    program = (
        '{ sub(/^[ \\t]+/, ""); if (index($0, key) != 1) next; rest = substr($0, length(key) + 1); '
        'if (rest !~ /^[ \\t=]/) next; sub(/^[ \\t]*=?[ \\t]*/, "", rest); sub(/[ \\t]+$/, "", rest); found = rest } '
        f'END {{ if (found ~ /^[0-9]+$/ && {holds}) print "stricter" }}'
    )
    return f"[ ! -f {quote(step.file)} ] || awk -v key={quote(step.key)} {quote(program)} {quote(step.file)}"
