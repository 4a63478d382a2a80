# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What PostgreSQL clusters hold to: their settings as the next start takes them, and who may log in from where.

Read from the files of every cluster, never by logging in: a session would show in its logs and may ask for a secret.
The last of several settings counts, ALTER SYSTEM's file over the others and the command line over all; passwords in
pg_hba.conf and commands do not leave the target. Source: PostgreSQL's documentation, chapters "Server Configuration"
and "The pg_hba.conf File". Settings of single roles and data bases (ALTER ROLE ... SET) are not seen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from fleet.readers import stat
from fleet.readers.includes import AWK
from inventories.base import Frozen, Text

# Clusters are where distributions put them, and where the lock files beside the sockets of running ones say.
QUESTION = rf"""
[ -d /etc/postgresql ] || [ -d /var/lib/pgsql ] || [ -d /var/lib/postgresql ] || [ -d /run/postgresql ] || exit 69
set --; list=
for lock in /run/postgresql/.s.PGSQL.*.lock; do
[ -r "$lock" ] && {{ read -r _; read -r data; }} <"$lock" && set -- "$@" "$data/postgresql.conf"
done
for file in /etc/postgresql/*/*/postgresql.conf /var/lib/pgsql/data/postgresql.conf \
/var/lib/pgsql/*/data/postgresql.conf /var/lib/postgresql/data/postgresql.conf \
/var/lib/postgresql/*/data/postgresql.conf "$@"; do
[ -f "$file" ] && case " $list " in *" $file "*) ;; *) list="$list $file" ;; esac
done
if [ -z "$list" ]; then
for place in /var/lib/pgsql /var/lib/pgsql/data /var/lib/postgresql /var/lib/postgresql/data; do
[ -d "$place" ] && [ ! -x "$place" ] && exit 77
done
exit 69
fi
LIST=$list awk '{AWK}
function clean(value) {{
sub(/^[ \t]*=?[ \t]*/, "", value)
if (substr(value, 1, 1) == "\047") {{ value = substr(value, 2); sub(/\047.*/, "", value) }}
else sub(/[ \t#\r].*/, "", value)
return value
}}
function place(path) {{ return path ~ /^\// ? path : home "/" path }}
function take(line,   key, rest, value) {{
if (part == "hba") {{
if (line ~ /^[ \t]*(#|$)/) return
gsub(/(ldapbindpasswd|radiussecrets)=("[^"]*"|[^ \t]*)/, "secret=set", line)
if (match(line, /^[ \t]*include(_dir|_if_exists)?[ \t]+/)) {{
rest = substr(line, RLENGTH + 1); gsub(/"|[ \t]*(#.*)?$/, "", rest)
follow(place(rest) (line ~ /include_dir/ ? "/*.conf" : ""), line !~ /if_exists/)
return
}}
print "hba " line
return
}}
if (part != "settings") {{ print part " " line; return }}
if (!match(line, /^[ \t]*[A-Za-z_.]+/)) return
key = tolower(substr(line, 1, RLENGTH)); gsub(/[ \t]/, "", key)
rest = substr(line, RLENGTH + 1); value = clean(rest)
if (key ~ /^include/) {{
follow(place(value) (key == "include_dir" ? "/*.conf" : ""), key != "include_if_exists")
return
}}
if (key == "data_directory") data = value
if (key == "hba_file") hba = value
if (key ~ /^archive_(command|library)$/) rest = value ~ /^(\(disabled\))?$/ ? " \047\047" : " set"
if (key ~ /^(listen_addresses|ssl|ssl_min_protocol_version|password_encryption|shared_preload_libraries|fsync)$/ ||
key ~ /^(full_page_writes|archive_(mode|command|library)|idle_session_timeout)$/ ||
key ~ /^log(_connections|_disconnections|_line_prefix|_statement|_min_messages|_min_error_statement)$/ ||
key ~ /^(log_file_mode|logging_collector)$/)
print "set " key " " rest
}}
function options(file,   line, word, count, at) {{
if ((getline line < file) > 0) {{
count = split(line, word, "\"")
for (at = 1; at <= count; at++) if (sub(/^(--|-c ?)/, "", word[at]) || word[at - 2] == "-c")
if (word[at] ~ /^[a-z_]+=/) {{ sub(/=/, " = ", word[at]); part = "settings"; take(word[at]) }}
}}
close(file)
}}
BEGIN {{
count = split(ENVIRON["LIST"], lists, " ")
for (at = 1; at <= count; at++) {{
home = lists[at]; sub(/\/[^\/]*$/, "", home)
data = home; hba = home "/pg_hba.conf"; part = "settings"
print "cluster " lists[at]
read(lists[at])
data = place(data); hba = place(hba)
follow(data "/postgresql.auto.conf", 0)
options(data "/postmaster.opts")
data = place(data); hba = place(hba)
part = "version"; follow(data "/PG_VERSION", 1)
part = "hba"; follow(hba, 1)
print "data " data
files = files " " data
}}
finish()
}}'
"""

