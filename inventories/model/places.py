# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Where things are: the authority, its tree of regions, sites, rooms, racks, and what powers and cools them."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from inventories.base import Text
from inventories.model.base import (
    Date,
    Entry,
    Kilowatts,
    Label,
    LinkClass,
    Listed,
    Name,
    Named,
    Network,
    Part,
    RegionLevel,
    RegionPath,
)
from inventories.model.network import Uplink, Vlan

RoomGrade = Literal["A", "B", "C"]


class Authority(Entry):
    """The body whose fleet this is."""

    label: ClassVar = "authority"

    name: Text = Field(description="Full name.")
    domain: str | None = Field(default=None, description="DNS domain of the authority, e.g. edu.example.")
    timezone: str = Field(default="Asia/Shanghai", description="IANA time zone in which calendars and rotas are read.")
    issuers: tuple[str, ...] = Field(default=(), description="Certificate issuers that are allowed; empty: any.")
    as_of: Date | None = Field(
        default=None, description="Day against which due dates are checked, for samples and rehearsals; None: today."
    )


class Region(Entry):
    """One administrative region: a directory of the inventory."""

    label: ClassVar = "region"
    given: ClassVar = frozenset({"path", "parent"})

    path: RegionPath = Field(description="Path from the inventory's root, e.g. qinghe/lushan; '.' is the root itself.")
    level: RegionLevel = Field(
        description="Administrative level; a peer ranks with the provinces without being one (the Corps)."
    )
    name: Text = Field(description="Name.")
    parent: str | None = Field(description="Path of the region above; None at the top.")
    prefixes: tuple[Network, ...] = Field(
        default=(), description="Address ranges given to the region and what lies under it; empty: not stated."
    )


class Feed(Part):
    """An independent mains feed of a room (市电)."""

    label: ClassVar = "feed"

    id: Name = Field(description="Id, unique in its room.")
    kw: Kilowatts | None = Field(default=None, description="Power it can deliver, kW.")


class Ups(Part):
    """An uninterruptible power supply of a room."""

    label: ClassVar = "UPS"

    id: Name = Field(description="Id, unique in its room.")
    kw: Kilowatts = Field(description="Rated output, kW.")
    feeds: tuple[Name, ...] = Field(default=(), description="Feeds of the room it draws from; empty: all.")


class Genset(Entry):
    """A generator that stands behind the feeds (柴发)."""

    label: ClassVar = "generator"

    kw: Kilowatts = Field(description="Rated output, kW.")
    hours: float | None = Field(default=None, gt=0, le=1000, description="Hours it runs on its own fuel at full load.")


class Cooling(Entry):
    """The air conditioning of a room."""

    label: ClassVar = "cooling"

    kw: Kilowatts = Field(description="Heat that one unit takes away, kW.")
    units: int = Field(ge=1, le=1000, description="Number of units, spare ones included.")


class Rack(Part):
    """A rack (机柜). A range such as ``R01..R24`` writes several alike."""

    label: ClassVar = "rack"

    id: Label = Field(description="What is written on it, unique in its room, e.g. R03.")
    units: int = Field(default=42, ge=1, le=60, description="Height, rack units.")
    kw: Kilowatts | None = Field(default=None, description="Power it may draw, kW; None: not stated.")
    supply: tuple[Name, ...] = Field(default=(), description="UPSes or feeds of the room it hangs on; empty: all.")


class Room(Part):
    """An equipment room or closet of a site."""

    label: ClassVar = "room"

    id: Name = Field(description="Id, unique in its site.")
    name: Text | None = Field(default=None, description="Name.")
    grade: RoomGrade = Field(
        description="Grade of GB 50174-2017: A fault-tolerant (about 2N), B redundant (about N+1), C basic."
    )
    it_kw: Kilowatts = Field(description="IT load the room is built for, kW.")
    racks: Annotated[tuple[Rack, ...], Named] = Field(default=(), description="Racks; empty: not stated.")
    feeds: Annotated[tuple[Feed, ...], Named] = Field(default=(), description="Mains feeds; empty: not stated.")
    ups: Annotated[tuple[Ups, ...], Named] = Field(default=(), description="Uninterruptible power supplies.")
    genset: Genset | None = Field(default=None, description="Generator; None: there is none.")
    cooling: Cooling | None = Field(default=None, description="Air conditioning; None: not stated.")


class Site(Listed):
    """A place with equipment and its uplinks to the education network."""

    label: ClassVar = "site"
    section: ClassVar = "sites"
    inherits: ClassVar = frozenset({"link"})
    beside: ClassVar = frozenset({"defaults"})

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region the site lies in.")
    name: Text = Field(description="Name.")
    link: LinkClass = Field(description="Class of the best uplink; it decides how long an inspection waits.")
    prefixes: tuple[Network, ...] = Field(default=(), description="Address ranges of the site; empty: not stated.")
    uplinks: Annotated[tuple[Uplink, ...], Named] = Field(default=(), description="Uplinks; empty: not stated.")
    vlans: Annotated[tuple[Vlan, ...], Named] = Field(
        default=(), description="VLANs; each takes what the regions' defaults say of a VLAN of its name."
    )
    rooms: Annotated[tuple[Room, ...], Named] = Field(default=(), description="Equipment rooms.")
