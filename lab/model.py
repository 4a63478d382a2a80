# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a lab is: where it lives on the machine, its hosts, and what is written down about a running one."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import Literal, Protocol

from inventories.base import Frozen

Boot = Literal["sshd", "systemd"]


class LabHost(Frozen):
    """One Linux host of the lab.

    ``flavours`` names files of ``lab/flavours/`` that are run, in this order, on the fresh root file system.
    """

    name: str
    address: IPv4Address
    boot: Boot = "sshd"
    flavours: tuple[str, ...] = ()


class LabState(Frozen):
    """What a lab consists of, written before the first thing is made; ``ready`` once every host answered.

    ``made_of`` is a digest of everything that shapes the hosts and their inventory.
    """

    ready: bool
    made_of: str
    hosts: tuple[LabHost, ...]


class HostStatus(Frozen):
    """One host as it is now; ``answers`` tells whether its SSH port accepts a connection."""

    name: str
    address: IPv4Address
    boot: Boot
    running: bool
    answers: bool
    fault: str | None


class LabStatus(Frozen):
    """The lab as it is now; ``up`` is true when it was brought up completely and every host still runs."""

    up: bool
    inventory: Path
    ssh_config: Path
    hosts: tuple[HostStatus, ...]


class Teller(Protocol):
    """Whoever shows a person how far the work is."""

    def step(self, text: str) -> None:
        """Say what begins now."""

    def hosts(self, done: int, total: int, name: str) -> None:
        """Say that ``done`` of ``total`` hosts are up, ``name`` the last of them."""


BENCHMARK = IPv4Network("198.18.0.0/16")
"""Half of the range RFC 2544 keeps for benchmarks: no real network uses it."""


@dataclass(frozen=True, slots=True)
class Lab:
    """Where one lab lives; labs that differ in all fields but ``cache`` do not meet."""

    dir: Path = Path("/var/lib/edufleet/lab")
    cache: Path = Path("/var/cache/edufleet")
    bridge: str = "efbr0"
    network: IPv4Network = BENCHMARK
    prefix: str = "ef-"

    @property
    def gateway(self) -> IPv4Interface:
        """The machine's own address on the bridge; nothing is routed through it."""
        return IPv4Interface((self.network[1], self.network.prefixlen))

    @property
    def lock(self) -> Path:
        """The file whose lock allows changing this lab."""
        return Path(f"/run/edufleet-{self.bridge}.lock")

    @property
    def state(self) -> Path:
        """The file that holds the :class:`LabState`."""
        return self.dir / "state.json"

    @property
    def key(self) -> Path:
        """The private key that logs in to every host of this lab."""
        return self.dir / "id_ed25519"

    @property
    def known_hosts(self) -> Path:
        """The host keys of this lab."""
        return self.dir / "known_hosts"

    @property
    def ssh_config(self) -> Path:
        """The file to give to ``ssh -F``."""
        return self.dir / "ssh_config"

    @property
    def inventory(self) -> Path:
        """The inventory of exactly the hosts that run."""
        return self.dir / "inventory"

    def namespace(self, name: str) -> str:
        """Return the name of the host's network namespace."""
        return self.prefix + name

    def veth(self, address: IPv4Address) -> str:
        """Return the name of the machine's end of the host's cable; interface names have at most 15 characters."""
        return f"{self.prefix}{int(address) - int(self.network.network_address):x}"

    def host_dir(self, name: str) -> Path:
        """Return the directory of the host's disk, key and console log."""
        return self.dir / "hosts" / name

    def fault(self, name: str) -> Path:
        """Return the file that names the fault in force on the host."""
        return self.host_dir(name) / "fault"
