# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventory of one: this machine itself, for an inspection without inventory or network."""

import socket
from ipaddress import IPv4Address

from inventories.base import Text
from inventories.model import ROOT, Authority, Host, Inventory, Region, Site


def inventory() -> Inventory:
    """Return an inventory whose only host is this machine, under its own short name."""
    name = socket.gethostname().split(".")[0].lower() or "localhost"
    here = Text(en="This machine", zh="本机")
    return Inventory(
        authority=Authority(name=here),
        regions=(Region(path=ROOT, level="ministry", name=here, parent=None),),
        sites=(Site(id="local", region=ROOT, name=here, link="lan"),),
        hosts=(
            Host(name=name, address=IPv4Address("127.0.0.1"), region=ROOT, site="local", platform="linux", link="lan"),
        ),
    )
