# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a host offers to the network, and what its packet filter lets through to it."""

import re
from ipaddress import ip_address

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen, Text

# Of the rule set only what decides about the rest leaves the target: each base chain's policy and its last rule.
QUESTION = r"""
if command -v ss >/dev/null; then ss -lntuH || exit
else
for file in /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6; do
[ -r "$file" ] && set -- "$@" "$file"
done
awk '(FILENAME ~ /tcp/ && $4 == "0A") || (FILENAME ~ /udp/ && $4 == "07") { print "proc", FILENAME, $2 }' "$@"
fi
echo ef_filter
legacy=
[ -r /proc/net/ip_tables_names ] && read -r legacy </proc/net/ip_tables_names
if command -v nft >/dev/null; then
echo nft
{ nft list ruleset && echo ef_complete; } | awk '$1 == "table" { table = $2 " " $3 }
$1 == "chain" { chain = $2; last = ""; base = 0 }
/type filter hook input/ { base = 1; policy = /policy drop/ ? "drop" : "accept"; next }
$1 == "}" && base { print "chain", table, chain, policy, last; base = 0 }
base { sub(/^[ \t]*/, ""); last = $0 }
$1 == "ef_complete" { complete = 1 }
END { print complete ? "end" : "refused" }'
fi
if command -v iptables >/dev/null && { [ -n "$legacy" ] || ! command -v nft >/dev/null; }; then
echo iptables
if iptables -S INPUT; then ip6tables -S INPUT | sed 's/^/6 /'; echo end; else echo refused; fi
fi
exit 0
"""

_DROPS = re.compile(r"(counter packets \d+ bytes \d+ )?(log [^;]* )?(drop|reject( with .*)?)$")


class Listener(Frozen):
    """One open port."""

    protocol: str
    """``tcp`` or ``udp``."""
    address: str
    """``*``: all; otherwise the local address."""
    port: int
    remote: bool
    """Whether anybody but the host itself can reach it, as far as the address says."""


class Filter(Frozen):
    """What the packet filter does with traffic to the host that no rule speaks of."""

    tool: str
    """What was asked: ``nft``, ``iptables``, or both."""
    drops_ipv4: bool
    drops_ipv6: bool
    chains: tuple[str, ...]
    """Input chains with their policy and last rule, as evidence."""


class Exposure(Frozen):
    """What a host offers to the network."""

    listeners: tuple[Listener, ...]
    open_ports: tuple[str, ...]
    """Ports others can reach, e.g. ``tcp/22``."""
    filter: Filter | Missing


def parse(text: str) -> Exposure:
    """Read ``ss -lntuH`` (or lines of /proc/net) and the reduced rule set."""
    offers, marker, rules = text.partition("ef_filter\n")
    if not marker:
        raise UnparsableError("the answer is not complete")
    listeners = {_listener(line) for line in offers.splitlines() if line.strip()}
    ordered = sorted(listeners, key=lambda one: (one.protocol, one.port, one.address))
    ports = dict.fromkeys(f"{one.protocol}/{one.port}" for one in ordered if one.remote)
    return Exposure(listeners=tuple(ordered), open_ports=tuple(ports), filter=_filter(rules.splitlines()))


def _listener(line: str) -> Listener:
    words = line.split()
    try:
        if words[0] == "proc":
            protocol, (address, port) = words[1].rpartition("/")[2][:3], _hexadecimal(words[2])
        else:
            protocol, (where, _, number) = words[0], words[4].rpartition(":")
            address, port = where.partition("%")[0].strip("[]"), int(number)
        if protocol not in {"tcp", "udp"} or not 0 < port < 65536:  # noqa: PLR2004 - the range of ports
            raise UnparsableError(f"{protocol} {port} is no port")
        if address == "*":
            return Listener(protocol=protocol, address="*", port=port, remote=True)
        parsed = ip_address(address)
    except (ValueError, IndexError):
        raise UnparsableError(f"cannot make sense of listener {line[:80]!r}") from None
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    everywhere = "*" if mapped.is_unspecified else str(mapped)
    return Listener(protocol=protocol, address=everywhere, port=port, remote=not mapped.is_loopback)


def _hexadecimal(text: str) -> tuple[str, int]:
    """Read an address of /proc/net: 32-bit words in the host's byte order (little endian on all we know).

    >>> _hexadecimal("0100007F:0016")
    ('127.0.0.1', 22)
    """
    words, _, port = text.partition(":")
    raw = b"".join(bytes.fromhex(words[at : at + 8])[::-1] for at in range(0, len(words), 8))
    return str(ip_address(raw)), int(port, 16)


def _filter(lines: list[str]) -> Filter | Missing:
    if not lines:
        return Missing("absent", "no packet filter is installed")
    ipv4 = ipv6 = False
    tools = [line for line in lines if line in {"nft", "iptables"}]
    if "refused" in lines:
        return Missing("denied", f"{tools[-1] if tools else 'the filter'}: root is needed to read the rule set")
    if len(tools) != lines.count("end"):
        raise UnparsableError("the rule set is not complete")
    chains: list[str] = []
    for line in lines:
        words = line.split(None, 5)
        if len(words) > 4 and words[0] == "chain":  # noqa: PLR2004 - chain, family, table, chain, policy[, rule]
            family, last = words[1], words[5] if len(words) > 5 else ""  # noqa: PLR2004
            drops = words[4] == "drop" or _DROPS.fullmatch(last) is not None
            ipv4 |= drops and family in {"ip", "inet"}
            ipv6 |= drops and family in {"ip6", "inet"}
            chains.append(line.removeprefix("chain "))
        elif line.startswith(("-", "6 -")):
            drops = re.search(r"-P INPUT DROP$|-A INPUT -j (DROP|REJECT)( --reject-with \S+)?$", line) is not None
            ipv4 |= drops and not line.startswith("6")
            ipv6 |= drops and line.startswith("6")
            if drops or "-P" in line:
                chains.append(line)
        elif line not in {"nft", "iptables", "end"}:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    return Filter(tool=" ".join(tools), drops_ipv4=ipv4, drops_ipv6=ipv6, chains=tuple(chains))


COLLECTOR = Collector(
    id="exposure",
    title=Text(en="Open ports and packet filter", zh="监听端口与主机防火墙"),
    question=QUESTION,
    parse=parse,
    facts=Exposure,
)
