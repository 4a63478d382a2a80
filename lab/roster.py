# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which hosts a lab has: those of an inventory, and generated ones up to a number asked for.

A host in the group ``lab_X`` of the inventory gets the flavour ``X``; ``lab_systemd`` also makes it boot with systemd.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import yaml

import inventories
from inventories.errors import BadInput
from inventories.loader import load
from inventories.model import Host
from lab.access import USER
from lab.model import Boot, Lab, LabHost

DEFAULT = Path(inventories.__file__).parent / "lab"
FLAVOUR_GROUP = "lab_"
SYSTEMD = "systemd"
GENERATED = "lab-generated"
"""Region, site and directory of generated hosts."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The hosts of a lab; ``generated`` are those the inventory at ``source`` does not have."""

    source: Path
    inventory: tuple[LabHost, ...]
    generated: tuple[LabHost, ...] = ()

    @property
    def hosts(self) -> tuple[LabHost, ...]:
        """All hosts."""
        return self.inventory + self.generated

    def write(self, lab: Lab) -> None:
        """Copy the inventory into the lab, with the generated hosts in a region of their own."""
        shutil.copytree(self.source, lab.inventory)
        if self.generated:
            folder = lab.inventory / GENERATED
            folder.mkdir()
            (folder / "region.yml").write_text(yaml.safe_dump(_region(lab, self.generated)), encoding="utf-8")


def read_roster(lab: Lab, source: Path, count: int | None = None) -> Roster:
    """Return the hosts of the inventory at ``source``, with sshd-only ones added until there are ``count``.

    Raises BadInput when the inventory has more hosts than that, or addresses the lab's network does not have.
    """
    hosts = tuple(_lab_host(lab, host) for host in load(source).hosts)
    if count is None:
        return Roster(source, hosts)
    if count < len(hosts):
        raise BadInput(f"the inventory {source} has {len(hosts)} hosts already", hint="ask for more, or leave it out")
    spare = _spare_addresses(lab, hosts)
    more = tuple(LabHost(name=f"lab-{n:03}", address=next(spare)) for n in range(1, count - len(hosts) + 1))
    return Roster(source, hosts, more)


def _lab_host(lab: Lab, host: Host) -> LabHost:
    if not isinstance(host.address, IPv4Address) or host.address not in lab.network or host.address == lab.gateway.ip:
        raise BadInput(
            f"host {host.name}: {host.address} is not an address of the lab",
            hint=f"a lab's inventory has its hosts in {lab.network}, without {lab.gateway.ip}",
        )
    flavours = tuple(group.removeprefix(FLAVOUR_GROUP) for group in host.groups if group.startswith(FLAVOUR_GROUP))
    boot: Boot = "systemd" if SYSTEMD in flavours else "sshd"
    return LabHost(name=host.name, address=host.address, boot=boot, flavours=flavours)


def _spare_addresses(lab: Lab, hosts: tuple[LabHost, ...]) -> Iterator[IPv4Address]:
    """Yield addresses of the upper half of the lab's network that no host has."""
    taken = {host.address for host in hosts}
    upper = list(lab.network.subnets(prefixlen_diff=1))[1]
    return (address for address in upper.hosts() if address not in taken)


def _region(lab: Lab, hosts: tuple[LabHost, ...]) -> dict[str, object]:
    """Return the inventory file of the generated hosts, as inventories/loader.py reads it."""
    return {
        "region": {"level": "province", "name": {"en": "Generated hosts", "zh": "批量演练主机"}},
        "sites": {GENERATED: {"name": {"en": "Generated hosts", "zh": "批量演练主机"}, "link": "lan"}},
        "defaults": {
            "site": GENERATED,
            "platform": "debian12",
            "ssh": {"user": USER, "config": str(lab.ssh_config)},
        },
        "hosts": {host.name: {"address": str(host.address)} for host in hosts},
    }
