# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which services answer the network, as whom and how confined they run, and what is wrong with services at large."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

PROPERTIES = (
    "Id", "User", "DynamicUser", "NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices",
    "ProtectKernelTunables", "RestrictNamespaces", "SystemCallFilter", "CapabilityBoundingSet",
)  # fmt: skip

# Only whether a community string is a well-known one leaves the target, never the string.
QUESTION = rf"""
[ -d /run/systemd/system ] || exit 69
[ -r /proc/1/environ ] && echo root
systemctl list-units --state=failed --plain --no-legend | awk '{{ print "failed", $1 }}'
for file in /etc/snmp/snmpd.conf /etc/snmp/snmpd.conf.d/*.conf; do
[ -e "$file" ] && echo snmp && if [ -r "$file" ]; then awk '
/^(ro|rw)community6?[ \t]/ {{ print "community", ($2 ~ /^(public|private|community|snmp|admin)$/ ? "known" : "own") }}
/^com2sec6?[ \t]/ {{ print "community", ($NF ~ /^(public|private|community|snmp|admin)$/ ? "known" : "own") }}' "$file"
else echo "snmp denied"; fi
done
command -v ss >/dev/null || {{ echo "no ss"; echo end; exit 0; }}
listening=$(ss -lntupH | awk '{{
print "listen", $1, $5
where = "listen " $1 " " $5
while (match($0, /pid=[0-9]+/)) {{
pid = substr($0, RSTART + 4, RLENGTH - 4); $0 = substr($0, RSTART + RLENGTH)
unit = ""; uid = ""
file = "/proc/" pid "/cgroup"
while ((getline line < file) > 0) if (match(line, /[^\/]+\.service/)) unit = substr(line, RSTART, RLENGTH)
close(file); file = "/proc/" pid "/status"
while ((getline line < file) > 0) if (line ~ /^Uid:/) {{ split(line, word); uid = word[3] }}
close(file)
if (uid != "") print "process", where, uid, unit
}} }}')
printf '%s\n' "$listening"
units=$(printf '%s\n' "$listening" | awk '$1 == "process" && NF == 6 && !seen[$6]++ {{ print $6 }}')
[ -n "$units" ] && {{ echo ef_units; systemctl show -p {",".join(PROPERTIES)} -- $units; echo; }}
echo end
"""


class Exposed(Frozen):
    """One service that others can reach over the network."""

    name: str
    ports: tuple[str, ...]
    """What it offers, e.g. ``tcp/443``."""
    root: bool
    """Whether every process of it that holds these ports runs as root."""
    confinement: tuple[str, ...]
    """Protections of systemd.exec(5) in force, by their names."""

    @property
    def measures(self) -> int:
        """Number of protections in force."""
        return len(self.confinement)


class Snmp(Frozen):
    """Who may ask snmpd."""

    communities: Count
    """Community strings: versions 1 and 2c, plaintext."""
    known: Count
    """Those among them that everybody guesses."""


class Services(Frozen):
    """What runs for others, and what is broken."""

    exposed: tuple[Exposed, ...] | Missing
    strays: tuple[str, ...] | Missing
    """Ports that others can reach and that a process outside any service holds."""
    failed: tuple[str, ...]
    """Units that have failed."""
    snmp: Snmp | Missing | None
    """None where snmpd is not configured."""


