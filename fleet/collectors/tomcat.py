# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What Apache Tomcat instances hold to: server.xml, the default web.xml and context.xml, users, and what is deployed.

The XML is taken apart on the target by awk(1): known elements and attributes on lines of their own, nothing else
leaves it; of passwords only whether one is empty, well known, short or otherwise set. A file with a document type or
entities is not read at all. Source: Tomcat's "Security Considerations" and configuration reference, 9.0 and 10.1.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.readers import stat
from fleet.readers.includes import AWK
from inventories.base import Frozen, Text

QUESTION = rf"""
list=
for base in /var/lib/tomcat* /opt/tomcat* /opt/apache-tomcat* /usr/local/tomcat* /usr/share/tomcat; do
[ -d "$base/conf" ] || continue
[ -x "$base/conf/" ] || exit 77
[ -e "$base/conf/server.xml" ] || continue
[ -r "$base/conf/server.xml" ] || exit 77
list="$list $base"
done
[ -n "$list" ] || exit 69
for base in $list; do
echo "instance $base"
for app in "$base"/webapps/*/ "$base"/conf/Catalina/*/*.xml; do
case $app in *'*'*) ;; *.xml) echo "context $app" ;; *) echo "app $app" ;; esac
done
done
LIST=$list awk '{AWK}
function state(password) {{
if (password == "") return "empty"
if (tolower(password) ~ /^(tomcat[0-9]*|s3cret|secret|admin[0-9]*|password|manager|role1|changeit|123456(78)?)$/ ||
password ~ /must-be-changed/) return "known"
return length(password) < 8 ? "short" : "set"
}}
function known(name) {{
return name ~ /^(Server|Service|Connector|SSLHostConfig|Engine|Host|Valve|Realm|CredentialHandler|Context|user)$/
}}
function tag(text,   name, rest, out, attribute, value, quote_, at) {{
if (text ~ /^[?!]/) {{ if (text ~ /^!(DOCTYPE|ENTITY)/) refuse(current); return }}
if (text ~ /^\//) {{ name = substr(text, 2); gsub(/[ \t\n]/, "", name); if (known(name)) print "close " name; return }}
match(text, /^[A-Za-z:_-]+/); name = substr(text, 1, RLENGTH); rest = substr(text, RLENGTH + 1)
if (!known(name)) return
while (match(rest, /[A-Za-z:_.-]+[ \t\n]*=[ \t\n]*["\047]/)) {{
attribute = substr(rest, RSTART, RLENGTH); quote_ = substr(attribute, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
sub(/[ \t\n]*=.*/, "", attribute)
at = index(rest, quote_); value = substr(rest, 1, at - 1); rest = substr(rest, at + 1)
gsub(/[\t\n]/, " ", value)
if (attribute ~ /^([Ss]ecret|requiredSecret)$/) value = value == "" ? "" : "set"
else if (attribute == "password") value = state(value)
else if (attribute == "shutdown") value = value == "SHUTDOWN" ? value : "set"
else if (attribute !~ /^(className|port|protocol|address|secretRequired|SSLEnabled|sslEnabledProtocols|protocols)$/ &&
attribute !~ /^(allowTrace|xpoweredBy|autoDeploy|name|showReport|showServerInfo|pattern|allow|useHttpOnly)$/ &&
attribute !~ /^(username|roles|digest)$/)
continue
out = out "\t" attribute "=" value
}}
print "open " name out
if (text ~ /\/$/) print "close " name
}}
function xml(file,   at, rest, content, end_, c) {{
document = ""; follow(file, 0)
while ((at = index(document, "<!--")) > 0) {{
rest = substr(document, at + 4); end_ = index(rest, "-->")
document = substr(document, 1, at - 1) (end_ ? substr(rest, end_ + 3) : "")
}}
wanted = 0
while ((at = index(document, "<")) > 0) {{
content = substr(document, 1, at - 1); document = substr(document, at + 1)
gsub(/^[ \t\n]+|[ \t\n]+$/, "", content)
if (wanted && content != "") print "text " element " " content
end_ = 0; rest = document; c = ""
while (match(rest, c == "" ? "[\"\047>]" : c)) {{
end_ += RSTART
if (c != "") c = ""
else if (substr(rest, RSTART, 1) == ">") break
else c = substr(rest, RSTART, 1)
rest = substr(rest, RSTART + 1)
}}
rest = substr(document, 1, end_ - 1); document = substr(document, end_ + 1)
element = rest; sub(/[ \t\n].*/, "", element)
if (element == "param-name") wanted = 1
else if (element == "param-value") wanted = content_known
else wanted = element ~ /^(session-timeout|http-only|secure)$/
if (element == "/param-name") content_known = content ~ /^(listings|readonly)$/
else if (element == "/param-value") content_known = 0
tag(rest)
}}
}}
function take(line) {{ if (line !~ /<\/?(mime-mapping|extension|mime-type)>/) document = document line "\n" }}
BEGIN {{
count = split(ENVIRON["LIST"], lists, " ")
for (each = 1; each <= count; each++) {{
base = lists[each]
print "instance " base
print "file server.xml"; xml(base "/conf/server.xml")
print "file web.xml"; xml(base "/conf/web.xml")
print "file context.xml"; xml(base "/conf/context.xml")
print "file users"; xml(base "/conf/tomcat-users.xml")
print "file manager"
xml(base "/webapps/manager/META-INF/context.xml"); xml(base "/conf/Catalina/localhost/manager.xml")
print "file host-manager"
xml(base "/webapps/host-manager/META-INF/context.xml"); xml(base "/conf/Catalina/localhost/host-manager.xml")
files = files " " base "/conf " base "/webapps"
}}
finish()
}}'
"""


