# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What containerd holds to: config.toml with its imports, and the hosts.toml files of registries.

Log-in data for registries are taken out on the target. Source: containerd-config.toml(5), containerd's CRI plugin and
registry host documentation, 1.6 and 1.7.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping

from fleet.collector import Collector, UnparsableError
from fleet.readers import stat
from fleet.readers.includes import AWK
from inventories.base import Frozen, Text

QUESTION = rf"""
command -v containerd >/dev/null || exit 69
[ -d /etc/containerd ] && [ ! -x /etc/containerd ] && exit 77
DIR=/etc/containerd awk '{AWK}
function take(line,   rest) {{
if (line ~ /^[ \t]*#/) return
if (line ~ /^[ \t]*"?(auth|password|username|identitytoken|[A-Za-z_]*[Ss]ecret|[A-Za-z_]*[Tt]oken)"?[ \t]*=/) return
if (line ~ /^[ \t]*"?[Aa]uthorization"?[ \t]*=/) return
print "toml " line
if (line ~ /^[ \t]*imports[ \t]*=/) {{
rest = line
while (match(rest, /["\047][^"\047]+["\047]/)) {{
pending = pending " " substr(rest, RSTART + 1, RLENGTH - 2); rest = substr(rest, RSTART + RLENGTH)
}}
}}
}}
function document(pattern,   before) {{
print "document"; follow(pattern, 0)
}}
BEGIN {{
dir = ENVIRON["DIR"]; pending = ""
document(dir "/config.toml")
count = split(pending, more, " ")
for (at = 1; at <= count; at++) document(more[at] ~ /^\// ? more[at] : dir "/" more[at])
command = "for file in " dir "/certs.d/*/hosts.toml; do [ -f \"$file\" ] && echo \"$file\"; done; :"
while ((command | getline path) > 0) hosts[++total] = path
close(command)
for (at = 1; at <= total; at++) document(hosts[at])
files = files " /run/containerd/containerd.sock " dir
finish()
}}'
"""


class Containerd(Frozen):
    """The engine's settings."""

    tcp: tuple[str, ...]
    """Addresses it takes commands on by TCP."""
    unverified_registries: tuple[str, ...]
    """Registries reached by HTTP or without checking who they are."""
    confinement_off: tuple[str, ...]
    """Settings by which containers of Kubernetes lose a protection of the kernel."""
    files: tuple[stat.File, ...]
    """The configuration, its directory, and the socket."""


def parse(text: str) -> Containerd:
    """Read the documents, their lines marked, and stat's lines."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    if not marker or not lines or lines[-1] != "end" or not body.startswith("document\n"):
        raise UnparsableError("the answer is not complete")
    main: dict[str, object] = {}
    unverified: list[str] = []
    for part in re.split(r"^document\n", body, flags=re.MULTILINE)[1:]:
        found = _toml("\n".join(line.removeprefix("toml ") for line in part.splitlines()))
        if "host" in found or "server" in found:
            unverified += _unverified_hosts(found)
        else:
            _merge(main, found)
    cri = _table(main, "plugins", "io.containerd.grpc.v1.cri")
    unverified += _unverified_cri(cri)
    off = ("disable_apparmor", "disable_cgroup", "disable_proc_mount")
    return Containerd(
        tcp=tuple(
            str(address) for section in ("grpc", "debug", "metrics")
            for address in (_table(main, section).get("tcp_address" if section == "grpc" else "address", ""),)
            if address and re.search(r":\d+$", str(address))
        ),
        unverified_registries=tuple(dict.fromkeys(unverified)),
        confinement_off=tuple(name for name in off if cri.get(name) is True),
        files=stat.read(lines[:-1]),
    )  # fmt: skip


def _toml(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        raise UnparsableError("the configuration is no TOML") from None


def _merge(target: dict[str, object], more: Mapping[str, object]) -> None:
    for key, value in more.items():
        old = target.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            _merge(old, value)
        else:
            target[key] = value


def _table(data: Mapping[str, object], *path: str) -> Mapping[str, object]:
    for key in path:
        inner = data.get(key, {})
        data = inner if isinstance(inner, dict) else {}
    return data


def _unverified_hosts(found: Mapping[str, object]) -> Iterator[str]:
    hosts = _table(found, "host")
    for name, settings in hosts.items():
        if name.startswith("http://") or (isinstance(settings, dict) and settings.get("skip_verify") is True):
            yield name
    server = str(found.get("server", ""))
    if server.startswith("http://"):
        yield server


def _unverified_cri(cri: Mapping[str, object]) -> Iterator[str]:
    for name, mirror in _table(cri, "registry", "mirrors").items():
        endpoints = mirror.get("endpoint", []) if isinstance(mirror, dict) else []
        if isinstance(endpoints, list) and any(str(one).startswith("http://") for one in endpoints):
            yield name
    for name, settings in _table(cri, "registry", "configs").items():
        if isinstance(settings, dict) and _table(settings, "tls").get("insecure_skip_verify") is True:
            yield name


COLLECTOR = Collector(
    id="containerd",
    title=Text(en="containerd", zh="containerd"),
    question=QUESTION,
    parse=parse,
    facts=Containerd,
    root=True,
)
