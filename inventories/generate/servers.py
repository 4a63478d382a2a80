# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which hosts a made-up place has, and which services run on which of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventories.generate.catalogue import Offer
from inventories.generate.equipment import Server

_VIRTUAL_PER_NODE = 3
_CLOCKS = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """The hosts of a place, physical ones first, and the hosts of each service by its id."""

    servers: tuple[Server, ...]
    runs: dict[str, tuple[str, ...]]

    @property
    def physical(self) -> int:
        """How many of them stand in racks."""
        return sum(server.on is None for server in self.servers)

    @property
    def clocks(self) -> tuple[str, ...]:
        """The hosts that give the time to the others: two, or none."""
        return tuple(server.name for server in self.servers if server.stratum is not None)


def placed(stem: str, hosts: int, offers: Sequence[Offer], stratum: int | None, clocks: tuple[str, ...]) -> Placed:
    """Place ``offers`` on ``hosts`` hosts: some nodes, most of them virtual machines on these.

    Two hosts that follow each other stand on different nodes, and these in different racks; every service has such a
    pair, and more where hosts are left. With a ``stratum`` two nodes give the time, which they take from ``clocks``.
    """
    nodes = hosts if hosts <= _CLOCKS else max(_CLOCKS, hosts // (_VIRTUAL_PER_NODE + 1) // 2 * 2)
    names = [f"{stem}-node{number + 1}" for number in range(nodes)]
    machines = [f"{stem}-vm{number + 1}" for number in range(hosts - nodes)]
    pool = machines[: len(machines) // 2 * 2] or names
    runs: dict[str, list[str]] = {offer.id: [] for offer in offers}
    groups: dict[str, list[str]] = {}
    pairs = [pool[start : start + 2] for start in range(0, len(pool), 2)]
    for number in range(max(len(offers), len(pairs)) if pairs else 0):
        offer = offers[number % len(offers)]
        pair = names[:_CLOCKS] if offer.id == "ntp" else pairs[number % len(pairs)]
        runs[offer.id] += [name for name in pair if name not in runs[offer.id]]
        for name in pair:
            groups.setdefault(name, []).append(offer.id)
    keeps_time = stratum is not None and nodes >= _CLOCKS
    servers = [
        Server(
            name,
            groups=_distinct(groups.get(name, ())),
            stratum=stratum if keeps_time and position < _CLOCKS else None,
            time_sources=clocks if keeps_time and position < _CLOCKS else (),
        )
        for position, name in enumerate(names)
    ]
    servers += [
        Server(name, on=names[position % nodes], groups=_distinct(groups.get(name, ())))
        for position, name in enumerate(machines)
    ]
    return Placed(tuple(servers), {offer: tuple(hosts) for offer, hosts in runs.items()})


def _distinct(groups: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(groups))
