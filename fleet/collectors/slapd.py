# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the OpenLDAP server holds to: cn=config as slapd keeps it in files.

Read from the files (``slapcat -n0`` prints the same but loads every module first). Of passwords only the scheme
leaves the target. A server that is still configured by slapd.conf is not read but reported. Source: slapd-config(5),
slapd.access(5), OpenLDAP 2.5.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from fleet.readers import stat
from fleet.readers.includes import AWK
from inventories.base import Frozen, Text

# A value after two colons is in base 64: of a password's the beginning is decoded to tell the scheme. The name of an
# overlay's entry is only its own part of it; the directory it is in says of which data base it is.
QUESTION = rf"""
command -v slapd >/dev/null || [ -x /usr/libexec/slapd ] || exit 69
for dir in /etc/ldap/slapd.d /etc/openldap/slapd.d /usr/local/etc/openldap/slapd.d; do
[ -d "$dir" ] && break
done
if [ ! -d "$dir" ]; then
for file in /etc/ldap/slapd.conf /etc/openldap/slapd.conf; do
[ -f "$file" ] && {{ echo "$file: only cn=config can be read" >&2; exit 1; }}
done
exit 69
fi
[ -x "$dir" ] || exit 77
[ -f "$dir/cn=config.ldif" ] || exit 69
[ -r "$dir/cn=config.ldif" ] || exit 77
DIR=$dir awk '{AWK}
function scheme(value, encoded,   out, bits, at, count, digit, power) {{
if (encoded) {{
sub(/=+$/, "", value); out = ""; bits = 0; count = 0
for (at = 1; at <= length(value) && at <= 24; at++) {{
digit = index("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", substr(value, at, 1)) - 1
bits = bits * 64 + digit; count += 6
if (count >= 8) {{
count -= 8; power = count == 0 ? 1 : count == 2 ? 4 : 16
out = out sprintf("%c", int(bits / power)); bits = bits % power
}}
}}
value = out
}}
return match(value, /^[{{][A-Za-z0-9-]+[}}]/) ? substr(value, 1, RLENGTH) : "plain"
}}
function give(   name, value, encoded) {{
if (!match(entry, /^[A-Za-z][A-Za-z0-9-]*:/)) {{ entry = ""; return }}
name = substr(entry, 1, RLENGTH - 1); value = substr(entry, RLENGTH + 1); entry = ""
encoded = sub(/^:/, "", value); sub(/^ /, "", value)
if (name == "olcRootPW") {{ print "olcRootPW: " scheme(value, encoded); return }}
if (name == "olcSyncrepl") {{
if (encoded) return
print "olcSyncrepl: " (value ~ /provider="?ldaps:|starttls="?(yes|critical)/ ? "tls" : "plain")
return
}}
if (name == "olcTLSCertificateKeyFile") {{
if (!encoded && safe(value)) {{ print "key " value; files = files " " value }}
return
}}
if (name == "olcDbDirectory" && !encoded && safe(value)) files = files " " value
if (name ~ /^(dn|olc(Database|Suffix|Access|Disallows|Requires|Allows|Security|TLSCertificateFile|TLSProtocolMin))$/ ||
name ~ /^olc(LogLevel|PasswordHash|IdleTimeout|SizeLimit|Overlay)$/)
print name (encoded ? ":: " : ": ") value
}}
function take(line) {{
if (line ~ /^ /) {{ entry = entry substr(line, 2); return }}
give()
if (line ~ /^#/) return
if (line ~ /^dn:/) {{
owner = ""
if (current ~ /\/olcOverlay=[^\/]*$/) {{ owner = current; sub(/\/[^\/]*$/, "", owner); sub(/.*\//, ",", owner) }}
line = line owner
}}
entry = line
}}
BEGIN {{
dir = ENVIRON["DIR"]
count = split("/cn=config.ldif /cn=config/olcDatabase=*.ldif /cn=config/olcDatabase=*/olcOverlay=*.ldif", parts, " ")
for (at = 1; at <= count; at++) {{ follow(dir parts[at], at == 1); give() }}
files = files " " dir
finish()
}}'
"""


class Database(Frozen):
    """One data base of the directory."""

    suffix: str
    passwords_open: tuple[str, ...]
    """Who may do more with others' passwords than log in: clauses of the first rule that speaks of them."""
    writers: tuple[str, ...]
    """Clauses that let everybody, or everybody who is logged in, write."""
    anonymous: bool
    """Whether entries can be read without logging in, as far as the rules say."""
    overlays: tuple[str, ...]
    """Names such as ``ppolicy``, ``accesslog``."""
    replicates_plain: bool
    """Whether it fetches its copy without TLS."""


