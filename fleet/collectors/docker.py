# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the Docker engine holds to: daemon.json, the command line it runs (or would start) with, and who may command it.

Asking the engine (``docker info``) would wake it where it is started by its socket, so files are read. Passwords in
addresses and options whose name says secret are taken out on the target. Source: the reference of dockerd(8).
"""

import json
import re
import shlex
from collections.abc import Mapping, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.readers import stat
from inventories.base import Frozen, Text

QUESTION = r"""
command -v dockerd >/dev/null || exit 69
set --
for file in /etc/docker/daemon.json /etc/default/docker /etc/sysconfig/docker /usr/lib/systemd/system/docker.service \
/lib/systemd/system/docker.service /etc/systemd/system/docker.service /etc/systemd/system/docker.service.d/*.conf \
/etc/group; do
if [ -f "$file" ]; then
[ -r "$file" ] || exit 77
set -- "$@" "$file"
fi
done
[ -r /run/docker.pid ] && read -r pid </run/docker.pid
[ -r "/proc/${pid:-none}/cmdline" ] && tr '\0\n' '\n ' <"/proc/$pid/cmdline" | sed 's/^/running /'
awk 'FILENAME ~ /json$/ { text = text $0 " "; next }
FILENAME == "/etc/group" { if (/^docker:/) print "group " $0; next }
/^[ \t]*(#|$)/ { next }
FILENAME ~ /service|\.conf$/ { if (/^ExecStart=/) print "start " substr($0, 11); next }
/^(DOCKER_OPTS|OPTIONS|OTHER_ARGS)=/ { sub(/=/, " "); print "variable " $0 }
END {
gsub(/:\/\/[^\/@"]*@/, "://", text)
gsub(/"[^"]*([Tt]oken|[Ss]ecret|[Pp]assw|[Cc]redential|-key)[^"]*"[ \t]*:[ \t]*"[^"]*"/, "\"hidden\": \"set\"", text)
print "json " text
print "ef_files"
}' "$@"
stat -L -c '%a %U %G %F:%n' /run/docker.sock /etc/docker /etc/docker/daemon.json /lib/systemd/system/docker.service \
/etc/systemd/system/docker.service /etc/systemd/system/docker.service.d/*.conf /etc/default/docker /var/lib/docker 2>&1
echo end
"""


class Docker(Frozen):
    """The engine's settings; what a flag says counts over daemon.json."""

    tcp: tuple[str, ...]
    """Addresses it takes commands on by TCP."""
    tls_verify: bool
    """Whether clients there must show a certificate."""
    containers_talk: bool
    """Whether containers of the default network reach one another (icc)."""
    user_namespace: str
    """userns-remap; empty: root in a container is root."""
    no_new_privileges: bool
    """Whether set-user-ID programs gain nothing in containers, by default."""
    seccomp: str
    """Profile of system calls: empty: the built-in one; ``unconfined``: none."""
    insecure_registries: tuple[str, ...]
    log_driver: str
    log_bounded: bool
    """Whether logs on the host's disk stay under a size."""
    live_restore: bool
    """Whether containers go on running while the engine is restarted."""
    members: tuple[str, ...]
    """Members of group docker."""
    files: tuple[stat.File, ...]


def parse(text: str) -> Docker:
    """Read the marked lines, daemon.json on one of them, and stat's."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    written = [line.removeprefix("json ") for line in body.splitlines() if line.startswith("json ")]
    if not marker or not lines or lines[-1] != "end" or len(written) != 1:
        raise UnparsableError("the answer is not complete")
    own = _document(written[0])
    flags = _flags(_command(body.splitlines()))
    hosts = [*_texts(own, "hosts"), *flags.get("host", []), *flags.get("H", [])]
    return Docker(
        tcp=tuple(host for host in hosts if host.startswith("tcp:") or re.fullmatch(r"[\w.\[\]:]*:\d+", host)),
        tls_verify=_switch(own, flags, "tlsverify", default=False),
        containers_talk=_switch(own, flags, "icc", default=True),
        user_namespace=_value(own, flags, "userns-remap"),
        no_new_privileges=_switch(own, flags, "no-new-privileges", default=False),
        seccomp=_value(own, flags, "seccomp-profile").removeprefix("builtin"),
        insecure_registries=(*_texts(own, "insecure-registries"), *flags.get("insecure-registry", [])),
        log_driver=_value(own, flags, "log-driver") or "json-file",
        log_bounded=_bounded(own, flags),
        live_restore=_switch(own, flags, "live-restore", default=False),
        members=_members(body),
        files=stat.read(lines[:-1]),
    )


def _document(text: str) -> Mapping[str, object]:
    try:
        found = json.loads(text or "{}") if text.strip() else {}
    except (ValueError, RecursionError):
        raise UnparsableError("daemon.json is no JSON") from None
    if not isinstance(found, dict):
        raise UnparsableError("daemon.json is no object")
    return found


def _command(lines: Sequence[str]) -> list[str]:
    """Return the words of the running engine's command line, or of the one it would be started with."""
    running = [line.removeprefix("running ") for line in lines if line.startswith("running ")]
    if running:
        return running
    variables = dict(_split(line.removeprefix("variable ")) for line in lines if line.startswith("variable "))
    starts: list[str] = []
    for line in lines:
        if line.startswith("start"):
            starts = [line.removeprefix("start").strip()] if line.removeprefix("start").strip() else []
    words = _words(starts[-1]) if starts else []
    return [part for word in words for part in (_words(variables.get(word[1:], "")) if word[:1] == "$" else [word])]


def _split(text: str) -> tuple[str, str]:
    name, _, value = text.partition(" ")
    return name, value.strip().strip("\"'")


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        raise UnparsableError("an open quote in the command line") from None


_ALONE = frozenset({"tlsverify", "icc", "no-new-privileges", "live-restore"})


def _flags(words: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of each flag, ``--name=value`` or ``--name value``; one alone means true.

    >>> _flags(["dockerd", "-H", "fd://", "--icc=false", "--tlsverify"])
    {'H': ['fd://'], 'icc': ['false'], 'tlsverify': ['true']}
    """
    found: dict[str, list[str]] = {}
    waiting = ""
    for word in words[1:]:
        if waiting:
            found.setdefault(waiting, []).append(word)
            waiting = ""
        elif word.startswith("-"):
            name, equals, value = word.lstrip("-").partition("=")
            if equals or name in _ALONE:
                found.setdefault(name, []).append(value or "true")
            else:
                waiting = name
    return found


def _texts(own: Mapping[str, object], name: str) -> list[str]:
    value = own.get(name, [])
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _value(own: Mapping[str, object], flags: Mapping[str, Sequence[str]], name: str) -> str:
    return flags[name][-1] if flags.get(name) else str(own.get(name, ""))


def _switch(own: Mapping[str, object], flags: Mapping[str, Sequence[str]], name: str, *, default: bool) -> bool:
    value = flags[name][-1] if flags.get(name) else own.get(name, default)
    if str(value).lower() not in {"true", "false"}:
        raise UnparsableError(f"{name} is neither true nor false")
    return str(value).lower() == "true"


def _bounded(own: Mapping[str, object], flags: Mapping[str, Sequence[str]]) -> bool:
    """Whether logs stay under a size: json-file grows without one, local has one of its own, others keep none here."""
    driver = _value(own, flags, "log-driver") or "json-file"
    options = own.get("log-opts", {})
    sized = isinstance(options, dict) and str(options.get("max-size", "-1")) != "-1"
    return driver != "json-file" or sized or any(option.startswith("max-size=") for option in flags.get("log-opt", []))


def _members(body: str) -> tuple[str, ...]:
    groups = [line for line in body.splitlines() if line.startswith("group docker:")]
    return tuple(name for line in groups for name in line.rpartition(":")[2].split(",") if name)


COLLECTOR = Collector(
    id="docker",
    title=Text(en="Docker engine", zh="Docker 引擎"),
    question=QUESTION,
    parse=parse,
    facts=Docker,
    root=True,
)
