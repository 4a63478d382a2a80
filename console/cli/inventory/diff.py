# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory diff``: what a change of the inventory means, and how risky it is."""

import os
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, LangOption, counted, emit, language, out
from console.cli.inventory.options import InventoryOption
from inventories.base import Lang
from inventories.diff.changes import Comparison
from inventories.diff.compare import compare
from inventories.diff.revisions import state
from inventories.errors import BadInput
from inventories.loader import find_inventory, load

_STYLES = {"none": "green", "low": "green", "medium": "yellow", "high": "bold red"}


def command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A directory, or a git revision of the inventory.")],
    new: Annotated[
        str | None, typer.Argument(metavar="[NEW]", help="The same; the inventory as it is without it.")
    ] = None,
    inventory: InventoryOption = None,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Compare two states of an inventory by what the changes mean.

    For example: edufleet inventory diff HEAD~1 -i inventory, edufleet inventory diff old/ new/

    Exit code 1 when they differ.
    """
    try:
        directory = find_inventory(inventory)
    except BadInput:
        # Two directories say all that is needed.
        if inventory is not None or new is None:
            raise
        directory = None
    with state(old, directory) as before, state(new or str(directory), directory) as after:
        found = compare(load(before), load(after), (before, after))
    if as_json:
        emit(found)
    else:
        _print(found, language(lang, os.environ))
    if found.changes:
        raise typer.Exit(1)


def _print(found: Comparison, lang: Lang) -> None:
    if not found.changes:
        out.print("nothing changed" if lang == "en" else "没有变化")
        return
    table = Table(box=SIMPLE_HEAD)
    table.add_column("risk" if lang == "en" else "风险", justify="right")
    table.add_column("region" if lang == "en" else "区域", overflow="fold")
    table.add_column("change" if lang == "en" else "变化", overflow="fold")
    for change in found.changes:
        table.add_row(f"{change.risk:g}", change.region, Line(change.say().say(lang)))
    out.print(table)
    if lang == "en":
        said = f"{counted(len(found.changes), 'change')}, risk {found.score:g}: "
    else:
        said = f"{len(found.changes)} 处变化，风险 {found.score:g}："
    out.print(Line.assemble(said, (found.band, _STYLES[found.band])))
