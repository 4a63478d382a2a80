# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Addresses and address ranges as whole numbers on one line, IPv4 before IPv6, so that they compare and sort fast."""

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeVar

T = TypeVar("T")

Span = tuple[int, int]
"""The first and the last number of a range."""

_IPV4_ADDRESSES = 1 << 32


def number(address: IPv4Address | IPv6Address) -> int:
    """Return the number of ``address``; those of IPv6 follow those of IPv4."""
    return int(address) + _IPV4_ADDRESSES if isinstance(address, IPv6Address) else int(address)


def span(network: IPv4Network | IPv6Network) -> Span:
    """Return the numbers of ``network``."""
    first = number(network.network_address)
    return first, first + (1 << (network.max_prefixlen - network.prefixlen)) - 1


# The loops take half the time of any(), and are asked 200,000 times.


def inside(inner: Span, ranges: Iterable[Span]) -> bool:
    """Tell whether ``inner`` lies in one of ``ranges``."""
    for first, last in ranges:  # noqa: SIM110 - see above
        if first <= inner[0] and inner[1] <= last:
            return True
    return False


def among(address: IPv4Address | IPv6Address, ranges: Iterable[Span]) -> bool:
    """Tell whether ``address`` lies in one of ``ranges``."""
    point = number(address)
    for first, last in ranges:  # noqa: SIM110 - see above
        if first <= point <= last:
            return True
    return False


def overlapping(ranges: Iterable[tuple[Span, T]], related: Callable[[T, T], bool]) -> Iterator[tuple[T, T]]:
    """Yield the owner of each range that lies in one of an unrelated owner, with the owner of the nearest such one.

    Ranges of networks are nested or apart, so sorting tells all: those open when a range starts are around it. Of two
    equal ranges the first given counts as the outer one. The time is that of sorting, and of walking past the related.
    """
    around: list[tuple[int, T]] = []
    for (first, last), owner in sorted(ranges, key=lambda given: (given[0][0], -given[0][1])):
        while around and around[-1][0] < first:
            around.pop()
        outer = next((outer for _, outer in reversed(around) if not related(outer, owner)), None)
        if outer is not None:
            yield owner, outer
        around.append((last, owner))
