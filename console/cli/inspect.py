# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inspect``: one pass over the fleet, and the report of it."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text as Line

from console import local
from console.cli.common import JsonFlag, LangOption, err, language, out
from console.cli.inventory.options import InventoryOption, LimitOption
from console.cli.progress import Display
from console.inspection import Gather, Order, inspect
from console.reports import html, json, terminal
from console.reports.model import Inspection
from fleet.capture import Capture
from fleet.links import CONCURRENCY
from fleet.local import ask_local
from fleet.session import Ask
from fleet.settings import settings
from inventories.base import Lang
from inventories.errors import BadInput
from inventories.loader import find_inventory, load
from inventories.model import Host
from inventories.select import select
from security import profile as profiles

EPILOG = """\b
Examples:
  edufleet inspect --local               this machine, without inventory
  edufleet inspect -i inventories/lab    every host of an inventory
  edufleet inspect -l 'qinghe,!qh-db1'   one province, but for one host
  edufleet inspect -l web --lang zh      a group; the report in Chinese
  edufleet inspect --json | jq .summary  for other programs
  edufleet inspect --accept-new          learn keys of hosts never seen
\b
Exit status:
  0  every host was inspected to the end, nothing was found
  1  every host was inspected to the end, there are findings
  2  wrong usage or bad input
  3  some hosts were not inspected to the end; the report names them"""


app = typer.Typer(rich_markup_mode="rich", add_completion=False)


@app.command(epilog=EPILOG)
def command(
    inventory: InventoryOption = None,
    limit: LimitOption = None,
    profile: Annotated[
        str,
        typer.Option(help="Security baseline to hold hosts against.", autocompletion=lambda: list(profiles.names())),
    ] = profiles.DEFAULT,
    out_dir: Annotated[
        Path, typer.Option("--out", "-o", help="Where inspection.json and report.html go.", file_okay=False)
    ] = Path("out"),
    this_machine: Annotated[bool, typer.Option("--local", help="Inspect this machine itself, without SSH.")] = False,
    accept_new: Annotated[
        bool, typer.Option("--accept-new", help="Learn host keys seen for the first time; changed ones stay refused.")
    ] = False,
    concurrency: Annotated[int, typer.Option(min=1, max=1000, help="Hosts asked at once.")] = CONCURRENCY,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Inspect the fleet: what is there, is it healthy, is it secure, how much room is left."""
    tongue = language(lang, os.environ)
    order = _order(inventory, limit, profile, this_machine=this_machine)
    learned: list[tuple[str, str]] = []
    with Display(err, len(order.hosts), tongue) as display:
        how = _local(display) if this_machine else _over_ssh(display, concurrency, learned, accept_new=accept_new)
        document = asyncio.run(_run(order, how))
    report = _write(document, out_dir, tongue)
    for host, fingerprint in learned:
        err.print(Line(f"learned the key of {host}: {fingerprint}"), soft_wrap=True)
    if as_json:
        sys.stdout.write(json.render(document))
    else:
        out.print(terminal.render(document, tongue))
        out.print(Line(str(report)), soft_wrap=True)
    sys.exit(exit_code(document))


def exit_code(document: Inspection) -> int:
    """Return 3 when a host was not inspected to the end, else 1 when there are findings, else 0."""
    summary = document.summary
    if summary.hosts.unreachable or summary.hosts.partial or summary.hosts.interrupted:
        return 3
    findings = summary.baseline.fail or summary.health.warning or summary.health.critical
    return 1 if findings else 0


def _order(inventory: Path | None, limit: str | None, profile: str, *, this_machine: bool) -> Order:
    if this_machine and (inventory is not None or limit is not None):
        raise BadInput("--local inspects this machine alone", hint="leave out --inventory and --limit")
    known = local.inventory() if this_machine else load(find_inventory(inventory))
    hosts = select(known, limit)
    if not hosts:
        raise BadInput("no host to inspect", where=limit, hint="edufleet inventory list shows what there is")
    return Order(known, hosts, limit or "", profiles.load(profile))


def _local(display: Display) -> Gather:
    async def gather(hosts: Sequence[Host], ask: Ask) -> tuple[Capture, ...]:
        display.begun(hosts[0].name)
        done = await ask_local(hosts[0].name, ask)
        display.ended(done)
        return (done,)

    return gather


def _over_ssh(display: Display, concurrency: int, learned: list[tuple[str, str]], *, accept_new: bool) -> Gather:
    # A tenth of a second of imports that --local and --help need not pay.
    from fleet.gather import gather  # noqa: PLC0415
    from fleet.ssh.trust import HostKeys  # noqa: PLC0415

    keys = HostKeys(accept_new=accept_new, learned=learned)
    return lambda hosts, ask: gather(hosts, ask, keys=keys, watcher=display, concurrency=concurrency)


async def _run(order: Order, how: Gather) -> Inspection:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - inside a coroutine there is one
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)  # like Ctrl-C: keep what was gathered
    return await inspect(order, how, settings())


def _write(document: Inspection, directory: Path, lang: Lang) -> Path:
    report = directory / "report.html"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "inspection.json").write_text(json.render(document), encoding="utf-8")
        report.write_text(html.render(document, lang), encoding="utf-8")
    except OSError as problem:
        raise BadInput(f"the report cannot be written: {problem}", where=str(directory), hint="choose --out") from None
    return report
