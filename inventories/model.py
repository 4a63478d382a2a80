# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What an authority consists of: regions, sites, rooms, hosts, devices, services and contacts, resolved and frozen."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic.networks import IPvAnyAddress, IPvAnyNetwork
from pydantic_core import PydanticCustomError

from inventories.base import Frozen, Text


def _not_a_number(value: object) -> object:
    """Refuse bare numbers: the ipaddress module would read 10 as 0.0.0.10."""
    if isinstance(value, int | float):
        raise PydanticCustomError("ip_any_address", "must be an address, not a number")
    return value


if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network
else:
    Address = Annotated[IPvAnyAddress, BeforeValidator(_not_a_number)]
    Network = Annotated[IPvAnyNetwork, BeforeValidator(_not_a_number)]

RegionLevel = Literal["ministry", "province", "peer", "city", "county", "school"]
LinkClass = Literal["lan", "fiber", "leased", "lte", "satellite"]
Importance = Literal["low", "normal", "high", "critical"]
RoomGrade = Literal["A", "B", "C"]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
RegionPath = Annotated[str, StringConstraints(pattern=r"^(\.|[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*)$")]
VarName = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]
VarScalar = str | int | float | bool
VarValue = VarScalar | tuple[VarScalar, ...]
Kilowatts = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]

ROOT = "."


class Entry(Frozen):
    """A thing that is written under its name.

    ``given`` are the fields that follow from where it is written, ``beside`` the keys it may have that are no fields.
    """

    given: ClassVar[frozenset[str]] = frozenset()
    beside: ClassVar[frozenset[str]] = frozenset()


class Authority(Entry):
    """The body whose fleet this is."""

    name: Text = Field(description="Full name.")
    domain: str | None = Field(default=None, description="DNS domain of the authority, e.g. edu.example.")
    timezone: str = Field(default="Asia/Shanghai", description="IANA time zone in which calendars and rotas are read.")


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


class Defaults(Entry):
    """What a directory or a site says once for everything under it; each kind of thing takes the fields it has."""

    platform: str | None = Field(default=None, description="Platform id of hosts.")
    groups: tuple[str, ...] = Field(default=(), description="Groups of hosts.")
    importance: Importance | None = Field(default=None, description="Importance of hosts and devices.")
    owner: str | None = Field(default=None, description="Contact id for hosts, devices and services.")
    ssh: SshAccess = Field(default=SshAccess(), description="How hosts are reached; merged key by key.")
    vars: Mapping[VarName, VarValue] = Field(default_factory=dict, description="Values of hosts; merged key by key.")


class RegionDefaults(Defaults):
    """The defaults of a directory."""

    site: str | None = Field(default=None, description="Site of hosts and devices.")
    link: LinkClass | None = Field(default=None, description="Class of the uplink of sites.")


class SiteDefaults(Defaults):
    """The defaults of a site."""

    room: str | None = Field(default=None, description="Room of hosts and devices.")


class Region(Entry):
    """One administrative region: a directory of the inventory."""

    given: ClassVar = frozenset({"path", "parent"})

    path: RegionPath = Field(description="Path from the inventory's root, e.g. qinghe/lushan; '.' is the root itself.")
    level: RegionLevel = Field(
        description="Administrative level; a peer ranks with the provinces without being one (the Corps)."
    )
    name: Text = Field(description="Name.")
    parent: str | None = Field(description="Path of the region above; None at the top.")


class Room(Entry):
    """An equipment room or closet of a site."""

    given: ClassVar = frozenset({"id"})

    id: Name = Field(description="Id, unique in its site.")
    name: Text | None = Field(default=None, description="Name.")
    grade: RoomGrade = Field(
        description="Grade of GB 50174-2017: A fault-tolerant (about 2N), B redundant (about N+1), C basic."
    )
    racks: int = Field(ge=1, le=10_000, description="Number of racks.")
    it_kw: Kilowatts = Field(description="IT load the room is built for, kW.")
    ups_kw: tuple[Kilowatts, ...] = Field(default=(), description="Rated output of each UPS, kW.")
    feeds: int = Field(default=1, ge=1, le=8, description="Independent mains feeds.")
    genset: bool = Field(default=False, description="Whether a generator stands behind the feeds.")


class Site(Entry):
    """A place with equipment and one uplink to the education network."""

    given: ClassVar = frozenset({"id", "region"})
    beside: ClassVar = frozenset({"defaults"})

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region the site lies in.")
    name: Text = Field(description="Name.")
    link: LinkClass = Field(description="Class of the uplink; it decides how long an inspection waits.")
    prefixes: tuple[Network, ...] = Field(default=(), description="Address ranges of the site; empty: not stated.")
    rooms: tuple[Room, ...] = Field(default=(), description="Equipment rooms.")


