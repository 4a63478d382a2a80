# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory ansible``: a dynamic inventory of Ansible."""

import sys
from typing import Annotated

import typer

from console.cli.inventory.options import InventoryOption, LimitOption
from inventories.emitters import ansible
from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.loader import find_inventory, load
from inventories.select import select_assets


def command(
    listed: Annotated[bool, typer.Option("--list", help="Print all groups and variables as JSON.")] = False,
    host: Annotated[str | None, typer.Option(metavar="NAME", help="Print the variables of one asset as JSON.")] = None,
    inventory: InventoryOption = None,
    limit: LimitOption = None,
) -> None:
    """Answer what Ansible asks a dynamic inventory: --list or --host NAME.

    Meant for playbooks/edufleet_inventory.sh and the inventory plugin; a file to keep is made by the command export.
    """
    if listed == (host is not None):
        raise BadInput("ask for one thing", hint="--list, or --host NAME")
    loaded = load(find_inventory(inventory))
    assets = select_assets(loaded, limit)
    if host is None:
        answer = ansible.listing(loaded, assets)
    else:
        chosen = {asset.name: asset for asset in assets}
        if host not in chosen:
            raise BadInput(f"{host!r} is not in the inventory", hint=did_you_mean(host, chosen))
        answer = ansible.host(loaded, chosen[host])
    sys.stdout.buffer.write(answer)
