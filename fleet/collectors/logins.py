# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""When those who can log in did so last, by lastlog(8)."""

import re
from datetime import UTC, datetime

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

# sshd and login write it for sessions with a terminal. The day a password was set stands in for the day an account
# was made where nobody has ever logged in.
QUESTION = r"""
command -v lastlog >/dev/null && [ -e /var/log/lastlog ] || exit 69
echo "now $(date +%s)"
set -- /etc/passwd
if [ -r /etc/shadow ]; then set -- "$@" /etc/shadow; else echo denied; fi
awk -F: '/^[+-]/ { next }
FILENAME == "/etc/passwd" {
if ($7 !~ /\/(nologin|false|sync|halt|shutdown|git-shell)$/) { user[$1] = 1; print "user", $3, $1 }
next }
$1 in user { print "set", ($3 == "" ? "-" : $3), $1 }' "$@"
echo ef_lastlog
lastlog && echo end
"""

_DAY = 86_400
_WHEN = re.compile(r"(\w{3} {1,2}\d{1,2} \d\d:\d\d:\d\d [+-]\d{4} {1,2}\d{4})\s*$", re.ASCII)


class Login(Frozen):
    """One user who can log in."""

    name: str
    uid: Count
    days_since: Count | None
    """Whole days since the last login with a terminal; None: none ever."""
    idle_days: Count | Missing
    """Days since the last login, or since the password was set where there was none."""


class Logins(Frozen):
    """Those who can log in, and when they did."""

    users: tuple[Login, ...]


def parse(text: str) -> Logins:
    """Read the users and lastlog's table."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end" or "ef_lastlog" not in lines:
        raise UnparsableError("the answer is not complete")
    at = lines.index("ef_lastlog")
    now = 0
    uids: dict[str, int] = {}
    changed: dict[str, int] = {}
    denied = False
    for line in lines[:at]:
        match line.split(" ", 2):
            case ["now", seconds] if re.fullmatch(r"\d{1,12}", seconds, re.ASCII):
                now = int(seconds)
            case ["user", uid, name] if re.fullmatch(r"\d{1,10}", uid, re.ASCII):
                uids[name] = int(uid)
            case ["set", day, name] if re.fullmatch(r"\d{1,7}|-", day, re.ASCII):
                if day != "-":
                    changed[name] = int(day)
            case ["denied"]:
                denied = True
            case _:
                raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    if not now or not uids:
        raise UnparsableError("the time, or everybody who can log in, is missing")
    last = {line.split(" ", 1)[0]: _when(line) for line in lines[at + 2 : -1]}
    return Logins(users=tuple(_login(name, uid, last.get(name), changed, now, denied) for name, uid in uids.items()))


def _when(line: str) -> int | None:
    """Return the seconds since 1970 at the end of a line of lastlog's; None: never.

    Raises:
        UnparsableError: there is neither a time nor the word that there is none.

    """
    if line.rstrip().endswith("**"):
        return None
    found = _WHEN.search(line)
    if found is None:
        raise UnparsableError(f"lastlog: cannot make sense of {line[:80]!r}")
    try:
        return int(datetime.strptime(" ".join(found[1].split()), "%b %d %H:%M:%S %z %Y").astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        raise UnparsableError(f"lastlog: {found[1]!r} is no time") from None


def _login(name: str, uid: int, last: int | None, changed: dict[str, int], now: int, denied: bool) -> Login:  # noqa: FBT001
    days = None if last is None else max(0, now - last) // _DAY
    idle: int | Missing
    if days is not None:
        idle = days
    elif name in changed:
        idle = max(0, now // _DAY - changed[name])
    elif denied:
        idle = Missing("denied", "never logged in, and only root can read since when there is the account")
    else:
        idle = Missing("failed", "never logged in, and nothing tells since when there is the account")
    return Login(name=name, uid=uid, days_since=days, idle_days=idle)


COLLECTOR = Collector(
    id="logins",
    title=Text(en="Last logins", zh="最近登录时间"),
    question=QUESTION,
    parse=parse,
    facts=Logins,
    size=262_144,
)
