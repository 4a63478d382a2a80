# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory export``: gives the inventory to another tool, in the format that tool reads."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from console.cli.common import JsonFlag, counted, emit, err, out
from console.cli.inventory.options import InventoryOption, LimitOption
from console.writing import Written, write_changed
from inventories.base import Frozen, Text
from inventories.emitter import Emitter, Files, emitters
from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.loader import find_inventory, load
from inventories.select import select_assets


class Format(Frozen):
    """One format, as ``inventory export --list --json`` names it."""

    id: str
    title: Text


class Formats(Frozen):
    """What ``inventory export --list --json`` prints."""

    formats: tuple[Format, ...]


class Export(Frozen):
    """What ``inventory export FORMAT --out DIR --json`` prints."""

    format: str
    files: tuple[Written, ...]


def complete_format(incomplete: str) -> list[tuple[str, str]]:
    """Complete the id of a format, with its title."""
    return [(name, one.title.en) for name, one in emitters().items() if name.startswith(incomplete)]


def command(
    name: Annotated[
        str | None, typer.Argument(metavar="FORMAT", help="See --list.", autocompletion=complete_format)
    ] = None,
    inventory: InventoryOption = None,
    limit: LimitOption = None,
    directory: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write the files there, those that changed.")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the formats.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Give the inventory to another tool, in its format.

    A format of a single file goes to standard output unless --out says where.

    For example: edufleet inventory export prometheus --limit qinghe --out /etc/prometheus/edufleet
    """
    if listing:
        _list(as_json)
        return
    if name is None:
        raise BadInput("which format?", hint="see: edufleet inventory export --list")
    if as_json and directory is None:
        raise BadInput("--json reports what was written where", hint="add --out DIR")
    files = _files(_emitter(name), inventory, limit)
    if directory is None:
        _print(name, files)
        return
    written = write_changed(directory, files)
    if as_json:
        emit(Export(format=name, files=written))
        return
    for one in written:
        out.print(
            f"{'written' if one.changed else 'unchanged':9}  {directory / one.path}", soft_wrap=True, markup=False
        )
    changed = sum(one.changed for one in written)
    out.print(f"{counted(len(written), 'file')}, {changed} written")


def _emitter(name: str) -> Emitter:
    if name not in emitters():
        hint = did_you_mean(name, emitters()) or "see: edufleet inventory export --list"
        raise BadInput(f"{name!r} is no format", hint=hint)
    return emitters()[name]


def _files(emitter: Emitter, directory: Path | None, limit: str | None) -> Files:
    with err.status("reading the inventory") as status:
        loaded = load(find_inventory(directory))
        assets = select_assets(loaded, limit)
        status.update(f"writing it as {emitter.id}")
        return emitter.emit(loaded, assets)


def _list(as_json: bool) -> None:
    formats = tuple(Format(id=one.id, title=one.title) for one in emitters().values())
    if as_json:
        emit(Formats(formats=formats))
        return
    table = Table(box=SIMPLE_HEAD)
    for heading in ("format", "what it is", "说明"):
        table.add_column(heading, overflow="fold")
    for one in formats:
        table.add_row(one.id, one.title.en, one.title.zh)
    out.print(table)


def _print(name: str, files: Files) -> None:
    """Send the only file to standard output, bytes as they are."""
    if len(files) != 1:
        raise BadInput(f"{name} is {len(files)} files", hint="say where they go: --out DIR")
    [(file, content)] = files.items()
    if sys.stdout.isatty() and _binary(content):
        raise BadInput(f"{file} is no text for a terminal", hint=f"use --out DIR, or send it to a file: > {file}")
    sys.stdout.buffer.write(content)


def _binary(content: bytes) -> bool:
    try:
        return "\0" in content.decode()
    except UnicodeDecodeError:
        return True
