# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the MySQL or MariaDB server holds to, as its option files (and SET PERSIST) say for the next start.

Read from files, never by logging in: accounts and plugins installed by SQL are not seen, a manual rule asks for them.
Of passwords in option files only that there is one leaves the target. Sources: the manuals of MySQL 8.0 and MariaDB
("Using Option Files", "Server System Variables"); what is built in was checked with ``mariadbd --verbose --help``,
10.11.
"""

import re
from collections.abc import Mapping

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from fleet.readers import stat
from fleet.readers.includes import AWK
from inventories.base import Frozen, Text

VARIABLES = """
local_infile symbolic_links secure_file_priv require_secure_transport tls_version ssl ssl_cert skip_grant_tables
skip_networking skip_name_resolve log_warnings log_error_verbosity server_audit_logging audit_log_policy plugin_load
plugin_load_add general_log user default_authentication_plugin authentication_policy secure_auth allow_suspicious_udfs
sql_mode log_bin wait_timeout max_password_errors bind_address datadir connection_control_failed_connections_threshold
""".split()  # noqa: SIM905 - a table
"""What is asked for, with underscores."""

QUESTION = rf"""
for server in mariadbd mysqld /usr/libexec/mariadbd /usr/libexec/mysqld /usr/local/mysql/bin/mysqld ''; do
command -v "$server" >/dev/null && break
done
[ -n "$server" ] || exit 69
set --
for file in /etc/my.cnf /etc/mysql/my.cnf /usr/local/mysql/my.cnf; do
[ -f "$file" ] && set -- "$@" "$file"
done
[ $# -gt 0 ] || exit 69
"$server" --no-defaults --version || exit
LIST=$* WANTED={" ".join(VARIABLES)!r} awk '{AWK}
function take(line,   key, value, kept) {{
gsub(/^[ \t]+|[ \t\r]+$/, "", line)
if (line ~ /^([#;]|$)/) return
if (line ~ /^!include/) {{
value = line; sub(/^!include(dir)?[ \t]+/, "", value); kept = section; section = ""
follow(line ~ /^!includedir/ ? value "/*.cnf" : value, 1)
section = kept
return
}}
if (line ~ /^\[/) {{ section = line; gsub(/[][ \t]/, "", section); return }}
key = line; value = ""
if (match(line, /[ \t]*=[ \t]*/)) {{ key = substr(line, 1, RSTART - 1); value = substr(line, RSTART + RLENGTH) }}
key = tolower(key); gsub(/-/, "_", key); sub(/^loose_/, "", key)
if (key ~ /^(password|passwd)$/) {{ if (value != "") print "password " section " " current; return }}
if (section !~ /^(mysqld|server|mariadb|mariadbd|galera)(-[0-9.]+)?$/) return
if (key == "datadir") data = value
if (!((key in wanted) || ((sub(/^(skip|disable)_/, "", key)) && (key in wanted) && (value = "0") == "0")))
return
print "set " section " " key (line ~ /=/ || value != "" ? "=" value : "")
}}
BEGIN {{
count = split(ENVIRON["WANTED"], words, " "); for (at = 1; at <= count; at++) wanted[words[at]] = 1
count = split(ENVIRON["LIST"], lists, " "); data = "/var/lib/mysql"
for (at = 1; at <= count; at++) {{ section = ""; read(lists[at]) }}
gsub(/["\047]/, "", data); sub(/\/$/, "", data)
if (safe(data)) {{
command = "[ ! -d " data " ] || [ -x " data " ] || echo closed"
if ((command | getline text) > 0) refuse(data)
close(command)
}}
while ((getline text < (data "/mysqld-auto.cnf")) > 0) for (key in wanted)
if (match(text, "\"" key "\" *: *[{{] *\"Value\" *: *\"[^\"]*\"")) {{
found = substr(text, RSTART, RLENGTH - 1); sub(/.*"/, "", found)
print "set persisted " key "=" found
}}
print "data " data
if (safe(data)) files = files " " data
finish()
}}'
"""

_VERSION = re.compile(r"Ver (\d{1,3})\.(\d{1,3})\.(\d{1,3})")
_ON = {
    "1": True,
    "on": True,
    "true": True,
    "yes": True,
    "": True,
    "0": False,
    "off": False,
    "false": False,
    "no": False,
}


class Stored(Frozen):
    """An option file in which a password is written."""

    section: str
    path: str
    mode: str
    """Octal, four digits."""


class Mysql(Frozen):
    """The server's settings."""

    flavour: str
    """``mariadb`` or ``mysql``."""
    version: str
    data_directory: str
    user: str
    """Account the server is told to run as; ``mysql`` where the unit says so and no file does."""
    remote: bool
    """Whether it listens to others than the host itself."""
    grants_ignored: bool
    """Whether anybody may do anything (skip-grant-tables)."""
    local_infile: bool
    symbolic_links: bool
    files_confined: bool
    """Whether LOAD DATA and SELECT INTO OUTFILE are bound to one directory, or off."""
    tls: bool
    """Whether the server has a certificate to speak TLS with."""
    tls_required: bool
    tls_versions: tuple[str, ...]
    logs_failed_logins: bool
    audits: bool
    """Whether an audit plugin is configured, or every statement logged."""
    delays_failed_logins: bool
    """Whether repeated failed logins are delayed or blocked."""
    max_password_errors: Count
    """MariaDB: failures after which an account is blocked; 0: never."""
    old_authentication: tuple[str, ...]
    """Settings that let in weak ways to prove a password."""
    suspicious_functions: bool
    strict: bool
    """Whether wrong values are refused instead of being bent."""
    binary_log: bool
    idle_seconds: Count
    resolves_names: bool
    """Whether names of clients are looked up, and grants may depend on them."""
    stored_passwords: tuple[Stored, ...]
    files: tuple[stat.File, ...]
    """Option files and the data directory."""


def parse(text: str) -> Mysql:
    """Read ``mysqld --version``, the reduced option files, and stat's lines."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    version = _VERSION.search(body.partition("\n")[0])
    if not marker or not lines or lines[-1] != "end" or version is None:
        raise UnparsableError("the answer is not complete")
    number = (int(version[1]), int(version[2]), int(version[3]))
    mariadb = "mariadb" in body.partition("\n")[0].lower()
    own, directory, passwords = _settings(body, f"{number[0]}.{number[1]}", mariadb=mariadb)
    files = stat.read(lines[:-1])
    modes = {file.path: file.mode for file in files}
    return Mysql(
        flavour="mariadb" if mariadb else "mysql",
        version=".".join(map(str, number)),
        data_directory=directory,
        user=own.get("user", "mysql"),
        remote=not (_on(own, "skip_networking", default=False) or own.get("bind_address", "*") in _LOOPBACK),
        grants_ignored=_on(own, "skip_grant_tables", default=False),
        local_infile=_on(own, "local_infile", default=mariadb or number < (8, 0, 0)),
        symbolic_links=_on(own, "symbolic_links", default=mariadb or number < (8, 0, 0)),
        # Packages of MySQL are built with a directory of their own, those of MariaDB with none.
        files_confined=own["secure_file_priv"] != "" if "secure_file_priv" in own else not mariadb,
        tls=_tls(own, number, mariadb=mariadb),
        tls_required=_on(own, "require_secure_transport", default=False),
        tls_versions=_versions(own, number, mariadb=mariadb),
        logs_failed_logins=_number(own.get("log_warnings", "2")) > 1
        if mariadb
        else _number(own.get("log_error_verbosity", "2")) > 2,  # noqa: PLR2004 - with notes
        audits=_audits(own),
        delays_failed_logins=_delays(own),
        max_password_errors=_number(own.get("max_password_errors", "0")) % 0xFFFF_FFFF if mariadb else 0,
        old_authentication=_old(own),
        suspicious_functions=_on(own, "allow_suspicious_udfs", default=False),
        strict=bool({"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "TRADITIONAL"} & _modes(own)),
        binary_log=own["log_bin"].lower() not in _OFF if "log_bin" in own else not mariadb and number >= (8, 0, 0),
        idle_seconds=_number(own.get("wait_timeout", "28800")),
        resolves_names=not _on(own, "skip_name_resolve", default=False),
        stored_passwords=tuple(
            Stored(section=section, path=path, mode=mode)
            for section, path in passwords
            if isinstance(mode := modes.get(path), str)
        ),
        files=files,
    )


_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_OFF = {name for name, truth in _ON.items() if not truth}


def _settings(body: str, series: str, *, mariadb: bool) -> tuple[dict[str, str], str, list[tuple[str, str]]]:
    """Return the variables in force, the data directory, and the option files with passwords."""
    groups = {"mysqld", "server", f"mysqld-{series}", "persisted"}
    if mariadb:
        groups |= {"mariadb", "mariadbd", f"mariadb-{series}", f"mariadbd-{series}", "galera"}
    own: dict[str, str] = {}
    directory = ""
    passwords: list[tuple[str, str]] = []
    for line in body.splitlines()[1:]:
        word, _, rest = line.partition(" ")
        name, _, value = rest.partition(" ")
        if word == "set" and name in groups:
            key, _, written = value.partition("=")
            plain = _bare(written)
            if key == "plugin_load_add":
                key, plain = "plugin_load", f"{own.get('plugin_load', '')};{plain}"
            own[key] = plain
        elif word == "password" and value:
            passwords.append((name, value))
        elif word == "data":
            directory = rest
        elif word != "set":
            raise UnparsableError(f"cannot make sense of {line[:60]!r}")
    if not directory:
        raise UnparsableError("the data directory is not known")
    return own, directory, passwords


def _bare(value: str) -> str:
    """Return a value without quotes and comment.

    >>> _bare("'a # b' "), _bare("ON # why"), _bare("")
    ('a # b', 'ON', '')
    """
    value = value.strip()
    if value[:1] in {"'", '"'} and value.count(value[0]) > 1:
        return value[1 : value.index(value[0], 1)]
    return re.sub(r"\s+#.*", "", value)


def _on(own: Mapping[str, str], name: str, *, default: bool) -> bool:
    if name not in own:
        return default
    truth = _ON.get(own[name].lower())
    if truth is None:
        raise UnparsableError(f"{name} is {own[name][:40]!r}, neither on nor off")
    return truth


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,12}", text, re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


def _tls(own: Mapping[str, str], number: tuple[int, int, int], *, mariadb: bool) -> bool:
    """Whether TLS is offered: MySQL and MariaDB 11.4 make a certificate of their own, older ones must be given one."""
    if not _on(own, "ssl", default=True):
        return False
    makes_its_own = number >= ((11, 4, 0) if mariadb else (5, 7, 0))
    return bool(own.get("ssl_cert")) or makes_its_own


def _versions(own: Mapping[str, str], number: tuple[int, int, int], *, mariadb: bool) -> tuple[str, ...]:
    """Return the protocols offered; where the built-in ones are not known for sure, those of older releases."""
    if own.get("tls_version"):
        return tuple(version.strip() for version in own["tls_version"].split(",") if version.strip())
    modern = number >= ((10, 11, 19) if mariadb else (8, 0, 28))
    return ("TLSv1.2", "TLSv1.3") if modern else ("TLSv1.1", "TLSv1.2", "TLSv1.3")


def _audits(own: Mapping[str, str]) -> bool:
    if "audit_log_policy" in own:
        return own["audit_log_policy"].upper() != "NONE"
    return (
        _on(own, "server_audit_logging", default=False)
        or _on(own, "general_log", default=False)
        or "audit_log" in own.get("plugin_load", "")
    )


def _delays(own: Mapping[str, str]) -> bool:
    threshold = own.get("connection_control_failed_connections_threshold", "3")
    loaded = "connection_control" in own.get("plugin_load", "") or threshold != "3"
    return loaded and _number(threshold) > 0


def _old(own: Mapping[str, str]) -> tuple[str, ...]:
    weak = {"mysql_native_password", "mysql_old_password"}
    found = [
        f"{name}={own[name]}"
        for name in ("default_authentication_plugin", "authentication_policy")
        if weak & set(re.split(r"[,:]", own.get(name, "")))
    ]
    return (*found, *(() if _on(own, "secure_auth", default=True) else ("secure_auth=OFF",)))


def _modes(own: Mapping[str, str]) -> set[str]:
    return {mode.strip().upper() for mode in own.get("sql_mode", "STRICT_TRANS_TABLES").split(",")}


COLLECTOR = Collector(
    id="mysql",
    title=Text(en="MySQL or MariaDB server", zh="MySQL 或 MariaDB 数据库"),
    question=QUESTION,
    parse=parse,
    facts=Mysql,
    root=True,
)