class Slapd(Frozen):
    """The server's settings."""

    anonymous_binds: bool
    """Whether a log-in without a name is taken."""
    log_in_required: bool
    """Whether operations need a log-in (olcRequires: authc) everywhere."""
    tls: bool
    """Whether the server has a certificate."""
    tls_min: str
    """olcTLSProtocolMin: ``3.3`` is TLS 1.2; empty: not set."""
    protected_binds: bool
    """Whether a password is only taken over a connection with strong protection."""
    old_binds: tuple[str, ...]
    """olcAllows: weak ways that are switched on."""
    password_hashes: tuple[str, ...]
    log_level: tuple[str, ...]
    idle_seconds: Count
    """0: connections may idle for ever."""
    size_limit: int
    """Most entries of one answer; -1: no bound."""
    databases: tuple[Database, ...]
    """Those with data; not the configuration, the monitor and the frontend."""
    root_passwords: tuple[str, ...]
    """Schemes of every root password, that of the configuration too."""
    files: tuple[stat.File, ...]
    """The configuration and the data directories."""
    keys: tuple[stat.File, ...]


def parse(text: str) -> Slapd:
    """Read the entries, each beginning with its dn, and stat's lines."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    if not marker or not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    keys = {line.removeprefix("key ") for line in body.splitlines() if line.startswith("key ")}
    entries = list(_entries([line for line in body.splitlines() if not line.startswith("key ")]))
    files = stat.read(lines[:-1])
    top = next((entry for entry in entries if entry["dn"] == ["cn=config"]), None)
    if top is None:
        raise UnparsableError("cn=config is not in the answer")
    front = next((entry for entry in entries if _database(entry) == "frontend"), {})
    both = (top, front)
    requires = {word for entry in both for value in entry.get("olcRequires", []) for word in value.split()}
    return Slapd(
        anonymous_binds=not any("bind_anon" in value.split() for value in top.get("olcDisallows", [])),
        log_in_required="authc" in requires,
        tls=bool(top.get("olcTLSCertificateFile")),
        tls_min=(top.get("olcTLSProtocolMin") or [""])[-1],
        protected_binds=any(_strong(value) for entry in both for value in entry.get("olcSecurity", [])),
        old_binds=tuple(sorted({word for value in top.get("olcAllows", []) for word in value.split()})),
        password_hashes=tuple(
            word.strip("{}") for entry in both for value in entry.get("olcPasswordHash", []) for word in value.split()
        )
        or ("SSHA",),
        log_level=tuple(word.lower() for value in top.get("olcLogLevel", []) for word in value.split()),
        idle_seconds=_number((top.get("olcIdleTimeout") or ["0"])[-1]),
        size_limit=_limit((front.get("olcSizeLimit") or top.get("olcSizeLimit") or ["500"])[-1]),
        databases=tuple(
            _data(entry, entries, front) for entry in entries
            if _database(entry) not in {None, "config", "monitor", "frontend"}
        ),
        root_passwords=tuple(value.strip("{}") for entry in entries for value in entry.get("olcRootPW", [])),
        files=tuple(file for file in files if file.path not in keys),
        keys=tuple({file.path: file for file in files if file.path in keys}.values()),
    )  # fmt: skip


Entry = Mapping[str, Sequence[str]]
Clauses = tuple[tuple[str, str], ...]
"""Who gets which level of access, in order."""


def _entries(lines: Sequence[str]) -> Iterator[Entry]:
    entry: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or (name != "dn" and not entry):
            raise UnparsableError(f"cannot make sense of {line[:60]!r}")
        if value.startswith(":"):
            try:
                value = b64decode(value[1:].strip(), validate=True).decode()
            except (binascii.Error, ValueError):
                raise UnparsableError(f"{name} is not in base 64") from None
        if name == "dn":
            if entry:
                yield entry
            entry = {"dn": [value.strip()]}
        else:
            entry.setdefault(name, []).append(value.strip())
    if entry:
        yield entry


def _database(entry: Entry) -> str | None:
    """Return the kind of data base an entry is, such as ``mdb``; None: another entry."""
    values = entry.get("olcDatabase", [])
    return re.sub(r"^\{-?\d+\}", "", values[-1]).lower() if values else None


def _data(entry: Entry, entries: Sequence[Entry], front: Entry) -> Database:
    name = entry["dn"][0].partition(",")[0]
    overlays = [
        re.sub(r"^\{\d+\}", "", value)
        for other in entries if f",{name}," in f"{other['dn'][0]}," and other is not entry
        for value in other.get("olcOverlay", [])
    ]  # fmt: skip
    rules = [*map(_rule, entry.get("olcAccess", [])), *map(_rule, front.get("olcAccess", []))]
    if not rules:
        rules = [("*", (("*", "read"),))]  # what slapd does without any
    passwords = _on_passwords(rules)
    return Database(
        suffix=(entry.get("olcSuffix") or [""])[0],
        passwords_open=tuple(
            f"by {who} {level}" for who, level in passwords if who in _CROWDS and _level(level) > _LEVELS["auth"]
        ),
        writers=tuple(
            f"to {what} by {who} {level}"
            for what, by in rules for who, level in by if who in _CROWDS and _level(level) >= _LEVELS["write"]
        ),
        anonymous=any(
            who in {"*", "anonymous"} and _level(level) >= _LEVELS["search"]
            for what, by in rules if not _NO_ENTRIES.match(what)
            for who, level in by
        ),
        overlays=tuple(sorted(overlays)),
        replicates_plain="plain" in entry.get("olcSyncrepl", []),
    )  # fmt: skip


_NO_ENTRIES = re.compile(r'dn(\.\w+)?="?(cn=subschema)?"?($|\s)', re.IGNORECASE)
"""What speaks of the root DSE or the schema, which everybody may see."""


def _on_passwords(rules: Iterable[tuple[str, Clauses]]) -> Clauses:
    """Return the clauses on passwords up to the first rule on all entries that hands nothing on (``break``)."""
    found: list[tuple[str, str]] = []
    for what, by in rules:
        if not _holds_passwords(what):
            continue
        found += by
        if "dn" not in what.partition("attr")[0] and not any(level == "break" for _, level in by):
            break
    return tuple(found)


_CROWDS = {"*", "users", "anonymous"}
_LEVELS = {
    "none": 0,
    "disclose": 1,
    "auth": 2,
    "compare": 3,
    "search": 4,
    "read": 5,
    "add": 6,
    "delete": 6,
    "write": 6,
    "manage": 7,
}
_LETTERS = {
    "m": "manage", "w": "write", "a": "write", "z": "write", "r": "read", "s": "search", "c": "compare", "x": "auth",
    "d": "disclose",
}  # fmt: skip


def _rule(value: str) -> tuple[str, Clauses]:
    """Return what an olcAccess value speaks of, and who gets which level.

    >>> _rule('{0}to attrs=userPassword by self write by anonymous auth by * none')
    ('attrs=userPassword', (('self', 'write'), ('anonymous', 'auth'), ('*', 'none')))
    """
    what, *clauses = re.split(r"\s+by\s+", re.sub(r"^\{\d+\}", "", value).strip())
    if not re.match(r"to\s+\S", what):
        raise UnparsableError(f"olcAccess: cannot make sense of {value[:60]!r}")
    found: list[tuple[str, str]] = []
    for clause in clauses:
        who, _, rest = clause.strip().partition(" ")
        level = next((word for word in rest.split() if word in _LEVELS or re.fullmatch(r"[=+][mwarscxdz0]*", word)), "")
        # Conditions such as ssf=128 narrow who it is: then it is no longer everybody.
        narrowed = any("=" in word and not re.fullmatch(r"[=+][mwarscxdz0]*", word) for word in rest.split())
        found.append((f"{who}+" if narrowed else who, level or ("none" if not rest else rest.split()[0])))
    return what[2:].strip(), tuple(found)


def _level(text: str) -> int:
    if text[:1] in {"=", "+"}:
        return max((_LEVELS[_LETTERS[letter]] for letter in text[1:] if letter in _LETTERS), default=0)
    return _LEVELS.get(text, 0)


def _holds_passwords(what: str) -> bool:
    if _NO_ENTRIES.match(what):
        return False
    attributes = re.search(r"attrs?=(\S+)", what)
    return attributes is None or "userpassword" in attributes[1].lower().split(",")


def _strong(value: str) -> bool:
    """Whether olcSecurity asks for 112 bits at least of everything, or of log-ins by password."""
    factors = dict(re.findall(r"(\w+)=(\d{1,6})", value))
    bits = [int(factors.get(name, "0")) for name in ("ssf", "tls", "transport", "simple_bind")]
    return max(bits) >= 112  # noqa: PLR2004 - three keys of DES, the weakest that is still called strong


def _limit(value: str) -> int:
    sizes = [
        word.rpartition("=")[2]
        for word in value.split()
        if "=" not in word or word.startswith(("size=", "size.soft=", "size.hard="))
    ]
    if any(size in {"unlimited", "none", "-1"} for size in sizes):
        return -1
    numbers = [int(size) for size in sizes if re.fullmatch(r"\d{1,9}", size, re.ASCII)]
    if not numbers:
        raise UnparsableError(f"olcSizeLimit: cannot make sense of {value[:40]!r}")
    return max(numbers)


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


COLLECTOR = Collector(
    id="slapd",
    title=Text(en="OpenLDAP server", zh="OpenLDAP 目录服务"),
    question=QUESTION,
    parse=parse,
    facts=Slapd,
    root=True,
)
