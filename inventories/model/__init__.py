# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What an authority consists of, resolved and frozen; one module per field of the trade."""

from inventories.model.assets import Asset, Device, Group, Hardware, Host, Management, SshAccess
from inventories.model.base import ROOT, Entry, Importance, LinkClass, Listed, Part, RegionLevel, within
from inventories.model.defaults import GroupDefaults, RegionDefaults, SiteDefaults
from inventories.model.inventory import KINDS, Inventory
from inventories.model.network import Cable, Interface, Uplink, Vlan, Vrf
from inventories.model.people import WEEK, Administrators, Calendar, Contact, Rota, Shift, Window
from inventories.model.places import Authority, Cooling, Feed, Genset, Rack, Region, Room, Site, Ups
from inventories.model.secrets import Secret
from inventories.model.services import Backup, Certificate, Filing, Service, Slo

__all__ = [
    "KINDS",
    "ROOT",
    "WEEK",
    "Administrators",
    "Asset",
    "Authority",
    "Backup",
    "Cable",
    "Calendar",
    "Certificate",
    "Contact",
    "Cooling",
    "Device",
    "Entry",
    "Feed",
    "Filing",
    "Genset",
    "Group",
    "GroupDefaults",
    "Hardware",
    "Host",
    "Importance",
    "Interface",
    "Inventory",
    "LinkClass",
    "Listed",
    "Management",
    "Part",
    "Rack",
    "Region",
    "RegionDefaults",
    "RegionLevel",
    "Room",
    "Rota",
    "Secret",
    "Service",
    "Shift",
    "Site",
    "SiteDefaults",
    "Slo",
    "SshAccess",
    "Uplink",
    "Ups",
    "Vlan",
    "Vrf",
    "Window",
    "within",
]  # fmt: skip
