# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The local accounts: users, the state (never the hash) of their passwords, groups, defaults and sudo rights."""

import re
from collections import Counter
from typing import Literal

from pydantic import ValidationError

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from fleet.readers import sudoers
from inventories.base import Frozen, Text

# Password fields are reduced to a state and the name of the hash scheme before anything leaves the target.
QUESTION = r"""
[ -r /etc/passwd ] || exit 69
set -- /etc/passwd /etc/group
for file in /etc/login.defs /etc/shadow /etc/gshadow /etc/default/useradd /etc/shells /etc/sudoers /etc/sudoers.d/*; do
case $file in *~|*.d/*.*|*/'*') continue;; esac
if [ -r "$file" ]; then [ -f "$file" ] && set -- "$@" "$file"; elif [ -e "$file" ]; then echo "denied $file"; fi
done
echo "now $(date +%s)"
awk -F: 'function state(field) {
if (field == "") return "empty -"; if (field == "x") return "shadowed -"
if (field ~ /^[!*]/) return "locked -"
if (match(field, /^\$[a-z0-9]+\$/)) return "set " substr(field, 2, RLENGTH - 2)
return "set des" }
FILENAME ~ /^\/etc\/(passwd|g?shadow|group)$/ && /^[+-]/ { print "legacy " FILENAME " " $1; next }
FILENAME ~ /group|gshadow/ && state($2) ~ /^set/ { print "grouppass " $1 }
FILENAME == "/etc/gshadow" { next }
FILENAME == "/etc/passwd" { print "user " state($2) " " $1 ":" $3 ":" $4 ":" $6 ":" $7; next }
FILENAME == "/etc/group" { print "group " $1 ":" $3 ":" $4; next }
FILENAME == "/etc/shadow" { print "shadow " state($2) " " $1 ":" $3 ":" $4 ":" $5 ":" $6 ":" $7 ":" $8; next }
/^[ \t]*$/ { next }
FILENAME == "/etc/shells" { if ($0 !~ /^[ \t]*#/) print "shell " $0; next }
FILENAME == "/etc/default/useradd" { if ($0 !~ /^[ \t]*#/) print "useradd " $0; next }
FILENAME == "/etc/login.defs" { if ($0 !~ /^[ \t]*#/) print "default " $0; next }
/^[ \t]*#/ && !/^[ \t]*#([0-9]|include)/ { next }
{ print "sudoers " $0 }
END { print "end" }' "$@"
"""

_TAGS = (
    "user", "group", "shadow", "default", "sudoers", "denied", "now", "legacy", "grouppass", "shell", "useradd",
)  # fmt: skip
_DAY = 86_400

_NO_LOGIN = frozenset({"nologin", "false", "sync", "halt", "shutdown", "git-shell"})

SCHEMES = {
    "y": "yescrypt",
    "gy": "gost-yescrypt",
    "7": "scrypt",
    "6": "sha512",
    "5": "sha256",
    "sm3": "sm3",
    "2a": "bcrypt",
    "2b": "bcrypt",
    "2y": "bcrypt",
    "1": "md5",
    "des": "des",
}
"""Names of crypt(5) prefixes."""

PasswordState = Literal["set", "locked", "empty", "shadowed"]


_NOT_ASKED = Missing("not_asked", "this capture was taken before edufleet asked for it")
_LEGACY = re.compile(r"(\S+ \S+ |)[+-]")
_OCTAL = frozenset({"UMASK", "HOME_MODE"})


class User(Frozen):
    """One line of passwd."""

    name: str
    uid: Count
    gid: Count
    home: str
    shell: str
    login: bool
    """Whether the shell lets one in: anything but nologin, false and their like."""
    password: PasswordState
    """Of the passwd file itself: ``shadowed`` as it ought to be; ``set`` means the hash is open to all to read."""
    namesakes: Count
    """How many other users have the same uid."""


class Shadow(Frozen):
    """One line of shadow, without its hash. Days; None: not set, which means without limit."""

    name: str
    state: PasswordState
    scheme: str | None
    """Hash scheme; None without a password."""
    changed: Count | None
    """Day of the last change since 1970-01-01; 0: must be changed at the next login."""
    min_days: Count | None
    max_days: Count | None
    warn_days: Count | None
    inactive_days: Count | None
    expires: Count | None
    """Day since 1970-01-01 on which the account ends."""
    uid: Count | None = None
    """Of the user of that name; None: there is none."""
    login: bool | None = None
    """Whether that user's shell lets one in."""
    ahead: bool | None = None
    """Whether the last change lies in the future by the host's clock; None: the capture does not tell."""