def parse(text: str) -> Services:
    """Read tagged lines, then ``systemctl show`` of the services found."""
    head, _, shown = text.partition("ef_units\n")
    if not text.endswith("end\n"):
        raise UnparsableError("the answer is not complete")
    failed: list[str] = []
    communities: list[str] = []
    listening: list[tuple[str, str]] = []
    holders: dict[str, list[tuple[str, str]]] = {}
    flags: set[str] = set()
    for line in head.splitlines():
        words = line.split()
        match words:
            case ["failed", name]:
                failed.append(name)
            case ["community", kind]:
                communities.append(kind)
            case ["listen", protocol, where]:
                listening.append((protocol, where))
            case ["process", "listen", protocol, where, uid, *unit] if len(unit) <= 1:
                holders.setdefault(_port(protocol, where), []).append((uid, unit[0] if unit else ""))
            case ["root" | "end" | "snmp"] | ["snmp", "denied"] | ["no", "ss"]:
                flags.add(line)
            case _:
                raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    gap = (
        Missing("denied", "which process holds a port: root is needed to see that")
        if "root" not in flags
        else Missing("failed", "there is no ss on this host")
        if "no ss" in flags
        else None
    )
    remote = tuple(dict.fromkeys(_port(*one) for one in listening if not _local(one[1])))
    return Services(
        exposed=gap or _exposed(remote, holders, _units(shown)),
        # A port without any process is the kernel's own (NFS, WireGuard).
        strays=gap or tuple(port for port in remote if any(not unit for _, unit in holders.get(port, ()))),
        failed=tuple(failed),
        snmp=Missing("denied", "snmpd.conf: root is needed to read this")
        if "snmp denied" in flags
        else Snmp(communities=len(communities), known=communities.count("known"))
        if "snmp" in flags
        else None,
    )


def _port(protocol: str, where: str) -> str:
    number = where.rpartition(":")[2]
    if protocol not in {"tcp", "udp"} or not re.fullmatch(r"[0-9]{1,5}", number):
        raise UnparsableError(f"cannot make sense of listener {where[:80]!r}")
    return f"{protocol}/{number}"


def _local(where: str) -> bool:
    address = where.rpartition(":")[0].partition("%")[0].strip("[]").removeprefix("::ffff:")
    return address.startswith("127.") or address == "::1"


def _units(text: str) -> dict[str, dict[str, str]]:
    units = {}
    for block in text.removesuffix("end\n").split("\n\n"):
        values = dict(line.partition("=")[::2] for line in block.splitlines())
        if values:
            if "Id" not in values:
                raise UnparsableError("systemctl show: a unit without a name")
            units[values["Id"]] = values
    return units


def _exposed(
    ports: tuple[str, ...], holders: dict[str, list[tuple[str, str]]], units: dict[str, dict[str, str]]
) -> tuple[Exposed, ...]:
    held: dict[str, dict[str, set[str]]] = {}
    for port in ports:
        for uid, unit in holders.get(port, ()):
            if unit:
                held.setdefault(unit, {}).setdefault(port, set()).add(uid)
    if held.keys() - units.keys():
        raise UnparsableError(f"systemctl show says nothing of {min(held.keys() - units.keys())[:80]}")
    return tuple(
        Exposed(
            name=name,
            ports=tuple(offers),
            root=all(uids == {"0"} for uids in offers.values()),
            confinement=_confinement(units[name]),
        )
        for name, offers in sorted(held.items())
    )


_ALL_CAPABILITIES = 30
"""A bounding set of more than this many is as good as none (the kernel knows some forty)."""


def _confinement(values: dict[str, str]) -> tuple[str, ...]:
    on = [
        name
        for name in ("DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables")
        if values.get(name) == "yes"
    ]
    on += [name for name in ("ProtectSystem", "ProtectHome") if values.get(name, "no") not in {"no", ""}]
    if values.get("RestrictNamespaces", "no") not in {"no", ""} and "cgroup ipc" not in values["RestrictNamespaces"]:
        on.append("RestrictNamespaces")
    if values.get("SystemCallFilter", "~") not in {"~", ""}:
        on.append("SystemCallFilter")
    capabilities = values.get("CapabilityBoundingSet", "").split()
    if "CapabilityBoundingSet" in values and len(capabilities) < _ALL_CAPABILITIES:
        on.append("CapabilityBoundingSet")
    return tuple(sorted(on))


COLLECTOR = Collector(
    id="services",
    title=Text(en="Services that answer the network", zh="对外提供服务的进程"),
    question=QUESTION,
    parse=parse,
    facts=Services,
    size=131_072,
)
