# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How things are connected: VLANs, routing instances, uplinks, interfaces and cables."""

from typing import ClassVar, Literal

from pydantic import Field

from inventories.base import Text
from inventories.model.base import Address, End, Interfaced, Label, LinkClass, Listed, Mac, Name, Network, Part

VlanPurpose = Literal["mgmt", "oob", "server", "staff", "student", "wifi", "exam", "iot", "transit"]
CableKind = Literal["copper", "fiber", "dac", "aoc"]


class Vlan(Part):
    """A VLAN of a site, with its address ranges there."""

    label: ClassVar = "VLAN"

    id: Name = Field(description="Name, unique in its site, e.g. student.")
    vid: int = Field(ge=1, le=4094, description="VLAN number, 1 to 4094.")
    purpose: VlanPurpose = Field(description="What it is for; management addresses belong in mgmt and oob.")
    prefixes: tuple[Network, ...] = Field(default=(), description="Address ranges in this site.")
    gateway: tuple[Address, ...] = Field(default=(), description="Default gateways, one per family.")
    vrf: Name | None = Field(default=None, description="Id of its routing instance; None: the global one.")
    mlps_level: int = Field(default=2, ge=1, le=4, description="Highest MLPS level its zone is protected for, 1 to 4.")


class Uplink(Part):
    """A line from a site towards the education network or the internet."""

    label: ClassVar = "uplink"

    id: Name = Field(description="Id, unique in its site.")
    link: LinkClass = Field(description="Class of the line.")
    mbps: float = Field(gt=0, le=1_000_000, allow_inf_nan=False, description="Bandwidth, Mbit/s.")
    latency_ms: float | None = Field(default=None, ge=0, le=10_000, description="Usual round trip, milliseconds.")
    provider: str | None = Field(default=None, description="Who runs the line.")
    to: Name | None = Field(default=None, description="Id of the site at the other end; None: the internet.")


class Vrf(Listed):
    """A routing instance: networks in different ones do not reach each other by themselves."""

    label: ClassVar = "VRF"
    section: ClassVar = "vrfs"

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that declares it.")
    name: Text = Field(description="Name.")
    rd: str | None = Field(default=None, pattern=r"^[0-9.]+:[0-9]+$", description="Route distinguisher, e.g. 65000:60.")
    internet: bool = Field(description="Whether it has a route to the internet.")


class Interface(Part):
    """A network interface of a host or device."""

    label: ClassVar = "interface"

    id: Label = Field(description="Name as the system has it, e.g. eth0 or 10GE1/0/1.")
    mac: Mac | None = Field(default=None, description="Hardware address, six pairs of hexadecimal digits with colons.")
    addresses: tuple[Interfaced, ...] = Field(default=(), description="Addresses with prefix length.")
    vlans: tuple[Name, ...] = Field(default=(), description="VLANs of the site; one: untagged, several: a trunk.")
    mbps: int | None = Field(default=None, ge=1, le=10_000_000, description="Speed, Mbit/s.")


class Cable(Listed):
    """A cable between two interfaces."""

    label: ClassVar = "cable"
    section: ClassVar = "cables"

    id: Label = Field(description="What is written on it, unique in the inventory.")
    region: str = Field(description="Path of the region that declares it.")
    ends: tuple[End, End] = Field(description="Both ends, asset:interface.")
    kind: CableKind | None = Field(default=None, description="What it is made of.")
