# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What nginx holds to: its configuration with all that it includes, each server with what it inherits.

``nginx -T`` prints the same, but opens (and makes) log files and looks up names of upstreams while it does, so files
are read. Only directives that rules ask about leave the target; of headers, redirects and conditions what they may
hide is left out. Source: the documentation of the modules named in each directive at nginx.org; Lua blocks are
skipped.
"""

import re
from collections.abc import Iterator, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from fleet.readers import stat
from fleet.readers.includes import AWK
from fleet.readers.web import Block, headers_of, weak_ciphers, words
from inventories.base import Frozen, Text

# Statements end with ";", "{" or "}" outside quotes and comments. A statement is printed on one line.
QUESTION = rf"""
for server in nginx /usr/local/nginx/sbin/nginx /usr/local/openresty/nginx/sbin/nginx ''; do
command -v "$server" >/dev/null && break
done
[ -n "$server" ] || exit 69
for file in /etc/nginx/nginx.conf /usr/local/nginx/conf/nginx.conf /usr/local/openresty/nginx/conf/nginx.conf; do
[ -f "$file" ] && break
done
[ -f "$file" ] || exit 69
"$server" -v 2>&1
CONF=$file awk '{AWK}
function key(path) {{
if (path ~ /^data:/) return
gsub(/["\047]/, "", path)
if (path !~ /^\//) path = home "/" path
if (safe(path) && path !~ /[*?[]/) {{ print "key " path; files = files " " path }}
}}
function emit(text, close_,   word, count, name, rest) {{
gsub(/[ \t\r\n]+/, " ", text); sub(/^ /, "", text); sub(/ $/, "", text)
count = split(text, word, " "); name = word[1]; rest = substr(text, length(name) + 2)
if (close_ == "{{") {{
level++
if (!hidden && name ~ /^(map|types|geo|split_clients|match|charset_map|upstream)$/) hidden = level
if (name == "if") text = text ~ /\$(scheme|https|server_port)/ ? "if scheme" : "if"
else if (name !~ /^(server|location|http|events|stream|mail|limit_except)$/) text = name
if (!hidden) print text " {{"
return
}}
if (hidden || name == "") return
gsub(/["\047]/, "", word[2])
if (name == "include") {{ rest = word[2]; follow(rest ~ /^\// ? rest : home "/" rest, 1); return }}
if (name == "add_header") {{
rest = tolower(word[2])
if (rest !~ /^(strict-transport-security|x-(frame|content-type)-options|content-security-policy|referrer-policy)$/)
text = "add_header " word[2] " set"
}} else if (name == "return" || name == "rewrite") {{
if (name == "rewrite" && word[2] !~ /^\^(\/?\(?\.\*\)?\$?)?$/) return
text = name " " (name == "return" ? word[2] : "") (rest ~ /(^| )["\047]?https:\/\// ? " https" : "")
}} else if (name == "ssl_certificate_key") {{ key(word[2]); return }}
else if (name !~ /^(listen|server_name|root|alias|access_log|log_format|error_log|user|autoindex|server_tokens)$/ &&
name !~ /^(client_max_body_size|ssl_protocols|ssl_ciphers|ssl|allow|deny|stub_status|ssl_reject_handshake)$/ &&
name !~ /^(client_(header|body)_timeout|send_timeout|keepalive_timeout)$/) return
print text ";"
}}
function take(line,   at, c, before) {{
line = line "\n"
while (line != "") {{
if (quote != "") {{
at = match(line, /["\047\\]/)
if (!at) {{ statement = statement line; return }}
c = substr(line, at, 1)
if (c == "\\") {{ statement = statement substr(line, 1, at + 1); line = substr(line, at + 2); continue }}
statement = statement substr(line, 1, at); line = substr(line, at + 1)
if (c == quote) quote = ""
continue
}}
at = match(line, /["\047\\;{{}}#]/)
if (!at) {{ if (!lua) statement = statement line; return }}
c = substr(line, at, 1); before = substr(line, 1, at - 1); line = substr(line, at + 1)
if (lua) {{
if (c == "{{") lua++
if (c == "}}" && !--lua) statement = ""
continue
}}
if (c == "#" || c == "\"" || c == "\047") {{
if ((statement before) ~ /(^|[ \t\r\n])$/) {{
statement = statement before
if (c == "#") return
quote = c; statement = statement c
}} else statement = statement before c
}} else if (c == "\\") {{ statement = statement before c substr(line, 1, 1); line = substr(line, 2) }}
else if (c == "{{" && before ~ /\$$/) {{
at = index(line, "}}"); statement = statement before c substr(line, 1, at); line = substr(line, at + 1)
}} else {{
before = statement before; statement = ""
if (c == "{{" && before ~ /_by_lua(_block)?[ \t\r\n]*$/) {{ lua = 1; continue }}
if (c == "}}") {{
if (hidden == level) {{ hidden = 0; level-- }} else {{ level--; if (!hidden) print "}}" }}
}} else emit(before, c)
}}
}}
}}
BEGIN {{
home = ENVIRON["CONF"]; sub(/\/[^\/]*$/, "", home)
read(ENVIRON["CONF"])
if (level || quote != "") refuse("the end of " ENVIRON["CONF"])
finish()
}}'
"""

_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_SECONDS = {"": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_REMOTE = re.compile(r"(unix:|127\.|\[::1\]|localhost)")
_FINE = ("notice", "info", "debug", "warn", "error")


class Server(Frozen):
    """One server block, with what it inherits."""

    name: str
    """Its first name, or ``_``, and where it listens."""
    tls: bool
    plain: bool
    """Whether other hosts can talk to it without TLS."""
    only_redirects: bool
    """Whether all it answers is to come by https, or nothing."""
    protocols: tuple[str, ...]
    weak_ciphers: tuple[str, ...]
    """Parts of ssl_ciphers that let weak ciphers in."""
    headers: tuple[str, ...]
    """Protective headers sent whichever location answers; ``frame-protection`` stands for both ways to have it."""
    version_hidden: bool
    """Whether error pages and headers keep the version to themselves."""
    lists_directories: bool
    """Whether the server or any of its locations does."""
    body_bytes: Count
    """Largest request body of the server and its locations; 0: no bound."""
    access_log: bool
    log_fields: tuple[str, ...]
    """Variables that every access log of the server records."""
    slowest_seconds: Count
    """Longest of the time-outs for reading a request's header and body."""
    roots: tuple[str, ...]
    """Directories served: root and alias."""
    serves_files: bool
    """Whether there are any."""
    hides_dot_files: bool
    """Whether paths with a component that starts with a dot are refused."""
    slipping_aliases: tuple[str, ...]
    """Locations without a final slash whose alias has one: a path such as ``/img../`` leaves the directory."""
    open_status: tuple[str, ...]
    """Locations with stub_status that everybody may ask."""


class Nginx(Frozen):
    """nginx on one host."""

    version: str
    user: str
    """Account of the workers; ``nobody`` is built in, packages build with their own."""
    error_level: str
    """Least severity that the main error log records."""
    error_log: str
    servers: tuple[Server, ...]
    files: tuple[stat.File, ...]
    """Configuration files."""
    keys: tuple[stat.File, ...]
    """Private keys of certificates."""


def parse(text: str) -> Nginx:
    """Read ``nginx -v``, statements one on a line, and stat's lines."""
    head, _, rest = text.partition("\n")
    body, marker, tail = rest.partition("ef_files\n")
    lines = tail.splitlines()
    version = re.search(r"(?:nginx|openresty)/(\d{1,4}\.\d{1,4}\.\d{1,4})", head)
    if not marker or not lines or lines[-1] != "end" or version is None:
        raise UnparsableError("the answer is not complete")
    keys = {line.removeprefix("key ") for line in body.splitlines() if line.startswith("key ")}
    main = _tree(line for line in body.splitlines() if not line.startswith("key "))
    files = stat.read(lines[:-1])
    number = tuple(map(int, version[1].split(".")))
    servers = [
        block for http in main.blocks if http.head[:1] == ("http",)
        for block in http.blocks if block.head[:1] == ("server",)
    ]  # fmt: skip
    http = next((block for block in main.blocks if block.head[:1] == ("http",)), main)
    log = (http.own("error_log") or main.own("error_log") or [("logs/error.log",)])[-1]
    return Nginx(
        version=version[1],
        user=main.value("user", "nobody"),
        error_level=log[1] if len(log) > 1 else "error",
        error_log=log[0] if log else "logs/error.log",
        servers=tuple(_server(block, number, _formats(http)) for block in servers),
        files=tuple(file for file in files if file.path not in keys),
        keys=tuple({file.path: file for file in files if file.path in keys}.values()),
    )


def _tree(lines: Iterator[str]) -> Block:
    main = at = Block(())
    for line in lines:
        if line == "}":
            if at.outer is None:
                raise UnparsableError("a block ends that never began")
            at = at.outer
        elif line.endswith("{"):
            block = Block(words(line[:-1]), at)
            at.blocks.append(block)
            at = block
        elif line.endswith(";"):
            found = words(line[:-1])
            if not found:
                raise UnparsableError("an empty statement")
            at.directives.append(found)
        else:
            raise UnparsableError(f"cannot make sense of {line[:60]!r}")
    if at is not main:
        raise UnparsableError("a block does not end")
    return main


_COMBINED = "$remote_addr $remote_user $time_local $request $status $body_bytes_sent $http_referer $http_user_agent"


def _formats(http: Block) -> dict[str, frozenset[str]]:
    found = {"combined": _COMBINED} | {line[0]: " ".join(line[1:]) for line in http.own("log_format") if line}
    return {name: frozenset(re.findall(r"\$\{?(\w+)", form)) for name, form in found.items()}


def _server(block: Block, version: Sequence[int], formats: dict[str, frozenset[str]]) -> Server:
    listens = block.own("listen") or [("80",)]
    tls = [line for line in listens if "ssl" in line or "quic" in line or block.value("ssl", "off") == "on"]
    plain = [line for line in listens if line not in tls and line and not _REMOTE.match(line[0])]
    places = [inner for inner in block.inside() if inner.head[:1] in {("server",), ("location",)}]
    everywhere = [inner for inner in block.inside() if inner.own("add_header")] + [block]
    sent = [headers_of(line[:2] for line in inner.effective("add_header") if len(line) > 1) for inner in everywhere]
    logs = [line for line in block.effective("access_log") or [("logs/access.log",)] if line and line[0] != "off"]
    default = "TLSv1.2 TLSv1.3" if tuple(version) >= (1, 23, 4) else "TLSv1 TLSv1.1 TLSv1.2"
    protocols = block.effective("ssl_protocols") or [tuple(default.split())]
    names = block.own("server_name")
    where = " ".join(line[0] for line in listens if line)
    bodies = [_bytes(inner.value("client_max_body_size", "1m")) for inner in places]
    roots = dict.fromkeys(
        line[0] for inner in places for name in ("root", "alias") for line in inner.effective(name) if line
    )
    return Server(
        name=f"{names[0][0] if names and names[0] else '_'} ({where})",
        tls=bool(tls),
        plain=bool(plain),
        only_redirects=_redirects(block),
        protocols=protocols[-1],
        weak_ciphers=weak_ciphers(block.value("ssl_ciphers", "HIGH:!aNULL:!MD5")),
        headers=tuple(sorted(frozenset.intersection(*sent))),
        version_hidden=block.value("server_tokens", "on") != "on"
        and all(inner.value("server_tokens", "on") != "on" for inner in places),
        lists_directories=any(inner.value("autoindex", "off") == "on" for inner in places),
        body_bytes=0 if 0 in bodies else max(bodies),
        access_log=bool(logs),
        log_fields=tuple(sorted(_logged(logs, formats))),
        slowest_seconds=max(
            _time(block.value(name, "60s")) for name in ("client_header_timeout", "client_body_timeout")
        ),
        roots=tuple(roots),
        serves_files=bool(roots) and not _redirects(block),
        hides_dot_files=any(_hides(inner) for inner in places),
        slipping_aliases=tuple(_slips(places)),
        open_status=tuple(
            " ".join(inner.head[1:]) for inner in places if inner.own("stub_status") and not _closed(inner)
        ),
    )


def _logged(logs: Sequence[tuple[str, ...]], formats: dict[str, frozenset[str]]) -> frozenset[str]:
    """Return the variables that every one of the logs records."""
    names = [line[1] if len(line) > 1 and "=" not in line[1] else "combined" for line in logs]
    known = [formats.get(name, frozenset()) for name in names]
    return frozenset.intersection(*known) if known else frozenset()


def _redirects(block: Block) -> bool:
    """Whether a server sends everybody to https, or answers with errors only: itself, or in each of its locations."""
    if block.value("ssl_reject_handshake", "off") == "on" or _turns_away(block):
        return True
    inside = [inner for inner in block.blocks if inner.head[:1] == ("location",)]
    others = [inner for inner in inside if not any("/.well-known/acme-challenge" in word for word in inner.head)]
    return any("/" in inner.head[1:] for inner in others) and all(_turns_away(inner) for inner in others)


def _turns_away(block: Block) -> bool:
    conditions = [inner for inner in block.blocks if inner.head[:2] == ("if", "scheme")]
    returns = [line for inner in (block, *conditions) for name in ("return", "rewrite") for line in inner.own(name)]
    return any(line[-1:] == ("https",) or (line and re.fullmatch(r"4\d\d", line[0])) for line in returns)


_DOT_FILES = re.compile(r"(\^?/|\(\^\|/\)|\(\?:\^\|/\))\\\.(\(\?!.*|\.?[*+].*|\[\^.*)?", re.ASCII)
"""Regular expressions of locations that hold any name with a dot in front, but for some (``(?!well-known)``)."""


def _hides(block: Block) -> bool:
    head = block.head
    dots = len(head) == 3 and head[1] in {"~", "~*"} and _DOT_FILES.fullmatch(head[2]) is not None  # noqa: PLR2004
    refuses = any(line and line[0] in {"403", "404", "444"} for line in block.own("return"))
    return dots and (("all",) in block.own("deny") or refuses)


def _slips(places: Sequence[Block]) -> Iterator[str]:
    for inner in places:
        prefix = inner.head[1:] if inner.head[1:2] not in {("=",), ("~",), ("~*",)} else ()
        alias = inner.own("alias")
        if prefix and not prefix[-1].endswith("/") and any(line and line[0].endswith("/") for line in alias):
            yield prefix[-1]


def _closed(block: Block) -> bool:
    """Whether a location, or what it is in, ends its list of who may ask with nobody."""
    access: Block | None = block
    while access is not None:
        if access.own("allow") or access.own("deny"):
            return ("all",) in access.own("deny") and ("all",) not in access.own("allow")
        access = access.outer
    server = block
    while server.outer is not None and server.head[:1] != ("server",):
        server = server.outer
    return all(line and _REMOTE.match(line[0]) for line in server.own("listen") or [("80",)])


def _bytes(text: str) -> int:
    match = re.fullmatch(r"(\d{1,12})([kKmMgG]?)", text, re.ASCII)
    if match is None:
        raise UnparsableError(f"{text[:40]!r} is no size")
    return int(match[1]) * _UNITS[match[2].lower()]


def _time(text: str) -> int:
    parts = re.findall(r"(\d{1,9})(ms|[smhd]?)", text, re.ASCII)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise UnparsableError(f"{text[:40]!r} is no time")
    return int(sum(int(number) * _SECONDS[unit] for number, unit in parts))


COLLECTOR = Collector(
    id="nginx",
    title=Text(en="nginx", zh="nginx 服务"),
    question=QUESTION,
    parse=parse,
    facts=Nginx,
    root=True,
    size=262_144,
)