class Group(Frozen):
    """One line of group."""

    name: str
    gid: Count
    members: tuple[str, ...]
    namesakes: Count
    """How many other groups have the same gid."""


class Accounts(Frozen):
    """The local account database."""

    users: tuple[User, ...]
    login_names: tuple[str, ...]
    """Users whose shell lets them in."""
    groups: tuple[Group, ...]
    shadow: tuple[Shadow, ...] | Missing
    defaults: dict[str, int | str]
    """login.defs: what new accounts are given; whole numbers as such, octal modes as text."""
    sudo: sudoers.Sudoers | Missing
    legacy: tuple[str, ...] | Missing = _NOT_ASKED
    """Entries with + or - in front, which let in whom a directory (NIS) names: ``/etc/passwd +``."""
    group_passwords: tuple[str, ...] | Missing = _NOT_ASKED
    """Groups that can be joined by a password."""
    shells: tuple[str, ...] | Missing = _NOT_ASKED
    """What /etc/shells lists."""
    new_inactive_days: int | Missing | None = _NOT_ASKED
    """Days after which useradd(8) has an expired password end a new account; None: never."""

    @property
    def repeated_names(self) -> tuple[str, ...]:
        """Names that stand for more than one user, or more than one group."""
        users, groups = Counter(user.name for user in self.users), Counter(group.name for group in self.groups)
        named = (("user", users), ("group", groups))
        return tuple(f"{kind} {name}" for kind, names in named for name, count in names.items() if count > 1)

    @property
    def without_group(self) -> tuple[str, ...]:
        """Users whose primary group does not exist."""
        gids = {group.gid for group in self.groups}
        return tuple(user.name for user in self.users if user.gid not in gids)

    @property
    def root_group(self) -> tuple[str, ...]:
        """Users whose primary group is 0, and members of that group."""
        members = (name for group in self.groups if group.gid == 0 for name in group.members)
        return tuple(dict.fromkeys([*(user.name for user in self.users if user.gid == 0), *members]))

    @property
    def root_gid(self) -> int | None:
        """The primary group of root; None: there is no such user."""
        return next((user.gid for user in self.users if user.name == "root"), None)

    @property
    def shadow_group(self) -> tuple[str, ...]:
        """Users in the group that may read password hashes, whichever way."""
        shadow = [group for group in self.groups if group.name == "shadow"]
        gids = {group.gid for group in shadow}
        primary = (user.name for user in self.users if user.gid in gids)
        return tuple(dict.fromkeys([*primary, *(name for group in shadow for name in group.members)]))

    @property
    def unlisted_shells(self) -> tuple[str, ...] | Missing:
        """``name shell`` of those who can log in with a shell that /etc/shells does not list."""
        if isinstance(self.shells, Missing):
            return self.shells
        return tuple(f"{user.name} {user.shell}" for user in self.users if user.login and user.shell not in self.shells)


def parse(text: str) -> Accounts:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    tagged: dict[str, list[str]] = {tag: [] for tag in _TAGS}
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        if tag not in tagged:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        tagged[tag].append(rest)
    try:
        users = [_user(line) for line in tagged["user"] if not _LEGACY.match(line)]
        groups = [_group(line) for line in tagged["group"] if not _LEGACY.match(line)]
        shadow = [_shadow(line) for line in tagged["shadow"] if not _LEGACY.match(line)]
        today = int(tagged["now"][0]) // _DAY if tagged["now"] else None
    except (ValidationError, ValueError, KeyError):
        raise UnparsableError("a line of passwd, shadow or group has the wrong fields") from None
    if not users:
        raise UnparsableError("passwd names no user")
    uids, gids = Counter(user.uid for user in users), Counter(group.gid for group in groups)
    accounts = Accounts(
        login_names=tuple(user.name for user in users if user.login),
        users=tuple(user.model_copy(update={"namesakes": uids[user.uid] - 1}) for user in users),
        groups=tuple(group.model_copy(update={"namesakes": gids[group.gid] - 1}) for group in groups),
        shadow=_joined(shadow, users, today) or _gap(tagged["denied"], "/etc/shadow"),
        defaults=dict(_default(line) for line in tagged["default"] if len(line.split()) > 1),
        sudo=_sudo(tagged["sudoers"], tagged["denied"]),
    )
    return accounts if today is None else accounts.model_copy(update=_asked_later(tagged))