_BOOLEANS = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
_TIME = re.compile(r"(\d{1,12})\s*(us|ms|s|min|h|d)?", re.ASCII)
_MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_WORD = re.compile(r'(?:"[^"]*"|[^\s"#])+')


class Access(Frozen):
    """One line of pg_hba.conf."""

    cluster: str
    kind: str
    """``local``, ``host``, ``hostssl``, ``hostnossl``, ``hostgssenc`` or ``hostnogssenc``."""
    databases: str
    """As written, by commas."""
    users: str
    address: str
    """Network, host name, ``samehost``, ``samenet`` or ``all``; empty for sockets."""
    method: str
    remote: bool
    """Whether other hosts can log in by it: not a socket, not the host's own addresses, not a refusal."""
    everywhere: bool
    """Whether any address can."""


class Cluster(Frozen):
    """One cluster's settings."""

    config: str
    """Path of its postgresql.conf."""
    version: Count
    """Major version."""
    data_directory: str
    remote: bool
    """Whether it listens to others than the host itself."""
    password_encryption: str
    ssl: bool
    ssl_min_protocol_version: str
    log_connections: bool
    log_disconnections: bool
    log_line_prefix: str
    log_statement: str
    log_min_messages: str
    log_min_error_statement: str
    logging_collector: bool
    log_file_mode: str
    """Octal, four digits."""
    preloaded: tuple[str, ...]
    """Libraries loaded at start: ``$libdir/`` and endings taken off."""
    idle_session_seconds: Count
    """0: sessions may idle for ever."""
    fsync: bool
    full_page_writes: bool
    archives: bool
    """Whether finished write-ahead logs are copied away."""
    superuser_remote: bool
    """Whether pg_hba.conf lets user postgres in from other hosts."""


class Postgresql(Frozen):
    """Every cluster of a host."""

    clusters: tuple[Cluster, ...]
    access: tuple[Access, ...]
    files: tuple[stat.File, ...]
    """Configuration files and data directories."""


