# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The home directories of those who can log in, and the files in them that programs go by or that hold secrets."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

MOST = 300
"""Users looked at: what more there are is said, never passed over."""

# The shell's own tests cost no process; one stat(1) tells of all that is there. A link is followed: a history that is
# /dev/null is no file.
QUESTION = rf"""
[ -r /etc/passwd ] || exit 69
set --; count=0
while IFS=: read -r name _ uid _ _ home shell; do
case $name in ''|[+-]*) continue;; esac
case $shell in */nologin|*/false|*/sync|*/halt|*/shutdown|*/git-shell) continue;; esac
count=$((count + 1)); [ "$count" -gt {MOST} ] && {{ echo more; break; }}
if [ -d "$home" ]; then set -- "$@" "$home"; [ -x "$home" ] || echo "denied $home"
elif [ -d "${{home%/*}}/" ] && [ ! -x "${{home%/*}}/" ]; then echo "denied $home"; fi
echo "user $name:$uid:$home"
for file in .profile .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .zshrc .zprofile .zshenv .kshrc \
.cshrc .tcshrc .login .vimrc .ssh/config .ssh/rc .ssh/environment .forward .netrc .pgpass .my.cnf .git-credentials \
.bash_history .sh_history .ash_history .zsh_history .mysql_history .psql_history .python_history .viminfo; do
[ -f "$home/$file" ] && set -- "$@" "$home/$file"
done
done </etc/passwd
[ $# -gt 0 ] && stat -L -c '%a %u %s %F:%n' "$@" 2>/dev/null
echo end
"""

HISTORIES = frozenset({".bash_history", ".sh_history", ".ash_history", ".zsh_history", ".mysql_history",
                       ".psql_history", ".python_history", ".viminfo"})  # fmt: skip
SECRETS = frozenset({".netrc", ".pgpass", ".my.cnf", ".git-credentials"})

_USER = re.compile(r"user ([^:]+):(\d{1,10}):([^:]*)", re.ASCII)
_LINE = re.compile(r"([0-7]{1,4}) (\d{1,10}) (\d{1,18}) ([^:]+):(/.*)", re.ASCII)


class Home(Frozen):
    """The home directory of one who can log in."""

    user: str
    uid: Count
    path: str
    exists: bool | Missing
    owner: Count | None
    """Uid of who owns it; None: it does not exist, or nobody knows."""
    owned: bool
    """Whether that is the user, or root."""
    shared_with: tuple[str, ...]
    """Others who can log in and have the same home."""


class DotFile(Frozen):
    """One file in a home directory."""

    path: str
    name: str
    """Relative to the home."""
    user: str
    kind: str
    """``startup`` (read or run by a program on the user's behalf), ``secret``, ``history`` or ``forward``."""
    mode: str
    """Octal, four digits."""
    owned: bool
    """Whether the user or root owns it."""
    empty: bool


class Homes(Frozen):
    """The homes of those who can log in."""

    homes: tuple[Home, ...] | Missing
    """Missing when there are more than :data:`MOST` users."""
    files: tuple[DotFile, ...] | Missing
    """Missing also when some homes are closed to who asks."""


def parse(text: str) -> Homes:
    """Read users, and what stat(1) says of what they have."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    users: list[tuple[str, int, str]] = []
    seen: dict[str, tuple[str, int, bool]] = {}
    hidden: dict[str, Missing] = {}
    more = False
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        match = _LINE.fullmatch(line)
        user = _USER.fullmatch(line)
        if user is not None:
            users.append((user[1], int(user[2]), user[3]))
        elif tag == "denied":
            hidden[rest] = Missing("denied", f"{rest}: root is needed to look into it")
        elif line == "more":
            more = True
        elif match is not None:
            seen[match[5]] = (match[1].zfill(4), int(match[2]), match[3] == "0")
        else:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    if not users:
        raise UnparsableError("passwd names nobody who can log in")
    gap = next(iter(hidden.values()), None)
    if more:
        gap = Missing("failed", f"more than {MOST} users can log in: the others were not looked at")
    homes = tuple(_home(user, users, seen, hidden) for user in users)
    return Homes(homes=gap if more and gap else homes, files=gap or tuple(_dot_files(users, seen)))


def _home(
    user: tuple[str, int, str],
    users: list[tuple[str, int, str]],
    seen: dict[str, tuple[str, int, bool]],
    hidden: dict[str, Missing],
) -> Home:
    name, uid, home = user
    owner = seen[home][1] if home in seen else None
    return Home(
        user=name,
        uid=uid,
        path=home,
        exists=home in seen or hidden.get(home, False),
        owner=owner,
        owned=owner in {uid, 0},
        shared_with=tuple(other for other, _, theirs in users if theirs == home and other != name),
    )


def _dot_files(users: list[tuple[str, int, str]], seen: dict[str, tuple[str, int, bool]]) -> list[DotFile]:
    by_home = {home.rstrip("/"): (name, uid) for name, uid, home in users}
    found = []
    for path, (mode, owner, empty) in seen.items():
        home = next((home for home in _parents(path) if home in by_home), None)
        if home is None:
            continue
        name, uid = by_home[home]
        relative = path[len(home) + 1 :]
        found.append(
            DotFile(
                path=path, name=relative, user=name, kind=_kind(relative), mode=mode, owned=owner in {uid, 0},
                empty=empty,
            )
        )  # fmt: skip
    return found


def _parents(path: str) -> list[str]:
    """Return the directory of a file, and the one above: where its home can be."""
    above = path.rpartition("/")[0]
    return [above, above.rpartition("/")[0]] if above.endswith("/.ssh") else [above]


def _kind(name: str) -> str:
    if name in HISTORIES:
        return "history"
    if name in SECRETS:
        return "secret"
    return "forward" if name == ".forward" else "startup"


COLLECTOR = Collector(
    id="homes",
    title=Text(en="Home directories", zh="用户主目录"),
    question=QUESTION,
    parse=parse,
    facts=Homes,
)
