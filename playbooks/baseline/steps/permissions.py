# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Owner, group and mode of files that are there; a mode only loses bits. Links are not followed."""

from collections.abc import Sequence
from shlex import quote
from typing import Protocol

from playbooks.baseline.tasks import Group, Task, listing

_GLOB = "*?[]"


class Step(Protocol):
    """What it takes."""

    @property
    def paths(self) -> Sequence[str]:
        """Paths, or patterns of the shell."""

    @property
    def owner(self) -> str | None:
        """Who shall own them."""

    @property
    def group(self) -> str | None:
        """Which group they shall be of."""

    @property
    def at_most(self) -> str | None:
        """Octal."""


def render(step: Step, group: Group) -> list[Task]:
    """Return the tasks."""
    words = " ".join(pattern(path) for path in step.paths)
    look = f'for path in {words}; do [ -L "$path" ] || [ ! -e "$path" ] || printf \'%s\\n\' "$path"; done'
    wanted: dict[str, object] = {"path": "{{ item }}", "follow": False}
    if step.owner is not None:
        wanted["owner"] = step.owner
    if step.group is not None:
        wanted["group"] = step.group
    if step.at_most is not None:
        wanted["mode"] = without(step.at_most)
    found = "edufleet_paths.stdout_lines"
    return [
        listing("Look for the files", look, "edufleet_paths"),
        group.keep_each("mode", found),
        {"name": "Close them to others", "ansible.builtin.file": wanted, "loop": f"{{{{ {found} }}}}"},
    ]


def pattern(path: str) -> str:
    """Return a path for the shell, quoted but for its wildcards.

    >>> pattern("/home/*/a b")
    "/home/*/'a b'"
    """
    return "/".join(part if set(part) <= _SAFE else quote(part) for part in path.split("/"))


_SAFE = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@+" + _GLOB)


def without(at_most: str) -> str:
    """Return the symbolic mode that takes away every bit that ``at_most`` (octal) does not have.

    >>> without("0640"), without("01777"), without("0755")
    ('u-xs,g-wxs,o-rwxt', 'u-s,g-s', 'u-s,g-ws,o-wt')
    """
    kept = int(at_most, 8)
    special = {"u": (0o4000, "s"), "g": (0o2000, "s"), "o": (0o1000, "t")}
    clauses: list[str] = []
    for who, shift in (("u", 6), ("g", 3), ("o", 0)):
        bits = "".join(letter for letter, bit in (("r", 4), ("w", 2), ("x", 1)) if not kept >> shift & bit)
        bit, letter = special[who]
        bits += "" if kept & bit else letter
        if bits:
            clauses.append(f"{who}-{bits}")
    return ",".join(clauses)
