# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The options by which commands choose an inventory and hosts in it."""

from pathlib import Path
from typing import Annotated

import typer

from inventories.errors import EdufleetError
from inventories.loader import find_inventory
from inventories.select import vocabulary_of


def complete_limit(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the last term of a ``--limit`` pattern with the hosts, groups, regions and sites of the inventory."""
    given = ctx.params.get("inventory")
    try:
        known = vocabulary_of(find_inventory(Path(given) if given else None))
    except EdufleetError:
        return []
    before, comma, last = incomplete.rpartition(",")
    sign = last[:1] if last.startswith(("!", "&")) else ""
    return [f"{before}{comma}{sign}{term}" for term in known if term.startswith(last.removeprefix(sign))]


InventoryOption = Annotated[
    Path | None,
    typer.Option("--inventory", "-i", help="Inventory directory; else $EDUFLEET_INVENTORY, else ./inventory."),
]
LimitOption = Annotated[
    str | None,
    typer.Option(
        "--limit",
        "-l",
        metavar="PATTERN",
        help="Hosts, groups, region paths, sites or globs: 'qinghe,!qh-db1', 'web,&haibin'.",
        autocompletion=complete_limit,
    ),
]