def _asked_later(tagged: dict[str, list[str]]) -> dict[str, object]:
    """Return what captures tell since they tell the time."""
    denied = {line for line in tagged["denied"] if line in {"/etc/gshadow", "/etc/shadow", "/etc/default/useradd"}}
    useradd = dict(line.partition("=")[::2] for line in tagged["useradd"])
    days = useradd.get("INACTIVE", "").strip().strip("\"'")
    unread = {path: _gap(tagged["denied"], path) for path in denied}
    return {
        "legacy": unread.get("/etc/shadow", tuple(tagged["legacy"])),
        "group_passwords": unread.get("/etc/gshadow", tuple(dict.fromkeys(tagged["grouppass"]))),
        "shells": tuple(line.split("#")[0].strip() for line in tagged["shell"]) or _gap([], "/etc/shells"),
        "new_inactive_days": unread.get(
            "/etc/default/useradd", int(days) if re.fullmatch(r"[0-9]{1,6}", days) else None
        ),
    }


def _joined(shadow: list[Shadow], users: list[User], today: int | None) -> tuple[Shadow, ...]:
    """Return the lines of shadow with what passwd says of their users, and whether they are ahead of today."""
    known = {user.name: user for user in users}
    return tuple(
        one.model_copy(
            update={
                "uid": known[one.name].uid if one.name in known else None,
                "login": known[one.name].login if one.name in known else None,
                "ahead": None if today is None else one.changed is not None and one.changed > today,
            }
        )
        for one in shadow
    )


def _user(line: str) -> User:
    state, _, rest = line.split(" ", 2)
    name, uid, gid, home, shell = rest.split(":")
    login = shell.rpartition("/")[2] not in _NO_LOGIN
    return User.model_validate(
        {"name": name, "uid": uid, "gid": gid, "home": home, "shell": shell or "/bin/sh", "login": login,
         "password": state, "namesakes": 0}
    )  # fmt: skip


def _shadow(line: str) -> Shadow:
    state, scheme, rest = line.split(" ", 2)
    name, *days = rest.split(":")
    changed, least, most, warn, inactive, expires = (
        int(day) if day.strip() not in {"", "-1"} else None for day in days
    )
    return Shadow.model_validate(
        {"name": name, "state": state, "scheme": None if scheme == "-" else SCHEMES.get(scheme, "other"),
         "changed": changed, "min_days": least, "max_days": most, "warn_days": warn, "inactive_days": inactive,
         "expires": expires}
    )  # fmt: skip


def _group(line: str) -> Group:
    name, gid, members = line.split(":")
    return Group.model_validate(
        {"name": name, "gid": gid, "members": tuple(members.split(",")) if members else (), "namesakes": 0}
    )


def _default(line: str) -> tuple[str, int | str]:
    key, value = line.split(None, 1)
    value = value.split("#")[0].strip()
    return key, int(value) if value.isascii() and value.isdecimal() and key not in _OCTAL else value


def _gap(denied: list[str], path: str) -> Missing:
    if any(line.startswith(path) for line in denied):
        return Missing("denied", f"{path}: root is needed to read this")
    return Missing("absent", f"{path} does not exist")


def _sudo(lines: list[str], denied: list[str]) -> sudoers.Sudoers | Missing:
    if not lines or any(line.startswith("/etc/sudoers") for line in denied):
        return _gap(denied, "/etc/sudoers")
    for line in lines:
        words = line.split()
        if words[0].lstrip("@#") in {"include", "includedir"} and words[0][0] in "@#" and words[-1] != "/etc/sudoers.d":
            return Missing("failed", f"sudoers includes {words[-1]}, which is not read")
    return sudoers.read(lines)


COLLECTOR = Collector(
    id="accounts",
    title=Text(en="Accounts and sudo rights", zh="账号与 sudo 授权"),
    question=QUESTION,
    parse=parse,
    facts=Accounts,
)