class Connector(Frozen):
    """One port of an instance."""

    instance: str
    port: str
    ajp: bool
    remote: bool
    """Whether it listens to others than the host itself."""
    tls: bool
    protocols: tuple[str, ...]
    secret: bool
    """AJP: whether the front end must know a secret."""
    trace: bool
    """Whether it answers TRACE."""
    says_powered_by: bool


class User(Frozen):
    """One user of tomcat-users.xml."""

    instance: str
    name: str
    roles: tuple[str, ...]
    password: str
    """``empty``, ``known`` (from documentation), ``short`` (under 8) or ``set``."""


class Instance(Frozen):
    """One instance's settings."""

    base: str
    shutdown_port: str
    """-1: nobody can stop it by TCP."""
    shutdown_word_known: bool
    """Whether the word that stops it is the shipped one."""
    deploys_by_itself: bool
    """Whether a file put into webapps is run at once."""
    logs_access: bool
    """Whether every host, or the engine, records requests."""
    log_pattern: str
    hides_version: bool
    """Whether error pages of every host say neither the version nor the stack of calls."""
    locks_out: bool
    """Whether repeated failed log-ins lock a user."""
    hashes_passwords: bool
    """Whether a realm is told to compare hashes."""
    lists_directories: bool
    writable: bool
    """Whether the default servlet takes PUT and DELETE."""
    session_minutes: int
    """0 or less: sessions never end."""
    http_only: bool
    """Whether scripts cannot read session cookies."""
    apps: tuple[str, ...]
    """Names of applications that are deployed."""
    open_managers: tuple[str, ...]
    """Management applications any address may ask."""


class Tomcat(Frozen):
    """Every instance of a host."""

    instances: tuple[Instance, ...]
    connectors: tuple[Connector, ...]
    users: tuple[User, ...]
    files: tuple[stat.File, ...]
    """Configuration files, and the directories conf and webapps."""


class _Element:
    """One element with its attributes; ``inside`` are the elements under it, ``text`` what known children say."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.inside: list[_Element] = []

    def all(self, name: str) -> "Iterator[_Element]":
        for one in self.inside:
            if one.name == name:
                yield one
            yield from one.all(name)

    def of_class(self, name: str, ending: str) -> "list[_Element]":
        return [one for one in self.all(name) if one.attributes.get("className", "").endswith(f".{ending}")]


def parse(text: str) -> Tomcat:
    """Read the lines of each instance, and stat's."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    if not marker or not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    deployed: dict[str, set[str]] = {}
    documents: dict[str, dict[str, list[str]]] = {}
    base = name = ""
    for line in body.splitlines():
        word, _, rest = line.partition(" ")
        if word == "instance":
            base, name = rest, ""
            deployed.setdefault(base, set())
        elif word in {"app", "context"} and base:
            deployed[base].add(rest.rstrip("/").rpartition("/")[2].removesuffix(".xml"))
        elif word == "file" and base:
            name = rest
            documents.setdefault(base, {})[name] = []
        elif word in {"open", "close", "text"} and name:
            documents[base][name].append(line)
        else:
            raise UnparsableError(f"cannot make sense of {line[:60]!r}")
    if not documents or documents.keys() != deployed.keys():
        raise UnparsableError("there is no instance in the answer")
    instances, connectors, users = [], list[Connector](), list[User]()
    for base, parts in documents.items():
        server = _tree(parts.get("server.xml", []))
        if not any(server.all("Server")):
            raise UnparsableError(f"{base}: server.xml is not complete")
        instances.append(_instance(base, server, parts, deployed[base]))
        connectors += _connectors(base, server)
        users += _users(base, _tree(parts.get("users", [])))
    return Tomcat(
        instances=tuple(instances), connectors=tuple(connectors), users=tuple(users), files=stat.read(lines[:-1])
    )


def _tree(lines: Sequence[str]) -> _Element:
    root = _Element("", {})
    stack = [root]
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "open":
            name, *pairs = rest.split("\t")
            element = _Element(name, dict(pair.split("=", 1) for pair in pairs if "=" in pair))
            stack[-1].inside.append(element)
            stack.append(element)
        elif word == "close" and any(one.name == rest for one in stack[1:]):
            while stack.pop().name != rest:
                pass
    return root