def parse(text: str) -> Postgresql:
    """Read the marked lines of each cluster, and stat's."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    if not marker or not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    clusters: list[Cluster] = []
    access: list[Access] = []
    for part in re.split(r"^cluster ", body, flags=re.MULTILINE)[1:]:
        config, _, rest = part.partition("\n")
        entries = _access(config, rest)
        clusters.append(_cluster(config, rest, entries))
        access += entries
    if not clusters:
        raise UnparsableError("there is no cluster in the answer")
    return Postgresql(
        clusters=tuple(clusters),
        access=tuple(access),
        files=stat.read(lines[:-1]),
    )


def _values(body: str, kind: str) -> Iterator[str]:
    return (line.removeprefix(f"{kind} ") for line in body.splitlines() if line.startswith(f"{kind} "))


def _cluster(config: str, body: str, entries: Sequence[Access]) -> Cluster:
    versions = [value.strip() for value in _values(body, "version")]
    directories = list(_values(body, "data"))
    if len(versions) != 1 or not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", versions[0], re.ASCII) or len(directories) != 1:
        raise UnparsableError(f"{config}: version or data directory is not known")
    version = int(versions[0].partition(".")[0])
    own: dict[str, str] = {}
    for line in _values(body, "set"):
        key, _, value = line.partition(" ")
        own[key] = _unquoted(value)
    chosen = {**_defaults(version), **own}
    mode = chosen["log_file_mode"]
    if not re.fullmatch(r"0?[0-7]{3}", mode):
        raise UnparsableError(f"log_file_mode {mode[:20]!r} is no octal mode")
    return Cluster(
        config=config,
        version=version,
        data_directory=directories[0],
        remote=not set(re.split(r"\s*,\s*", chosen["listen_addresses"].strip())) <= _LOOPBACK,
        password_encryption=_ENCRYPTIONS.get(chosen["password_encryption"].lower(), "md5"),
        ssl=_boolean(chosen["ssl"]),
        ssl_min_protocol_version=chosen["ssl_min_protocol_version"],
        log_connections=_logs(chosen["log_connections"]),
        log_disconnections=_boolean(chosen["log_disconnections"]),
        log_line_prefix=chosen["log_line_prefix"],
        log_statement=chosen["log_statement"].lower(),
        log_min_messages=chosen["log_min_messages"].lower(),
        log_min_error_statement=chosen["log_min_error_statement"].lower(),
        logging_collector=_boolean(chosen["logging_collector"]),
        log_file_mode=mode.zfill(4),
        preloaded=tuple(_libraries(chosen["shared_preload_libraries"])),
        idle_session_seconds=_seconds(chosen["idle_session_timeout"], "ms"),
        fsync=_boolean(chosen["fsync"]),
        full_page_writes=_boolean(chosen["full_page_writes"]),
        archives=chosen["archive_mode"].lower() == "always" or _boolean(chosen["archive_mode"])
        if chosen["archive_command"] or chosen["archive_library"]
        else False,
        superuser_remote=_superuser(entries),
    )


_LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}
_ENCRYPTIONS = {"scram-sha-256": "scram-sha-256"}


def _defaults(version: int) -> Mapping[str, str]:
    """Return what is built in; of what changed, by major version."""
    return {
        "listen_addresses": "localhost",
        "password_encryption": "scram-sha-256" if version >= 14 else "md5",  # noqa: PLR2004 - PostgreSQL 14
        "ssl": "off",
        "ssl_min_protocol_version": "TLSv1.2" if version >= 13 else "TLSv1",  # noqa: PLR2004 - PostgreSQL 13
        "log_connections": "off",
        "log_disconnections": "off",
        "log_line_prefix": "%m [%p] ",
        "log_statement": "none",
        "log_min_messages": "warning",
        "log_min_error_statement": "error",
        "logging_collector": "off",
        "log_file_mode": "0600",
        "shared_preload_libraries": "",
        "idle_session_timeout": "0",
        "fsync": "on",
        "full_page_writes": "on",
        "archive_mode": "off",
        "archive_command": "",
        "archive_library": "",
    }


def _unquoted(value: str) -> str:
    """Return a value of postgresql.conf without quotes and comment.

    >>> _unquoted(" = 'it''s # here' # a comment"), _unquoted("=on#x")
    ("it's # here", 'on')
    """
    value = value.strip().removeprefix("=").strip()
    quoted = re.match(r"'((?:[^'\\]|''|\\.)*)'", value)
    if quoted is not None:
        return re.sub(r"''|\\(.)", lambda found: found[1] or "'", quoted[1])
    return re.split(r"[\s#]", value, maxsplit=1)[0]


def _boolean(value: str) -> bool:
    """Read a boolean: any unambiguous beginning of the words is one."""
    text = value.lower()
    matches = {truth for word, truth in _BOOLEANS.items() if text and word.startswith(text)}
    if len(matches) != 1:
        raise UnparsableError(f"{value[:40]!r} is neither on nor off")
    return matches.pop()


def _logs(value: str) -> bool:
    """Read log_connections: a boolean, or since PostgreSQL 18 a list of what is logged."""
    aspects = set(re.split(r"\s*,\s*", value.strip().lower()))
    if aspects & {"all", "authentication", "authorization", "receipt", "setup_durations", ""}:
        return bool(aspects & {"all", "authentication", "authorization"})
    return _boolean(value)


def _seconds(value: str, unit: str) -> int:
    match = _TIME.fullmatch(value.strip())
    if match is None:
        raise UnparsableError(f"{value[:40]!r} is no time")
    milliseconds = int(match[1]) * _MILLISECONDS[match[2] or unit]
    return 0 if milliseconds == 0 else max(1, int(milliseconds // 1000))


def _libraries(value: str) -> Iterator[str]:
    for name in value.split(","):
        plain = name.strip().strip('"').removeprefix("$libdir/").removesuffix(".so")
        if plain:
            yield plain


def _access(cluster: str, body: str) -> list[Access]:
    entries: list[Access] = []
    joined = re.sub(r"\\\nhba ", " ", "\n".join(f"hba {line}" for line in _values(body, "hba")))
    for line in _values(joined, "hba"):
        words = [word.replace('"', "") for word in _WORD.findall(re.sub(r"\s*,\s*", ",", line.partition("#")[0]))]
        kind = words[0] if words else ""
        if kind not in _KINDS or len(words) < (4 if kind == "local" else 5):
            raise UnparsableError(f"pg_hba.conf: cannot make sense of {line[:60]!r}")
        address, rest = ("", words[3:]) if kind == "local" else (words[3], words[4:])
        if address and re.fullmatch(r"[\d.]+|[0-9A-Fa-f:]+:[0-9A-Fa-f:.]*", rest[0]) and len(rest) > 1:
            address, rest = f"{address}/{rest[0]}", rest[1:]
        network = _network(address)
        local = not address or address == "samehost" or (network is not None and network.is_loopback)
        refused = rest[0] == "reject"
        entries.append(
            Access(
                cluster=cluster,
                kind=kind,
                databases=words[1],
                users=words[2],
                address=address,
                method=rest[0],
                remote=not local and not refused,
                everywhere=not refused and (address == "all" or (network is not None and network.prefixlen == 0)),
            )
        )
    return entries


_KINDS = {"local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"}


def _network(address: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(address, strict=False)
    except ValueError:
        return None


def _superuser(entries: Sequence[Access]) -> bool:
    """Whether a line lets user postgres in from other hosts before one refuses it (or all) from everywhere."""
    shut: set[str] = set()
    for entry in entries:
        if not {"all", "postgres"} & set(entry.users.split(",")):
            continue
        everywhere = entry.kind == "host" and entry.databases == "all"
        if entry.method == "reject" and everywhere:
            shut |= {"v4", "v6"} if entry.address == "all" else _FAMILIES.get(entry.address, set())
        elif entry.remote and not shut >= (
            {"v6"} if ":" in entry.address else {"v4"} if "/" in entry.address else _BOTH
        ):
            return True
    return False


_BOTH = {"v4", "v6"}
_FAMILIES = {"0.0.0.0/0": {"v4"}, "::/0": {"v6"}, "::0/0": {"v6"}}

COLLECTOR = Collector(
    id="postgresql",
    title=Text(en="PostgreSQL clusters", zh="PostgreSQL 数据库"),
    question=QUESTION,
    parse=parse,
    facts=Postgresql,
    root=True,
    size=262_144,
)
