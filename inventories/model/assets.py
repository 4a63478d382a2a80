# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What is operated: hosts reached by SSH, network and security devices, and groups of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from inventories.base import Frozen, Text
from inventories.model.base import Address, Date, Importance, Label, LinkClass, Listed, Name, Named, VarName, VarValue
from inventories.model.network import Interface

ManagementProtocol = Literal["ssh", "netconf", "https", "snmp", "telnet", "http"]


class SshAccess(Frozen):
    """How a host is reached by SSH; secrets are named by path, never contained."""

    user: str | None = Field(default=None, description="Login name; None leaves it to the ssh_config file.")
    port: int | None = Field(
        default=None, ge=1, le=65_535, description="TCP port; None leaves it to the ssh_config file, else 22."
    )
    config: Path | None = Field(default=None, description="ssh_config file; None means the user's own.")
    identity_file: Path | None = Field(default=None, description="Private key file.")
    known_hosts: Path | None = Field(default=None, description="Known host keys file; None means the user's own.")
    proxy_jump: str | None = Field(default=None, description="Jump host, [user@]host[:port].")


class Group(Listed):
    """What some assets have in common; its ``defaults`` hold for its members here and in the regions below."""

    label: ClassVar = "group"
    section: ClassVar = "groups"
    beside: ClassVar = frozenset({"defaults"})

    id: Name = Field(description="Name.")
    region: str = Field(description="Path of the region that declares it.")
    name: Text | None = Field(default=None, description="Name for people.")


class Asset(Listed):
    """What hosts and devices have in common."""

    given: ClassVar = frozenset({"name", "region"})
    inherits: ClassVar = frozenset({"site", "room", "importance", "owner", "rota", "time_sources", "vars"})

    name: Name = Field(description="Name, unique among hosts and devices.")
    address: Address = Field(description="Management address, IPv4 or IPv6.")
    region: str = Field(description="Path of the region that runs it.")
    site: Name = Field(description="Id of the site it stands in.")
    room: Name | None = Field(default=None, description="Id of the room in the site.")
    rack: Label | None = Field(default=None, description="Rack in the room, e.g. R03.")
    u_position: int | None = Field(default=None, ge=1, le=60, description="Lowest rack unit it occupies, from 1.")
    u_height: int = Field(default=1, ge=1, le=60, description="Rack units it occupies.")
    power_w: float | None = Field(default=None, gt=0, le=100_000, description="Power it draws at most, W.")
    platform: str = Field(description="Platform id, see platforms.yml.")
    serial: str | None = Field(default=None, description="Serial number, as on the type plate.")
    groups: tuple[Name, ...] = Field(default=(), description="Groups; where their defaults differ, the last wins.")
    importance: Importance = Field(default="normal", description="How much depends on it.")
    owner: Name | None = Field(default=None, description="Contact id of who answers for it.")
    rota: Name | None = Field(default=None, description="Id of the rota that is called when it fails.")
    interfaces: Annotated[tuple[Interface, ...], Named] = Field(
        default=(), description="Interfaces, where known; a range such as GE1/0/1..GE1/0/24 writes several alike."
    )
    time_sources: tuple[str, ...] = Field(
        default=(), description="Where it takes the time from: assets by name, others by DNS name or address."
    )
    stratum: int | None = Field(default=None, ge=1, le=15, description="NTP stratum; 1: a reference clock hangs on it.")
    last_verified: Date | None = Field(default=None, description="Day when somebody last compared entry and thing.")
    vars: Mapping[VarName, VarValue] = Field(
        default_factory=dict, description="Further values for tools downstream: scalars and lists of scalars."
    )

    def __hash__(self) -> int:
        """Hash by name, which is unique; ``vars`` cannot be hashed."""
        return hash(self.name)


class Hardware(Frozen):
    """What a host is made of."""

    cpus: int | None = Field(default=None, ge=1, le=4096, description="Logical processors.")
    memory_gib: float | None = Field(default=None, gt=0, le=65_536, description="Memory, GiB.")
    disks_gb: Mapping[str, float] = Field(
        default_factory=dict, description="Size of each disk by its device name, GB (10^9 bytes)."
    )

    def __hash__(self) -> int:
        """Hash by all fields, as for any frozen model; a mapping cannot be hashed as it is."""
        return hash((self.cpus, self.memory_gib, tuple(self.disks_gb.items())))


class Host(Asset):
    """A server reached by SSH."""

    label: ClassVar = "host"
    section: ClassVar = "hosts"
    given: ClassVar = frozenset({"name", "region", "link", "services"})
    inherits: ClassVar = Asset.inherits | {"platform", "groups", "ssh"}

    services: tuple[Name, ...] = Field(default=(), description="Services that name this host, in inventory order.")
    link: LinkClass = Field(description="Class of its site's uplink.")
    ssh: SshAccess = Field(default=SshAccess(), description="How to reach it.")
    virtual_on: Name | None = Field(default=None, description="Host it is a virtual machine of; None: it is physical.")
    hardware: Hardware = Field(default=Hardware(), description="What it is made of, where known.")

    __hash__ = Asset.__hash__


class Management(Frozen):
    """How a device is managed."""

    protocol: ManagementProtocol = Field(default="ssh", description="Protocol of the management session.")
    port: int | None = Field(default=None, ge=1, le=65_535, description="TCP port; None: the protocol's own.")
    credential: Name | None = Field(default=None, description="Id of the secret to log in with.")


class Device(Asset):
    """A network or security device."""

    label: ClassVar = "device"
    section: ClassVar = "devices"
    inherits: ClassVar = Asset.inherits | {"management"}

    vendor: str = Field(description="Vendor, e.g. huawei.")
    model: str | None = Field(default=None, description="Model, as on the type plate.")
    os_version: str | None = Field(default=None, description="Version of its operating system.")
    role: Name = Field(description="Part it plays, e.g. core, aggregation, access, firewall.")
    stack: Name | None = Field(default=None, description="Stack it is a member of; its members share the name.")
    pair: Name | None = Field(default=None, description="VRRP or hot-standby pair; its members share the name.")
    management: Management = Field(default=Management(), description="How it is managed.")

    __hash__ = Asset.__hash__
