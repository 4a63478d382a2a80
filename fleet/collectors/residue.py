# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What of people's data stays behind in temporary files and in shell histories."""

import re
from collections.abc import Sequence

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from inventories.base import Frozen, Text

QUESTION = r"""
set --
for file in /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc \
/etc/bashrc /usr/lib/tmpfiles.d/*.conf /etc/tmpfiles.d/*.conf; do
[ -r "$file" ] && set -- "$@" "$file"
done
[ $# -gt 0 ] && awk '/^[ \t]*#/ { next }
FILENAME ~ /tmpfiles/ { if ($2 ~ /^(\/tmp|\/var\/tmp)$/ && $1 ~ /^[dDvqQ]/) {
print "clean", FILENAME, $2, ($6 == "" ? "-" : $6) }
next }
/HIST(FILE)?SIZE=/ { print "history", $0 }' "$@"
echo end
"""


class Cleaning(Frozen):
    """What systemd-tmpfiles does with a directory for temporary files."""

    path: str
    days: Count | None
    """Age at which files go; None: they stay, or go at boot only."""


class Residue(Frozen):
    """What stays behind."""

    history_lines: tuple[int, ...]
    """Every length a shell profile gives the history (HISTSIZE, HISTFILESIZE), in lines; negative: no end."""
    cleaning: tuple[Cleaning, ...]
    """Of /tmp and /var/tmp, as far as something is said of them."""


def parse(text: str) -> Residue:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    tagged: dict[str, list[str]] = {tag: [] for tag in ("clean", "history")}
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        if tag not in tagged:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        tagged[tag].append(rest)
    sizes = [found[1] for line in tagged["history"] for found in _HISTORY.finditer(line)]
    return Residue(
        history_lines=tuple(-1 if size.startswith("-") else int(size) for size in sizes),
        cleaning=_cleaning(tagged["clean"]),
    )


_HISTORY = re.compile(r"\bHIST(?:FILE)?SIZE=[\"']?(-?[0-9]{1,9})\b")
_AGE = re.compile(r"[~a-zA-Z:]{0,8}?([0-9]{1,6})(d|w|h|min|m|s|)")
_DAYS = {"d": 1.0, "w": 7.0, "h": 1 / 24, "min": 1 / 1440, "m": 1 / 1440, "s": 1 / 86_400, "": 1 / 86_400}


def _cleaning(lines: Sequence[str]) -> tuple[Cleaning, ...]:
    """Return what holds for each directory: files in /etc replace those of their name in /usr/lib, first names win."""
    named: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for line in lines:
        words = line.split()
        if len(words) != 3:  # noqa: PLR2004 - file, path, age
            raise UnparsableError(f"tmpfiles.d: cannot make sense of {line[:80]!r}")
        directory, _, name = words[0].rpartition("/")
        named.setdefault(name, {}).setdefault(directory, []).append((words[1], words[2]))
    found: dict[str, int | None] = {}
    for name in sorted(named):
        places = named[name]
        for path, age in places.get("/etc/tmpfiles.d") or places[min(places)]:
            match = _AGE.fullmatch(age)
            found.setdefault(path, int(int(match[1]) * _DAYS[match[2]]) if match else None)
    return tuple(Cleaning(path=path, days=days) for path, days in found.items())


COLLECTOR = Collector(
    id="residue",
    title=Text(en="Left-over data", zh="剩余信息"),
    question=QUESTION,
    parse=parse,
    facts=Residue,
    size=32_768,
)
