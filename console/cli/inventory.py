# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory``: check, show and list what the authority has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, SerializeAsAny
from rich.box import SIMPLE, SIMPLE_HEAD
from rich.table import Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, emit, out
from inventories.base import Frozen, Text
from inventories.errors import BadInput, EdufleetError, at
from inventories.findings import Finding, did_you_mean
from inventories.loader import find_inventory, load, read
from inventories.model import Entry, Host, Inventory, Room
from inventories.select import select, vocabulary
from inventories.validate import validate as findings_of

app = typer.Typer(no_args_is_help=True, help="What exists: check, show and list the inventory.")

_STYLES = {"error": "bold red", "warning": "yellow"}


def complete_limit(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the last term of a ``--limit`` pattern with the hosts, groups, regions and sites of the inventory."""
    given = ctx.params.get("inventory")
    try:
        known = vocabulary(load(find_inventory(Path(given) if given else None)))
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


class ValidationReport(Frozen):
    """What ``inventory validate --json`` prints."""

    findings: tuple[Finding, ...]


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


@app.command()
def validate(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Inventory directory; found as by --inventory without it.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check an inventory and print every finding.

    Exit code 1 when there is an error; warnings alone give 0.
    """
    book = read(find_inventory(directory))
    findings = findings_of(book)
    if as_json:
        emit(ValidationReport(findings=findings))
    else:
        for finding in findings:
            place = at(finding.file, finding.line, finding.column)
            said = f"{finding.message} ({finding.hint}) [{finding.rule}]"
            line = Line.assemble(f"{place}: ", (finding.severity, _STYLES[finding.severity]), f": {said}")
            out.print(line, soft_wrap=True)
        if not book.complete:
            out.print("not everything could be read: the rules were not checked", soft_wrap=True)
        errors = sum(finding.severity == "error" for finding in findings)
        found = f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}"
        checked = ((book.regions, "region"), (book.hosts, "host"), (book.devices, "device"), (book.services, "service"))
        out.print(f"{found} in {', '.join(_count(len(records), what) for records, what in checked)}", soft_wrap=True)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


@app.command()
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


@app.command(name="list")
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
    known: list[tuple[str, str, Entry]] = [
        *(("region", region.path, region) for region in inventory.regions),
        *(("site", site.id, site) for site in inventory.sites),
        *(("host", host.name, host) for host in inventory.hosts),
        *(("device", device.name, device) for device in inventory.devices),
        *(("service", service.id, service) for service in inventory.services),
        *(("contact", contact.id, contact) for contact in inventory.contacts),
    ]
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
    elif isinstance(value, tuple) and any(isinstance(item, Room) for item in value):
        for room in value:
            yield from _rows(f"{key}.{room.id}", room)
    elif isinstance(value, tuple) and value:
        yield key, ", ".join(str(item) for item in value)
    elif value is not None and value != ():
        yield key, str(value)


def _host_table(hosts: tuple[Host, ...]) -> Table:
    table = Table(caption=_count(len(hosts), "host"), caption_justify="left", box=SIMPLE_HEAD)
    for heading in ("host", "address", "region", "link", "groups"):
        table.add_column(heading, overflow="fold")
    for host in hosts:
        table.add_row(host.name, str(host.address), host.region, host.link, ", ".join(host.groups))
    return table


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