class Asset(Entry):
    """What hosts and devices have in common."""

    given: ClassVar = frozenset({"name", "region"})

    name: Name = Field(description="Name, unique among hosts and devices.")
    address: Address = Field(description="Management address, IPv4 or IPv6.")
    region: str = Field(description="Path of the region that runs it.")
    site: Name = Field(description="Id of the site it stands in.")
    room: Name | None = Field(default=None, description="Id of the room in the site.")
    rack: str | None = Field(default=None, description="Rack label in the room, e.g. R03.")
    u_position: int | None = Field(default=None, ge=1, le=60, description="Lowest rack unit it occupies, from 1.")
    platform: str = Field(description="Platform id, see platforms.yml.")
    importance: Importance = Field(default="normal", description="How much depends on it.")
    owner: Name | None = Field(default=None, description="Contact id of who answers for it.")


class Host(Asset):
    """A server reached by SSH."""

    given: ClassVar = frozenset({"name", "region", "link", "services"})

    groups: tuple[Name, ...] = Field(default=(), description="Groups for --limit and for what runs on it.")
    services: tuple[Name, ...] = Field(default=(), description="Services that name this host, in inventory order.")
    link: LinkClass = Field(description="Class of its site's uplink.")
    ssh: SshAccess = Field(default=SshAccess(), description="How to reach it.")
    vars: Mapping[VarName, VarValue] = Field(
        default_factory=dict, description="Further values for tools downstream: scalars and lists of scalars."
    )

    def __hash__(self) -> int:
        """Hash by name, which is unique; ``vars`` cannot be hashed."""
        return hash(self.name)


class Device(Asset):
    """A network or security device."""

    vendor: str = Field(description="Vendor, e.g. huawei.")
    role: Name = Field(description="Part it plays, e.g. core, aggregation, access, firewall.")


class Service(Entry):
    """Something users or other services rely on."""

    given: ClassVar = frozenset({"id", "region"})

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that runs it.")
    name: Text = Field(description="Name.")
    mlps_level: int = Field(ge=1, le=4, description="Graded MLPS 2.0 level, 1 to 4.")
    hosts: tuple[Name, ...] = Field(description="Names of the hosts it runs on.")
    owner: Name | None = Field(default=None, description="Contact id of who answers for it.")
    depends_on: tuple[Name, ...] = Field(default=(), description="Ids of the services it cannot do without.")


class Contact(Entry):
    """A person or team to call."""

    given: ClassVar = frozenset({"id"})

    id: Name = Field(description="Id, unique in the inventory.")
    name: Text = Field(description="Name.")
    phone: str | None = Field(default=None, description="Telephone, as dialled.")
    email: str | None = Field(default=None, description="Mail address.")


class Inventory(Frozen):
    """The authority with everything it has, in a stable order: regions by path, the rest by region, then as written."""

    authority: Authority
    regions: tuple[Region, ...] = ()
    sites: tuple[Site, ...] = ()
    hosts: tuple[Host, ...] = ()
    devices: tuple[Device, ...] = ()
    services: tuple[Service, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @cached_property
    def _regions(self) -> dict[str, Region]:
        return {region.path: region for region in self.regions}

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return {site.id: site for site in self.sites}

    @cached_property
    def _hosts(self) -> dict[str, Host]:
        return {host.name: host for host in self.hosts}

    @cached_property
    def _children(self) -> dict[str | None, list[Region]]:
        children: dict[str | None, list[Region]] = {}
        for region in self.regions:
            children.setdefault(region.parent, []).append(region)
        return children

    @cached_property
    def _hosts_under(self) -> dict[str, list[Host]]:
        under: dict[str, list[Host]] = {region.path: [] for region in self.regions}
        for host in self.hosts:
            under[host.region].append(host)
            for region in self.ancestors(host.region):
                under[region.path].append(host)
        return under

    def region(self, path: str) -> Region:
        """Return the region at ``path``; KeyError when there is none."""
        return self._regions[path]

    def site(self, site_id: str) -> Site:
        """Return the site; KeyError when there is none."""
        return self._sites[site_id]

    def host(self, name: str) -> Host:
        """Return the host; KeyError when there is none."""
        return self._hosts[name]

    def children(self, path: str | None) -> tuple[Region, ...]:
        """Return the regions directly under ``path``, those at the top for None."""
        return tuple(self._children.get(path, ()))

    def ancestors(self, path: str) -> Iterator[Region]:
        """Yield the regions above ``path``, the nearest first; KeyError when there is no such region."""
        parent = self.region(path).parent
        while parent is not None:
            region = self.region(parent)
            yield region
            parent = region.parent

    def hosts_in(self, path: str) -> tuple[Host, ...]:
        """Return the hosts of the region at ``path`` and of all regions under it; KeyError when there is none."""
        return tuple(self._hosts_under[path])


def within(path: str, region: str) -> bool:
    """Tell whether the region at ``path`` is ``region`` or lies under it.

    >>> within("qinghe/lushan", "qinghe"), within("qinghe2", "qinghe"), within("qinghe", ".")
    (True, False, True)
    """
    return region in (ROOT, path) or path.startswith(region + "/")
