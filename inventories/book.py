# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventory as it was written: one record per entry, its resolved values and where each of them stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from inventories.findings import Place, Report
from inventories.model import Asset, Authority, Contact, Device, Entry, Host, Inventory, Region, Service, Site
from inventories.source import Node

M_co = TypeVar("M_co", bound=Entry, covariant=True)


@dataclass(frozen=True, slots=True)
class Record(Generic[M_co]):
    """One entry: ``node`` holds its values after inheritance, ``model`` is None when they do not make a valid one."""

    kind: str
    id: str
    region: str
    node: Node
    model: M_co | None

    def place(self, *path: str | int) -> Place:
        """Return where the value at ``path`` is written, which may be in a file above; without path, the entry."""
        node, keys = find(self.node, path)
        return node.place if keys else node.key_place


@dataclass(slots=True)
class Book:
    """Everything that was read, valid or not, in inventory order, and what was found wrong while reading."""

    authority: Record[Authority] | None = None
    regions: list[Record[Region]] = field(default_factory=list)
    sites: list[Record[Site]] = field(default_factory=list)
    hosts: list[Record[Host]] = field(default_factory=list)
    devices: list[Record[Device]] = field(default_factory=list)
    services: list[Record[Service]] = field(default_factory=list)
    contacts: list[Record[Contact]] = field(default_factory=list)
    # Directories that hold entries or regions without saying which region they are, and where that shows.
    undeclared: dict[str, Place] = field(default_factory=dict)
    # False when reading stopped somewhere: what would have been declared there is unknown.
    complete: bool = True
    report: Report = field(default_factory=Report)

    @property
    def assets(self) -> list[Record[Asset]]:
        """Hosts, then devices."""
        return [*self.hosts, *self.devices]

    @property
    def owned(self) -> list[Record[Asset | Service]]:
        """Everything somebody must answer for."""
        return [*self.assets, *self.services]

    def inventory(self, authority: Authority) -> Inventory:
        """Return the resolved inventory of a book without errors."""
        return Inventory(
            authority=authority,
            regions=models(self.regions),
            sites=models(self.sites),
            hosts=models(self.hosts),
            devices=models(self.devices),
            services=models(self.services),
            contacts=models(self.contacts),
        )


def models(records: Sequence[Record[M_co]]) -> tuple[M_co, ...]:
    """Return the valid entries among ``records``."""
    return tuple(record.model for record in records if record.model is not None)


def find(node: Node, path: tuple[str | int, ...]) -> tuple[Node, tuple[str, ...]]:
    """Return the node at ``path``, or the last one on the way there, and the keys that lead to it.

    A number counts the entries of a mapping too.
    """
    keys: list[str] = []
    for step in path:
        inner = node.value
        if isinstance(inner, dict):
            key = list(inner)[step] if isinstance(step, int) else step
            below = inner.get(key)
        elif isinstance(inner, list) and isinstance(step, int):
            key, below = str(step), inner[step]
        else:
            break
        if below is None:
            break
        keys.append(key)
        node = below
    return node, tuple(keys)
