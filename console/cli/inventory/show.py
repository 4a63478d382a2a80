# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory show`` and ``list``: one entry, or the hosts that a pattern chooses."""

from collections.abc import Iterator
from typing import Annotated

import typer
from pydantic import BaseModel, SerializeAsAny
from rich.box import SIMPLE, SIMPLE_HEAD
from rich.table import Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, counted, emit, out
from console.cli.inventory.options import InventoryOption, LimitOption
from inventories.base import Frozen, Text
from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.loader import find_inventory, load
from inventories.model import KINDS, Asset, Entry, Host, Inventory, Part
from inventories.select import select


class Shown(Frozen):
    """One entry that answers to the name asked for."""

    kind: str
    entry: SerializeAsAny[Entry]


class ShownEntries(Frozen):
    """What ``inventory show --json`` prints: usually one entry; a site and a service may share a name."""

    entries: tuple[Shown, ...]


class HostList(Frozen):
    """What ``inventory list --json`` prints."""

    hosts: tuple[Host, ...]


def show(
    name: Annotated[str, typer.Argument(metavar="NAME|REGION", help="A host, device, service, site or region.")],
    inventory: InventoryOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show one entry with everything it inherits.

    For example: edufleet inventory show qh-web1, edufleet inventory show qinghe/lushan
    """
    loaded = load(find_inventory(inventory))
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
            yield from _rows(f"{key}.{part.id}", part)
    elif isinstance(value, tuple) and value:
        yield key, ", ".join(str(item) for item in value)
    elif value is not None and value != ():
        yield key, str(value)


def _host_table(hosts: tuple[Host, ...]) -> Table:
    table = Table(caption=counted(len(hosts), "host"), caption_justify="left", box=SIMPLE_HEAD)
    for heading in ("host", "address", "region", "link", "groups"):
        table.add_column(heading, overflow="fold")
    for host in hosts:
        table.add_row(host.name, str(host.address), host.region, host.link, ", ".join(host.groups))
    return table
