# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory graph``: pictures of the inventory."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from console.cli.common import JsonFlag, LangOption, emit, err, language, out
from console.cli.inventory.options import InventoryOption
from console.writing import write_changed
from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.graphs.registry import View, Writer, views, writers
from inventories.graphs.scope import Scope
from inventories.loader import find_inventory, load
from inventories.model import ROOT, Inventory


def complete_view(incomplete: str) -> list[tuple[str, str]]:
    """Complete the id of a view, with its title."""
    return [(name, view.title.en) for name, view in views().items() if name.startswith(incomplete)]


def complete_format(incomplete: str) -> list[tuple[str, str]]:
    """Complete the id of a format, with its title."""
    return [(name, writer.title.en) for name, writer in writers().items() if name.startswith(incomplete)]


def command(
    view: Annotated[
        str,
        typer.Argument(
            metavar="VIEW", help="tree, network, dependencies, racks or power.", autocompletion=complete_view
        ),
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="dot, mermaid or svg; else what the name of --out says, else dot.",
            autocompletion=complete_format,
        ),
    ] = None,
    region: Annotated[str, typer.Option(metavar="PATH", help="Draw this region and what lies under it.")] = ROOT,
    depth: Annotated[
        int | None, typer.Option(min=0, help="Levels of regions (tree, network) to draw; else as many as can be read.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the picture there.")] = None,
    inventory: InventoryOption = None,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Draw the inventory: regions, network, services, racks or power.

    For example: edufleet inventory graph racks --region core --out racks.svg
    """
    chosen, writer = _view(view), _writer(form, file)
    with err.status("reading the inventory") as status:
        loaded = load(find_inventory(inventory))
        _check_region(loaded, region)
        status.update("drawing")
        graph = chosen.draw(Scope(loaded, region, depth, language(lang, os.environ)))
        if as_json:
            emit(graph)
            return
        if not graph.nodes:
            raise BadInput(f"there is nothing to draw in {region!r}", hint="see: edufleet inventory show REGION")
        picture = writer.write(graph)
    for note in graph.notes:
        err.print(f"note: {note}", soft_wrap=True, markup=False)
    if file is None:
        sys.stdout.write(picture)
        return
    (written,) = write_changed(file.parent, {file.name: picture.encode()})
    out.print(f"{'written' if written.changed else 'unchanged'}  {file}", soft_wrap=True, markup=False)


def _view(name: str) -> View:
    if name not in views():
        hint = did_you_mean(name, views()) or f"one of {', '.join(views())}"
        raise BadInput(f"{name!r} is no view", hint=hint)
    return views()[name]


def _writer(name: str | None, file: Path | None) -> Writer:
    """Return the format asked for, else that of the file's name, else dot."""
    if name is None:
        suffix = file.suffix if file is not None else ".dot"
        named = next((writer for writer in writers().values() if writer.suffix == suffix), None)
        if named is None:
            raise BadInput(f"{file} does not say the format", hint=f"add --format {'|'.join(writers())}")
        return named
    if name not in writers():
        hint = did_you_mean(name, writers()) or f"one of {', '.join(writers())}"
        raise BadInput(f"{name!r} is no format", hint=hint)
    return writers()[name]


def _check_region(inventory: Inventory, region: str) -> None:
    known = {ROOT, *(one.path for one in inventory.regions)}
    if region not in known:
        hint = did_you_mean(region, known) or "see: edufleet inventory graph tree"
        raise BadInput(f"{region!r} is no region of this inventory", hint=hint)
