# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which network interfaces a host has, and under which addresses it is reached."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, ip_interface

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Positive, why
from inventories.base import Frozen, Text

# Without ip(8) the kernel lists IPv6 addresses with their interface, but IPv4 addresses and routes apart.
QUESTION = r"""
[ -d /sys/class/net ] || exit 69
if command -v ip >/dev/null; then ip -o addr || exit
else
[ -r /proc/net/fib_trie ] && [ -r /proc/net/route ] || exit 69
grep -s '' /proc/net/if_inet6 | sed 's/^/inet6 /'
awk '$1 == "|--" { address = $2 } $1 == "/32" && $3 == "LOCAL" { print "local", address }' /proc/net/fib_trie | sort -u
awk 'NR > 1 { print "route", $1, $2, $3, $8 }' /proc/net/route
fi
echo ef_links
grep -sH '' /sys/class/net/*/address /sys/class/net/*/operstate /sys/class/net/*/speed
echo ef_end
"""

_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")
_NO_MAC = "00:00:00:00:00:00"
_IPV6_TEMPORARY = 0x01  # IFA_F_TEMPORARY of linux/if_addr.h
_LOOPBACK = IPv4Network("127.0.0.0/8")

Interfaced = IPv4Interface | IPv6Interface


class Interface(Frozen):
    """One network interface, virtual ones too."""

    name: str
    addresses: tuple[Interfaced, ...]
    """With prefix length; without IPv6 privacy addresses, which change by the day."""
    mac: str | None
    """As in use: members of a bond show the bond's. None where there is none of six bytes."""
    state: str
    """As the kernel calls it: ``up``, ``down``, ``unknown`` (loopback, tunnels), ..."""
    mbps: Positive | None
    """Speed, Mbit/s; None where the link is down or virtual and has none."""


class Interfaces(Frozen):
    """The network interfaces, by name."""

    interfaces: tuple[Interface, ...]


def parse(text: str) -> Interfaces:
    """Read ``ip -o addr`` (or lines of /proc/net), ``ef_links``, and ``path:value`` of /sys/class/net.

    Without ip(8) an IPv4 address belongs to the interface with the narrowest directly connected route that holds it;
    where two have it, or none, the answer is unparsable rather than guessed. /proc/net/route is read as little-endian.
    """
    answers, marker, rest = text.partition("ef_links\n")
    links, end, _ = rest.partition("ef_end\n")
    if not marker or not end:
        raise UnparsableError("interfaces: the answer is not complete")
    try:
        held: dict[str, dict[str, str]] = {}
        for line in links.splitlines():
            path, _, value = line.partition(":")
            name, key = path.split("/")[-2:]
            held.setdefault(name, {})[key] = value
        addresses: dict[str, list[Interfaced]] = {name: [] for name in held}
        for name, address in _addresses(answers.splitlines()):
            addresses.setdefault(name, []).append(address)
        return Interfaces(interfaces=tuple(_interface(n, addresses[n], held.get(n, {})) for n in sorted(addresses)))
    except (ValueError, IndexError) as problem:
        raise UnparsableError(f"interfaces: {why(problem)}") from None


def _interface(name: str, addresses: list[Interfaced], link: dict[str, str]) -> Interface:
    mac = link.get("address", "").lower()
    speed = int(link.get("speed") or 0)  # -1 where the driver does not know
    return Interface(
        name=name,
        addresses=tuple(addresses),
        mac=mac if _MAC.fullmatch(mac) and mac != _NO_MAC else None,
        state=link.get("operstate", "unknown"),
        mbps=speed if speed > 0 else None,
    )


def _addresses(lines: list[str]) -> Iterator[tuple[str, Interfaced]]:
    """Yield each address with the name of its interface."""
    local = [IPv4Address(line.split()[1]) for line in lines if line.startswith("local ")]
    routes = [_route(line) for line in lines if line.startswith("route ")]
    for line in lines:
        words = line.split()
        if words[0] == "inet6":
            if not int(words[5], 16) & _IPV6_TEMPORARY:
                yield words[6], IPv6Interface((IPv6Address(int(words[1], 16)), int(words[3], 16)))
        elif words[0] not in {"local", "route"} and words[2] in {"inet", "inet6"} and "temporary" not in words:
            # A peer's network follows the own address, which then stands alone.
            yield words[1].partition("@")[0], ip_interface(words[3])
    for address in local:
        yield _placed(address, [route for route in routes if route is not None])


def _route(line: str) -> tuple[str, IPv4Network] | None:
    """Read interface and network of a line of /proc/net/route; None when it leads through a gateway."""
    _, name, network, gateway, mask = line.split()
    if int(gateway, 16) or not int(mask, 16):
        return None
    return name, IPv4Network((bytes.fromhex(network)[::-1], str(IPv4Address(bytes.fromhex(mask)[::-1]))))


def _placed(address: IPv4Address, routes: list[tuple[str, IPv4Network]]) -> tuple[str, Interfaced]:
    if address in _LOOPBACK:
        return "lo", IPv4Interface((address, _LOOPBACK.prefixlen))
    around = [(network.prefixlen, name) for name, network in routes if address in network]
    nearest = {(length, name) for length, name in around if length == max(around)[0]}
    if len(nearest) != 1:
        raise ValueError(f"without ip(8) it does not show which interface has {address}")
    ((length, name),) = nearest
    return name, IPv4Interface((address, length))


COLLECTOR = Collector(
    id="interfaces",
    title=Text(en="Network interfaces", zh="网络接口"),
    question=QUESTION,
    parse=parse,
    facts=Interfaces,
    size=262_144,  # one line for each container's interface
)