def _instance(base: str, server: _Element, parts: Mapping[str, Sequence[str]], deployed: set[str]) -> Instance:
    top = next(server.all("Server"))
    hosts = list(server.all("Host"))
    engines = list(server.all("Engine"))
    reports = [[one.attributes for one in host.of_class("Valve", "ErrorReportValve")] for host in hosts]
    quiet = {"showReport": "false", "showServerInfo": "false"}
    logs = server.of_class("Valve", "AccessLogValve") + server.of_class("Valve", "ExtendedAccessLogValve")
    own = [valve for engine in engines for valve in engine.inside if valve in logs]
    web = _texts(parts.get("web.xml", ()))
    realms = list(server.all("Realm"))
    context = next(_tree(parts.get("context.xml", ())).all("Context"), _Element("Context", {}))
    return Instance(
        base=base,
        shutdown_port=top.attributes.get("port", "8005"),
        shutdown_word_known=top.attributes.get("shutdown", "SHUTDOWN") == "SHUTDOWN",
        deploys_by_itself=any(host.attributes.get("autoDeploy", "true") != "false" for host in hosts),
        logs_access=bool(own)
        or (bool(hosts) and all(any(valve in logs for valve in host.all("Valve")) for host in hosts)),
        log_pattern=next((valve.attributes.get("pattern", "") for valve in logs), ""),
        hides_version=bool(hosts) and all(any(quiet.items() <= one.items() for one in report) for report in reports),
        locks_out=bool(server.of_class("Realm", "LockOutRealm")),
        hashes_passwords=any(
            realm.attributes.get("digest") or list(realm.all("CredentialHandler")) for realm in realms
        ),
        lists_directories=web.get("listings", "false").lower() == "true",
        writable=web.get("readonly", "true").lower() == "false",
        session_minutes=_number(web.get("session-timeout", "30")),
        http_only=context.attributes.get("useHttpOnly", "true") != "false" and web.get("http-only", "true") != "false",
        apps=tuple(sorted(deployed)),
        open_managers=tuple(
            app for app in ("manager", "host-manager") if app in deployed and not _restricted(parts.get(app, ()))
        ),
    )


def _restricted(lines: Sequence[str]) -> bool:
    root = _tree(lines)
    valves = root.of_class("Valve", "RemoteAddrValve") + root.of_class("Valve", "RemoteCIDRValve")
    return any(valve.attributes.get("allow", ".*") not in {".*", "", "0.0.0.0/0"} for valve in valves)


def _texts(lines: Sequence[str]) -> dict[str, str]:
    """Return the values of init-params and of elements with text; the last of each counts."""
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        word, _, rest = line.partition(" ")
        element, _, value = rest.partition(" ")
        if word != "text":
            continue
        if element == "param-name":
            name = value
        else:
            found[name if element == "param-value" else element] = value
    return found


def _connectors(base: str, server: _Element) -> Iterator[Connector]:
    for one in server.all("Connector"):
        own = one.attributes
        protocol = own.get("protocol", "HTTP/1.1").lower()
        ajp = "ajp" in protocol
        # AJP listens to the host itself unless told otherwise (since 9.0.31), HTTP to all.
        address = own.get("address", "localhost" if ajp else "")
        tls = own.get("SSLEnabled", "false").lower() == "true"
        stated = [host.attributes["protocols"] for host in one.all("SSLHostConfig") if "protocols" in host.attributes]
        stated += [own["sslEnabledProtocols"]] if "sslEnabledProtocols" in own else []
        offered = {name for text in stated or ["all"] for name in _protocols(text)}
        yield Connector(
            instance=base,
            port=own.get("port", "8080"),
            ajp=ajp,
            remote=re.fullmatch(r"127\.[\d.]+|::1|\[::1\]|localhost", address) is None,
            tls=tls,
            protocols=tuple(sorted(offered)) if tls else (),
            secret=bool(own.get("secret") or own.get("requiredSecret"))
            and own.get("secretRequired", "true") != "false",
            trace=own.get("allowTrace", "false").lower() == "true",
            says_powered_by=own.get("xpoweredBy", "false").lower() == "true",
        )


_ALL = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}


def _protocols(text: str) -> set[str]:
    """Read ``protocols``: names by commas or plus signs, ``all``, and minus signs for what is taken away.

    >>> sorted(_protocols("TLSv1.2+TLSv1.3")), sorted(_protocols("all,-TLSv1,-TLSv1.1"))
    (['TLSv1.2', 'TLSv1.3'], ['TLSv1.2', 'TLSv1.3'])
    """
    found: set[str] = set()
    for sign, name in re.findall(r"([+-]?)([A-Za-z][\w.]*)", text):
        meant = _ALL if name.lower() == "all" else {name}
        found = found - meant if sign == "-" else found | meant
    return found


def _users(base: str, root: _Element) -> Iterator[User]:
    for one in root.all("user"):
        name = one.attributes.get("username", one.attributes.get("name", ""))
        roles = (role.strip() for role in one.attributes.get("roles", "").split(","))
        password = one.attributes.get("password", "empty")
        yield User(instance=base, name=name, roles=tuple(role for role in roles if role), password=password)


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


COLLECTOR = Collector(
    id="tomcat",
    title=Text(en="Tomcat instances", zh="Tomcat 服务"),
    question=QUESTION,
    parse=parse,
    facts=Tomcat,
    root=True,
)
