# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What is said once for many: defaults of the authority, of regions, of sites and of groups."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from inventories.model.assets import Management, SshAccess
from inventories.model.base import Entry, Importance, LinkClass, Name, VarName, VarValue
from inventories.model.network import VlanPurpose
from inventories.model.people import Administrators


class GroupDefaults(Entry):
    """The defaults of a group, and what the defaults of all layers may say; each kind takes the fields it has."""

    label: ClassVar = "defaults"

    platform: str | None = Field(default=None, description="Platform id of hosts.")
    importance: Importance | None = Field(default=None, description="Importance of hosts and devices.")
    owner: Name | None = Field(default=None, description="Contact id for everything that has an owner.")
    rota: Name | None = Field(default=None, description="Rota of hosts, devices and services.")
    time_sources: tuple[str, ...] = Field(default=(), description="Time sources of hosts and devices.")
    management: Management = Field(default=Management(), description="How devices are managed; merged key by key.")
    ssh: SshAccess = Field(default=SshAccess(), description="How hosts are reached; merged key by key.")
    vars: Mapping[VarName, VarValue] = Field(default_factory=dict, description="Values; merged key by key.")


class SiteDefaults(GroupDefaults):
    """The defaults of a site."""

    groups: tuple[Name, ...] = Field(default=(), description="Groups of hosts.")
    room: Name | None = Field(default=None, description="Room of hosts and devices.")


class VlanDefaults(Entry):
    """What the VLANs of one name have in common, wherever they are."""

    label: ClassVar = "VLAN"

    vid: int | None = Field(default=None, ge=1, le=4094, description="VLAN number, 1 to 4094.")
    purpose: VlanPurpose | None = Field(default=None, description="What it is for.")
    vrf: Name | None = Field(default=None, description="Id of its routing instance.")
    mlps_level: int | None = Field(default=None, ge=1, le=4, description="Highest MLPS level of its zone, 1 to 4.")


class RegionDefaults(SiteDefaults):
    """The defaults of a directory."""

    site: Name | None = Field(default=None, description="Site of hosts and devices.")
    link: LinkClass | None = Field(default=None, description="Class of the uplink of sites.")
    vlans: Mapping[Name, VlanDefaults] = Field(
        default_factory=dict, description="What VLANs of a name have in common; a site has those it names."
    )
    administrators: Administrators = Field(
        default=Administrators(), description="The three administrators of services; merged key by key."
    )
    backup: Name | None = Field(default=None, description="Backup policy of services.")
    calendar: Name | None = Field(default=None, description="Calendar of services.")
