# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory show`` and ``list``: one entry, or the hosts that a pattern chooses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, SerializeAsAny
from rich.box import SIMPLE, SIMPLE_HEAD
from rich.table import Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, counted, emit, out
from console.cli.inventory.options import InventoryOption, LimitOption
from inventories.base import Frozen, Text
from inventories.errors import BadInput, at
from inventories.explain import Explained, explain
from inventories.findings import did_you_mean
from inventories.loader import find_inventory, load, read
from inventories.model import KINDS, Asset, Entry, Host, Inventory, Part
from inventories.select import select


class Shown(Frozen):
    """One entry that answers to the name asked for."""

    kind: str
    entry: SerializeAsAny[Entry]


class ShownEntries(Frozen):
    """What ``inventory show --json`` prints: usually one entry; a site and a service may share a name."""

    entries: tuple[Shown, ...]


class ExplainedEntry(Frozen):
    """One entry with the origin of each of its values."""

    kind: str
    id: str
    values: tuple[Explained, ...]


class ExplainedEntries(Frozen):
    """What ``inventory show --explain --json`` prints."""

    entries: tuple[ExplainedEntry, ...]


class HostList(Frozen):
    """What ``inventory list --json`` prints."""

    hosts: tuple[Host, ...]


def show(
    name: Annotated[str, typer.Argument(metavar="NAME|REGION", help="A host, device, service, site or region.")],
    inventory: InventoryOption = None,
    origins: Annotated[
        bool, typer.Option("--explain", help="Say for each value in which file and line it was written.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show one entry with everything it inherits.

    For example: edufleet inventory show qh-web1, edufleet inventory show qinghe/lushan
    """
    directory = find_inventory(inventory)
    if origins:
        explained = _explained(directory, name)
        if as_json:
            emit(ExplainedEntries(entries=explained))
        else:
            for entry in explained:
                out.print(_origin_table(entry, directory))
        return
    loaded = load(directory)
    shown = _named(loaded, name)
    if as_json:
        emit(ShownEntries(entries=shown))
        return
    for one in shown:
        out.print(_entry_table(one))
        if one.kind == "region":
            out.print(_host_table(loaded.hosts_in(name)))


def list_hosts(inventory: InventoryOption = None, limit: LimitOption = None, as_json: JsonFlag = False) -> None:
    """List the hosts that a pattern chooses.

    For example: edufleet inventory list --limit 'qinghe,!qh-db1'
    """
    hosts = select(load(find_inventory(inventory)), limit)
    if as_json:
        emit(HostList(hosts=hosts))
    else:
        out.print(_host_table(hosts))


def _named(inventory: Inventory, name: str) -> tuple[Shown, ...]:
    known: list[tuple[str, str, Entry]] = [("region", region.path, region) for region in inventory.regions]
    for kind in KINDS:
        entries: tuple[Entry, ...] = getattr(inventory, kind.section)
        known += [(kind.label, getattr(entry, "name" if issubclass(kind, Asset) else "id"), entry) for entry in entries]
    shown = tuple(Shown(kind=kind, entry=entry) for kind, key, entry in known if key == name)
    if not shown:
        raise BadInput(f"{name!r} is not in the inventory", hint=did_you_mean(name, {key for _, key, _ in known}))
    return shown


def _explained(directory: Path, name: str) -> tuple[ExplainedEntry, ...]:
    """Return the entries called ``name``, valid or not: what is wrong is to be found as well."""
    book = read(directory)
    found = tuple(ExplainedEntry(kind=r.kind, id=r.id, values=explain(r)) for r in book.records() if r.id == name)
    if not found:
        hint = did_you_mean(name, {record.id for record in book.records()})
        raise BadInput(f"{name!r} is not in the inventory", hint=hint)
    return found


def _origin_table(entry: ExplainedEntry, directory: Path) -> Table:
    table = Table(title=f"{entry.kind} {entry.id}", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("value", overflow="fold")
    table.add_column("", overflow="fold")
    table.add_column("written in", no_wrap=True)
    for value in entry.values:
        if value.file is not None:
            file = Path(value.file)
            short = file.relative_to(directory) if file.is_relative_to(directory) else file
            where = Line(at(str(short), value.line, value.column))
        elif value.value in (None, [], {}):
            continue
        else:
            where = Line("follows from its place" if value.origin == "derived" else "nowhere: the default", style="dim")
        table.add_row(value.path, Line(_said(value.value)), where)
    return table


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _entry_table(shown: Shown) -> Table:
    table = Table(title=shown.kind, title_justify="left", show_header=False, box=SIMPLE)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in _rows("", shown.entry):
        table.add_row(key, Line(value))
    return table


def _rows(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each value that is set with its dotted key; both languages of a text share a row."""
    if isinstance(value, Text):
        yield key, f"{value.en} {value.zh}"
    elif isinstance(value, BaseModel):
        for name, inner in value:
            yield from _rows(f"{key}.{name}".lstrip("."), inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _rows(f"{key}.{name}", inner)
    elif isinstance(value, tuple) and value and isinstance(value[0], Part):
        for part in value:
            yield from _part_rows(f"{key}.{part.id}", part)
    elif isinstance(value, tuple) and value:
        yield key, ", ".join(str(item) for item in value)
    elif value is not None and value != ():
        yield key, f"{value:g}" if isinstance(value, float) else str(value)


def _part_rows(key: str, part: Part) -> Iterator[tuple[str, str]]:
    """Yield the rows of a part; its own parts, such as the racks of a room, have one row each."""
    for name, value in part:
        if isinstance(value, tuple) and value and isinstance(value[0], Part):
            for inner in value:
                said = (f"{field.lstrip('.')} {text}" for field, text in _part_rows("", inner))
                yield f"{key}.{name}.{inner.id}", ", ".join(said)
        elif name != "id":
            yield from _rows(f"{key}.{name}", value)


def _host_table(hosts: tuple[Host, ...]) -> Table:
    table = Table(caption=counted(len(hosts), "host"), caption_justify="left", box=SIMPLE_HEAD)
    for heading in ("host", "address", "region", "link", "groups"):
        table.add_column(heading, overflow="fold")
    for host in hosts:
        table.add_row(host.name, str(host.address), host.region, host.link, ", ".join(host.groups))
    return table
