# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What Redis (or Valkey) servers hold to: their configuration files with what they include, and their ACL files.

Read from files: asking the server would need its password. Of passwords only that they are set and a lower bound of
their length leaves the target, of a renamed command only whether it can still be called. Source: redis.conf as
shipped with Redis 7.0, and Redis' documentation of access control lists.
"""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from fleet.readers import stat
from fleet.readers.includes import AWK
from inventories.base import Frozen, Text

QUESTION = rf"""
command -v redis-server >/dev/null || command -v valkey-server >/dev/null || exit 69
list=
for place in /etc/redis /etc/valkey; do [ -d "$place" ] && [ ! -x "$place" ] && exit 77; done
for file in /etc/redis.conf /etc/redis/redis*.conf /etc/redis/[0-9]*.conf /etc/valkey/valkey*.conf; do
[ -f "$file" ] && list="$list $file"
done
[ -n "$list" ] || exit 69
LIST=$list awk '{AWK}
function class(secret,   size) {{
size = length(secret)
return size >= 32 ? 32 : size >= 16 ? 16 : size >= 8 ? 8 : size > 0 ? 1 : 0
}}
function bare(value) {{ gsub(/^[ \t]+|[ \t\r]+$/, "", value); gsub(/^["\047]|["\047]$/, "", value); return value }}
function take(line,   key, value, word, count, at, text) {{
if (line ~ /^[ \t]*(#|\r?$)/) return
if (!match(line, /^[ \t]*[A-Za-z-]+/)) return
key = tolower(substr(line, 1, RLENGTH)); gsub(/[ \t]/, "", key)
value = bare(substr(line, RLENGTH + 1))
if (key == "include") {{ follow(value ~ /^\// ? value : home "/" value, 1); return }}
if (key == "aclfile") acl = value
if (key == "dir") data = value
if (key == "requirepass" || key == "masterauth") value = class(value)
if (key == "rename-command") {{
split(value, word, /[ \t]+/); value = bare(word[1]) (bare(word[2]) == "" ? " off" : " renamed")
}}
if (key == "user") {{
count = split(value, word, /[ \t]+/); text = ""
for (at = 1; at <= count; at++) {{
if (word[at] ~ /^[>]/) word[at] = ">" class(substr(word[at], 2))
if (word[at] ~ /^[#]/) word[at] = "#set"
if (word[at] ~ /^[<!]/) word[at] = "!set"
if (at == 1 || word[at] ~ /^([>#!+-].*|on|off|nopass|resetpass|reset|allcommands|nocommands)$/) text = text " " word[at]
}}
value = substr(text, 2)
}}
if (key ~ /^(bind|port|protected-mode|unixsocket|unixsocketperm|timeout|tls-(port|protocols|replication)|replicaof)$/ ||
key ~ /^(slaveof|enable-(debug-command|module-command|protected-configs)|loglevel|logfile|syslog-enabled)$/ ||
key ~ /^(aclfile|dir|requirepass|rename-command|user)$/)
print key " " value
}}
BEGIN {{
count = split(ENVIRON["LIST"], lists, " ")
for (at = 1; at <= count; at++) {{
if (index(files " ", " " lists[at] " ")) continue
home = lists[at]; sub(/\/[^\/]*$/, "", home)
acl = ""; data = ""
print "server " lists[at]
read(lists[at])
if (acl != "") follow(acl, 1)
if (data ~ /^\// && safe(data)) files = files " " data
}}
finish()
}}'
"""

DANGEROUS: Mapping[str, frozenset[str]] = {
    "config": frozenset({"admin", "slow", "dangerous"}),
    "debug": frozenset({"admin", "slow", "dangerous"}),
    "flushall": frozenset({"keyspace", "write", "slow", "dangerous"}),
    "flushdb": frozenset({"keyspace", "write", "slow", "dangerous"}),
    "keys": frozenset({"keyspace", "read", "slow", "dangerous"}),
    "migrate": frozenset({"keyspace", "write", "slow", "dangerous"}),
    "module": frozenset({"admin", "slow", "dangerous"}),
    "monitor": frozenset({"admin", "slow", "dangerous"}),
    "replicaof": frozenset({"admin", "slow", "dangerous"}),
    "shutdown": frozenset({"admin", "slow", "dangerous"}),
}
"""Commands that empty, stop, copy or take over a server, with the ACL categories they are in (``ACL CAT``)."""


class User(Frozen):
    """One user of the access control list."""

    server: str
    name: str
    active: bool
    password: bool
    """Whether logging in takes one."""
    shortest: Count | None
    """Lower bound of the length of the shortest password: 1, 8, 16 or 32; None: not known, only its hash is there."""
    dangerous: tuple[str, ...]
    """Which of the dangerous commands the user may call."""


class Server(Frozen):
    """One server's settings."""

    config: str
    remote: bool
    """Whether it listens to others than the host itself (TCP, plain or TLS)."""
    plain_remote: bool
    """Whether others can reach it without TLS."""
    tls: bool
    tls_protocols: tuple[str, ...]
    protected_mode: bool
    replica: bool
    tls_replication: bool
    socket_mode: str | None
    """Octal, four digits; None: no Unix socket."""
    idle_seconds: Count
    """0: connections may idle for ever."""
    runtime_changes: tuple[str, ...]
    """Which of enable-debug-command, enable-module-command and enable-protected-configs are open to remote clients."""
    loglevel: str
    logs: bool
    """Whether the log goes to a file or to syslog."""


class Redis(Frozen):
    """Every configured server of a host."""

    servers: tuple[Server, ...]
    users: tuple[User, ...]
    """Of every server; ``default`` is who has not named a user."""
    files: tuple[stat.File, ...]
    """Configuration and ACL files, and data directories."""


def parse(text: str) -> Redis:
    """Read the reduced settings of each server, and stat's lines."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    if not marker or not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    servers: list[Server] = []
    users: list[User] = []
    for part in re.split(r"^server ", body, flags=re.MULTILINE)[1:]:
        config, _, rest = part.partition("\n")
        settings: dict[str, str] = {}
        renamed: set[str] = set()
        named: dict[str, list[str]] = {}
        for line in rest.splitlines():
            key, _, value = line.partition(" ")
            if key == "rename-command":
                renamed.add(value.partition(" ")[0].lower())
            elif key == "user":
                name, *rights = value.split() or [""]
                named.setdefault(name, []).extend(rights)
            else:
                settings[key] = value
        servers.append(_server(config, settings))
        users += _users(config, settings, named, renamed)
    if not servers:
        raise UnparsableError("there is no server in the answer")
    return Redis(servers=tuple(servers), users=tuple(users), files=stat.read(lines[:-1]))


def _server(config: str, settings: Mapping[str, str]) -> Server:
    addresses = _words(settings.get("bind", "* -::*"))
    beyond = any(not re.fullmatch(r"-?(127(\.\d+){3}|::1|localhost)", address) for address in addresses)
    port, tls_port = _number(settings.get("port", "6379")), _number(settings.get("tls-port", "0"))
    socket = settings.get("unixsocketperm", "0") if settings.get("unixsocket") else None
    if socket is not None and not re.fullmatch(r"[0-7]{1,4}", socket):
        raise UnparsableError(f"unixsocketperm {socket[:20]!r} is no octal mode")
    opened = ("enable-debug-command", "enable-module-command", "enable-protected-configs")
    return Server(
        config=config,
        remote=beyond and (port != 0 or tls_port != 0),
        plain_remote=beyond and port != 0,
        tls=tls_port != 0,
        tls_protocols=tuple(_words(settings.get("tls-protocols", "TLSv1.2 TLSv1.3"))),
        protected_mode=settings.get("protected-mode", "yes") != "no",
        replica=bool(_words(settings.get("replicaof", settings.get("slaveof", "no one"))) != ["no", "one"]),
        tls_replication=settings.get("tls-replication", "no") == "yes",
        # Without a mode of its own the socket has that of the umask: 0777 for what anybody could make of it.
        socket_mode=None if socket is None else (socket.zfill(4) if int(socket, 8) else "0777"),
        idle_seconds=_number(settings.get("timeout", "0")),
        runtime_changes=tuple(name for name in opened if settings.get(name, "no") == "yes"),
        loglevel=settings.get("loglevel", "notice"),
        logs=bool(settings.get("logfile", "").strip("\"'")) or settings.get("syslog-enabled", "no") == "yes",
    )


def _users(
    config: str, settings: Mapping[str, str], named: Mapping[str, Sequence[str]], renamed: set[str]
) -> Iterator[User]:
    # Tried on 7.0: a line for user default starts from nothing, and the server then ignores requirepass; with an ACL
    # file it does so too.
    length = 0 if settings.get("aclfile") else _number(settings.get("requirepass", "0"))
    built_in = ["on", "nopass", "+@all", *([f">{length}"] if length else [])]
    own = {"default": built_in, **named}
    for name, rights in own.items():
        yield _user(config, name, rights, renamed)


def _user(config: str, name: str, rights: Sequence[str], renamed: set[str]) -> User:
    active, nopass, lengths, allowed = False, False, list[int](), set[str]()
    for word in rights:
        match word:
            case "on" | "off":
                active = word == "on"
            case "nopass" | "resetpass" | "reset":
                nopass, lengths = word == "nopass", []
                if word == "reset":
                    active, allowed = False, set()
            case "#set":
                nopass = False
            case "allcommands":
                allowed = set(DANGEROUS)
            case "nocommands":
                allowed = set()
            case _ if word.startswith(">"):
                nopass = False
                lengths.append(_number(word[1:]))
            case _ if word[0] in "+-":
                allowed = _allowed(allowed, word)
    return User(
        server=config,
        name=name,
        active=active,
        password=not nopass,
        shortest=min(lengths, default=None),
        dangerous=tuple(sorted(allowed - renamed)),
    )


def _allowed(allowed: set[str], word: str) -> set[str]:
    """Return who may be called after ``+command``, ``-command``, ``+@category`` or ``-@category``."""
    sign, what = word[0], word[1:].lower()
    if what.startswith("@"):
        meant = {name for name, categories in DANGEROUS.items() if what == "@all" or what[1:] in categories}
    else:
        # A subcommand that is allowed is the command; one that is taken away leaves the others.
        meant = {what.partition("|")[0]} & set(DANGEROUS) if sign == "+" else {what} & set(DANGEROUS)
    return allowed | meant if sign == "+" else allowed - meant


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        raise UnparsableError(f"{text[:40]!r} has an open quote") from None


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text.strip("\"'"), re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text.strip("\"'"))


COLLECTOR = Collector(
    id="redis",
    title=Text(en="Redis servers", zh="Redis 服务"),
    question=QUESTION,
    parse=parse,
    facts=Redis,
    root=True,
)
