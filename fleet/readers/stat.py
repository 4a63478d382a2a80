# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Read ``stat -c '%a %U %G %F:%n'``: owners and modes of files, and stat's complaints, GNU's or BusyBox's."""

import re
from collections.abc import Iterable

from fleet.collector import UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen

_REFUSED = re.compile(r"(?:stat|find): (?:cannot stat\w* |can't stat |)'?(/.*?)'?: (.*)", re.ASCII)
_LINE = re.compile(r"([0-7]{1,4}) (\S+) (\S+) ([^:]+):(/.*)", re.ASCII)
_KINDS = {"regular file": "file", "regular empty file": "file", "directory": "directory", "symbolic link": "link"}


class File(Frozen):
    """One file that exists, or that only root could tell of: then all but its path (or pattern) is missing."""

    path: str
    mode: str | Missing
    """Octal, four digits."""
    owner: str | Missing
    """User's name; ``UNKNOWN`` when the number has none."""
    group: str | Missing
    kind: str
    """``file``, ``directory``, ``link`` or ``other``."""


def read(lines: Iterable[str]) -> tuple[File, ...]:
    """Return the files that are there, in order; what stat(1) says of those that do not exist is passed over.

    Raises:
        UnparsableError: a line is neither a file nor a complaint.

    """
    found: list[File] = []
    for line in lines:
        match, refused = _LINE.fullmatch(line), _REFUSED.fullmatch(line)
        if match is not None:
            mode, owner, group, kind, path = match.groups()
            found.append(File(path=path, mode=mode.zfill(4), owner=owner, group=group, kind=_KINDS.get(kind, "other")))
        elif refused is None and line.startswith("ERROR: ld.so: "):
            continue  # every program says so where ld.so.preload names what cannot be loaded
        elif refused is None:
            raise UnparsableError(f"stat: cannot make sense of {line[:80]!r}")
        elif refused[2] == "Permission denied":
            gap = Missing("denied", f"{refused[1]}: root is needed to look at this")
            found.append(File(path=refused[1], mode=gap, owner=gap, group=gap, kind="other"))
    return tuple(found)
