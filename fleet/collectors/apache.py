# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What Apache httpd holds to: its configuration with all that it includes, each site with what it inherits.

Read from files (``apachectl -t -D DUMP_CONFIG`` needs a module that few have loaded). ``<IfModule>`` is decided by
what is loaded, ``<IfDefine>`` by what the files define. Only directives that rules ask about leave the target; of
headers, redirects and conditions what they may hide is left out. .htaccess files are not seen: rules ask who may have
them. Source: the directive reference of Apache 2.4.
"""

import re
from collections.abc import Iterator, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from fleet.readers import stat
from fleet.readers.includes import AWK
from fleet.readers.web import Block, headers_of, weak_ciphers, words
from inventories.base import Frozen, Text

QUESTION = rf"""
command -v apache2 >/dev/null || command -v httpd >/dev/null || exit 69
for file in /etc/apache2/apache2.conf /etc/httpd/conf/httpd.conf /etc/apache2/httpd.conf; do
[ -f "$file" ] && break
done
[ -f "$file" ] || exit 69
CONF=$file awk '{AWK}
function expand(text,   name) {{
while (match(text, /\$[{{][A-Za-z0-9_]+[}}]/)) {{
name = substr(text, RSTART + 2, RLENGTH - 3)
if (!(name in defined)) break
text = substr(text, 1, RSTART - 1) defined[name] substr(text, RSTART + RLENGTH)
}}
return text
}}
function place(path) {{
gsub(/["\047]/, "", path); path = expand(path)
return path ~ /^\// ? path : root "/" path
}}
function key(path) {{ path = place(path); if (safe(path)) {{ print "key " path; files = files " " path }} }}
function take(line,   count, word, name, rest) {{
sub(/\r$/, "", line)
if (line ~ /\\$/) {{ held = held substr(line, 1, length(line) - 1) " "; return }}
line = held line; held = ""
gsub(/^[ \t]+|[ \t]+$/, "", line)
if (line ~ /^(#|$)/) return
if (envvars) {{
sub(/^export[ \t]+/, "", line)
if (line ~ /^[A-Z_]+=/) {{
name = line; sub(/=.*/, "", name); rest = substr(line, length(name) + 2); sub(/\$SUFFIX/, "", rest)
gsub(/["\047]/, "", rest)
if (rest !~ /[$` ]/) defined[name] = rest
}}
return
}}
count = split(line, word, /[ \t]+/); name = tolower(word[1]); rest = substr(line, length(word[1]) + 1)
if (name ~ /^<\//) {{ print ">"; return }}
if (name ~ /^</) {{
gsub(/^[ \t]+|>[ \t]*$/, "", rest); sub(/>$/, "", name)
kept = name ~ /^<(virtualhost|(directory|location|files)(match)?|ifmodule|ifdefine)$/
print name (kept ? " " expand(rest) : "")
return
}}
if (name == "serverroot") root = place(word[2])
if (name == "define" && count > 1) {{
gsub(/["\047]/, "", word[3]); defined[word[2]] = word[3]; line = "define " word[2]
}}
if (name == "include" || name == "includeoptional") {{
rest = place(word[2]); if (rest ~ /\/$/) rest = rest "*"
follow(rest, name == "include")
return
}}
if (name == "header") {{
rest = tolower(line)
if (rest !~ /(strict-transport-security|x-(frame|content-type)-options|content-security-policy|referrer-policy)/) return
}} else if (name ~ /^(redirect|redirectmatch|redirectpermanent|rewriterule)$/) {{
if (line !~ /[ \t]["\047]?https:\/\//) return
line = name " " (word[2] ~ /^(permanent|temp|seeother|30[1278])$/ ? word[3] : word[2]) " https"
}} else if (name == "require") line = name " " word[2] " " (word[2] ~ /^(all|local|ip|host|not)$/ ? word[3] : "")
else if (name == "sslcertificatekeyfile") {{ key(word[2]); return }}
else if (name !~ /^(server(tokens|signature|name)|traceenable|ssl(protocol|ciphersuite|engine)|listen)$/ &&
name !~ /^(options|allowoverride|sethandler|user|customlog|transferlog|errorlog|loglevel|logformat|timeout)$/ &&
name !~ /^(loadmodule|define|deny|allow)$/) return
print expand(line)
}}
BEGIN {{
root = ENVIRON["CONF"]; sub(/\/(conf\/)?[^\/]*$/, "", root)
envvars = 1; follow(root "/envvars", 0); envvars = 0; held = ""
read(ENVIRON["CONF"])
finish()
}}'
"""

_CONDITIONS = {"<ifmodule", "<ifdefine", "<ifversion", "<iffile", "<ifdirective", "<ifsection"}


class Site(Frozen):
    """One virtual host, or the main server, with what it inherits."""

    name: str
    tls: bool
    plain: bool
    """Whether other hosts can talk to it without TLS."""
    only_redirects: bool
    protocols: tuple[str, ...]
    weak_ciphers: tuple[str, ...]
    """Parts of SSLCipherSuite that let weak ciphers in."""
    headers: tuple[str, ...]
    """Protective headers sent; ``frame-protection`` stands for both ways to have it."""
    access_log: bool
    log_fields: tuple[str, ...]
    """Format strings such as ``%h`` that every access log of the site records."""


class Place(Frozen):
    """One directory, location or pattern of files with settings of its own."""

    kind: str
    """``directory``, ``location`` or ``files``."""
    path: str
    options: tuple[str, ...]
    """Options it switches on, in lower case."""
    overrides: tuple[str, ...]
    """What .htaccess files may do there (AllowOverride), in lower case; empty: not said."""
    access: str
    """``denied``, ``granted``, ``restricted`` or empty: not said."""
    handler: str
    """SetHandler, in lower case, or empty."""


class Apache(Frozen):
    """Apache httpd on one host."""

    user: str
    """Account of the workers."""
    tokens: str
    """ServerTokens, in lower case."""
    signature: str
    """ServerSignature, in lower case: on if it is anywhere."""
    trace: str
    """TraceEnable, in lower case."""
    modules: tuple[str, ...]
    """Loaded modules without ``_module``."""
    error_log: str
    error_level: str
    timeout: Count
    """Seconds a stalled connection is kept."""
    sites: tuple[Site, ...]
    places: tuple[Place, ...]
    files: tuple[stat.File, ...]
    keys: tuple[stat.File, ...]
    """Private keys of certificates."""


def parse(text: str) -> Apache:
    """Read directives one on a line, sections as ``<name args`` and ``>``, and stat's lines."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    if not marker or not lines or lines[-1] != "end" or not body:
        raise UnparsableError("the answer is not complete")
    keys = {line.removeprefix("key ") for line in body.splitlines() if line.startswith("key ")}
    main = _tree([line for line in body.splitlines() if not line.startswith("key ")])
    files = stat.read(lines[:-1])
    hosts = [section for section in main.blocks if section.head[0] == "<virtualhost"]
    formats = {line[1]: line[0] for line in main.own("logformat") if len(line) > 1}
    everywhere = list(main.inside())
    return Apache(
        user=main.value("user", "#-1"),
        tokens=main.value("servertokens", "full").lower(),
        signature="on"
        if any(line[0].lower() != "off" for one in everywhere for line in one.own("serversignature"))
        else "off",
        trace=main.value("traceenable", "on").lower(),
        modules=tuple(sorted(_modules(main))),
        error_log=main.value("errorlog", "logs/error_log"),
        error_level=main.value("loglevel", "warn").lower(),
        timeout=_number(main.value("timeout", "60")),
        sites=tuple(_site(section, main, formats) for section in hosts or [main]),
        places=tuple(_place(section) for section in everywhere if section.head and section.head[0] in _PLACES),
        files=tuple(file for file in files if file.path not in keys),
        keys=tuple({file.path: file for file in files if file.path in keys}.values()),
    )


def _modules(main: Block) -> set[str]:
    return {line[0].removesuffix("_module") for line in main.own("loadmodule")}


class _Reader:
    """Puts sections together, line by line; those under a condition that does not hold are left out."""

    def __init__(self) -> None:
        self.main = self.at = Block(())
        self.loaded = set(_BUILT_IN)
        self.defined: set[str] = set()
        self.open: list[tuple[Block, bool]] = []
        """What is outside each open section, and whether the section's condition holds."""

    @property
    def dead(self) -> bool:
        return not all(holds for _, holds in self.open)

    def begin(self, name: str, arguments: tuple[str, ...]) -> None:
        dead, before = self.dead, self.at
        if name in _CONDITIONS:
            self.open.append((before, self._holds(name, arguments)))
            return
        self.open.append((before, True))
        if not dead:
            self.at = Block((name, *arguments), before)
            before.blocks.append(self.at)

    def end(self) -> None:
        if not self.open:
            raise UnparsableError("a section ends that never began")
        self.at, _ = self.open.pop()

    def add(self, name: str, arguments: tuple[str, ...]) -> None:
        # A directive without arguments says nothing.
        if self.dead or not arguments:
            return
        self.at.directives.append((name, *arguments))
        if name == "loadmodule":
            self.loaded.add(arguments[0].removesuffix("_module"))
        elif name == "define":
            self.defined.add(arguments[0])

    def _holds(self, name: str, arguments: tuple[str, ...]) -> bool:
        """Whether a condition holds; what cannot be known here (versions, files) is taken to."""
        word = arguments[0] if arguments else ""
        plain = word.lstrip("!")
        if name == "<ifmodule":
            module = plain.removeprefix("mod_").removesuffix(".c").removesuffix("_module")
            return (module in self.loaded) != word.startswith("!")
        if name == "<ifdefine":
            return (plain in self.defined) != word.startswith("!")
        return True


def _tree(lines: Sequence[str]) -> Block:
    reader = _Reader()
    for line in lines:
        found = words(line)
        if not found:
            raise UnparsableError("an empty directive")
        name = found[0].lower()
        if line == ">":
            reader.end()
        elif name.startswith("<"):
            reader.begin(name, found[1:])
        else:
            reader.add(name, found[1:])
    if reader.open:
        raise UnparsableError("a section does not end")
    return reader.main


_BUILT_IN = ("core", "so", "http_core", "http", "unixd", "log_config", "logio", "version", "watchdog")
"""Modules that are part of the program in packages, so that no LoadModule names them."""


_LOOPBACK = re.compile(r"(127\.|\[::1\]|localhost)")


def _site(section: Block, main: Block, formats: dict[str, str]) -> Site:
    own = section.head[1:]
    listens = main.own("listen") or [("80",)]
    tls = section.value("sslengine", "off").lower() in {"on", "optional"}
    # What a site listens on is what its address and port have in common with the Listen lines.
    ports = {address.rpartition(":")[2] for address in own if ":" in address and not address.endswith("]")}
    mine = [line for line in listens if not own or not ports or line[0].rpartition(":")[2] in ports]
    local = bool(mine) and all(_LOOPBACK.match(line[0]) for line in mine)
    local |= bool(own) and all(_LOOPBACK.match(address) for address in own)
    headers = [(line[-2], line[-1]) for part in _chain(section) for line in _sent(part)]
    logs = section.own("customlog") + section.own("transferlog") or main.own("customlog") + main.own("transferlog")
    return Site(
        name=f"{section.value('servername', '_')} ({' '.join(own) or ' '.join(line[0] for line in listens)})",
        tls=tls,
        plain=not tls and not local,
        only_redirects=_redirects(section),
        protocols=tuple(sorted(_protocols(section))),
        weak_ciphers=weak_ciphers(_suite(section)),
        headers=tuple(sorted(headers_of(headers))),
        access_log=bool(logs),
        log_fields=tuple(sorted(_fields(logs, formats))),
    )


def _chain(section: Block) -> Iterator[Block]:
    if section.outer is not None:
        yield from _chain(section.outer)
    yield section


def _sent(section: Block) -> Iterator[tuple[str, ...]]:
    """Yield name and value of ``Header [always|onsuccess] set|append|merge|add name value ...``."""
    for line in section.own("header"):
        rest = line[1:] if line[0].lower() in {"always", "onsuccess"} else line
        if len(rest) > 2 and rest[0].lower() in {"set", "append", "merge", "add", "setifempty"}:  # noqa: PLR2004
            yield rest[1], rest[2]


def _redirects(section: Block) -> bool:
    """Whether everything is sent to https: by a redirect of ``/``, or a rewriting of all."""
    redirects = [line[0] for name in ("redirect", "redirectpermanent") for line in section.own(name)]
    matches = [line[0] for name in ("redirectmatch", "rewriterule") for line in section.own(name)]
    return "/" in redirects or any(re.fullmatch(r"\^?(/\??)?\(?(\.\*)?\)?\$?", match) for match in matches)


_ALL = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")


def _protocols(section: Block) -> set[str]:
    """Return the protocols of SSLProtocol: names add or, with a minus, take away; ``all`` is built in."""
    lines = [line for part in _chain(section) for line in part.own("sslprotocol")]
    found: set[str] = set()
    for word in lines[-1] if lines else ("all",):
        name = word.lstrip("+-")
        meant = set(_ALL) if name.lower() == "all" else {one for one in (*_ALL, "SSLv3") if one.lower() == name.lower()}
        if word[0] == "-":
            found -= meant
        elif word[0] == "+":
            found |= meant
        else:
            found = found | meant if found and name.lower() != "all" else meant
    return found


def _suite(section: Block) -> str:
    """Return the cipher string for TLS up to 1.2 (``SSLCipherSuite [SSL|TLSv1.3] string``)."""
    lines = [line for part in _chain(section) for line in part.own("sslciphersuite")]
    strings = [line[-1] for line in lines if len(line) == 1 or line[0].upper() != "TLSV1.3"]
    return strings[-1] if strings else "DEFAULT"


_COMMON = "%h %l %u %t %r %>s %b"


def _fields(logs: Sequence[tuple[str, ...]], formats: dict[str, str]) -> frozenset[str]:
    forms = [formats.get(line[1], line[1]) if len(line) > 1 else _COMMON for line in logs]
    kinds = [
        frozenset(f"%{letter}" for letter in re.findall(r"%[!\d,]*[<>]?(?:\{[^}]*\})?([a-zA-Z])", form))
        for form in forms
    ]
    return frozenset.intersection(*kinds) if kinds else frozenset()


_PLACES = {
    "<directory": "directory", "<directorymatch": "directory", "<location": "location", "<locationmatch": "location",
    "<files": "files", "<filesmatch": "files",
}  # fmt: skip


def _place(section: Block) -> Place:
    options: set[str] = set()
    for line in section.own("options"):
        names = [word.lower() for word in line]
        if not all(name[0] in "+-" for name in names):
            options = set()
        options |= {name.lstrip("+") for name in names if name[0] != "-"} - {"none"}
        options -= {name[1:] for name in names if name[0] == "-"}
    return Place(
        kind=_PLACES[section.head[0]],
        path=" ".join(word for word in section.head[1:] if word != "~") or "?",
        options=tuple(sorted(options)),
        overrides=tuple(sorted({word.lower() for line in section.own("allowoverride")[-1:] for word in line})),
        access=_access(section),
        handler=section.own("sethandler")[-1][0].lower() if section.own("sethandler") else "",
    )


def _access(section: Block) -> str:
    parts = [part for part in section.inside() if part is section or part.head[0].startswith("<require")]
    required = [line for part in parts for line in part.own("require")]
    if required:
        if any(line[:2] == ("all", "granted") for line in required):
            return "granted"
        return "denied" if all(line[:2] == ("all", "denied") for line in required) else "restricted"
    if section.own("deny"):
        return "restricted" if section.own("allow") else "denied"
    return "granted" if section.own("allow") else ""


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


COLLECTOR = Collector(
    id="apache",
    title=Text(en="Apache httpd", zh="Apache 服务"),
    question=QUESTION,
    parse=parse,
    facts=Apache,
    root=True,
    size=262_144,
)
