# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet lab``: the practice fleet, real Linux hosts on this machine."""

import subprocess
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from console.cli.common import JsonFlag, emit, err, out
from lab import faults, lifecycle
from lab.model import Lab, LabStatus
from lab.roster import DEFAULT, read_roster

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="""A practice fleet on this machine: real sshd, real systemd, no way out. Needs root.

    \b
    edufleet lab up                            hosts in three provinces
    edufleet lab up --hosts 200                as many, with plain ones added
    edufleet lab fault qh-web2 slow-shell      break one; `clear` mends it
    edufleet lab run qh-web2 -- touch /etc/x   become root in one
    edufleet lab down                          leave the machine as it was
    """,
)
LAB = Lab()
CLEAR = "clear"


class _Screen(Progress):
    """Shows progress: a bar on a terminal, else a line per step."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        super().__init__(*columns, console=err, transient=True, disable=not err.is_terminal)
        self._task = self.add_task("looking around", total=None)

    def step(self, text: str) -> None:
        """Say what begins now."""
        self.update(self._task, description=text)
        if not err.is_terminal:
            err.print(text, markup=False, soft_wrap=True)

    def hosts(self, done: int, total: int, name: str) -> None:
        """Say that ``done`` of ``total`` hosts are up."""
        self.update(self._task, completed=done, total=total, description=f"{name} is up")


@app.command()
def up(
    hosts: Annotated[
        int | None, typer.Option(min=1, help="Add sshd-only hosts until there are this many.", show_default=False)
    ] = None,
    inventory: Annotated[
        Path, typer.Option(help="Inventory whose hosts to make.", show_default="the one that comes with edufleet")
    ] = DEFAULT,
) -> None:
    """Bring the lab up; nothing to do when it is. Cleans up whatever an interrupted attempt left."""
    roster = read_roster(LAB, inventory, hosts)
    with _Screen() as screen:
        fresh = lifecycle.up(LAB, roster, screen)
    out.print(f"{len(roster.hosts)} hosts are up{'' if fresh else ' already'} on {LAB.network}")
    out.print(f"  edufleet inspect --inventory {LAB.inventory}", soft_wrap=True)
    out.print(f"  ssh -F {LAB.ssh_config} {roster.hosts[0].name}", soft_wrap=True)


@app.command()
def down(
    purge: Annotated[bool, typer.Option("--purge", help="Also remove the cached root file system.")] = False,
) -> None:
    """Take the lab away and leave the machine's network as it was."""
    if purge:
        lifecycle.purge(LAB)
    else:
        lifecycle.down(LAB)
    out.print("the lab is down")


@app.command()
def status(as_json: JsonFlag = False) -> None:
    """Show each host as it is now; exit 1 unless every one runs, answers, and has no fault."""
    found = lifecycle.status(LAB)
    if as_json:
        emit(found)
    else:
        _draw(found)
    if not found.up or any(host.fault or not host.answers for host in found.hosts):
        raise typer.Exit(1)


@app.command()
def fault(
    host: Annotated[str, typer.Argument(help="Host of the lab.")],
    fault: Annotated[str, typer.Argument(help=f"{', '.join(faults.known())}; or `{CLEAR}` to undo it.")],
) -> None:
    """Break a host, or mend it again."""
    if fault != CLEAR:
        faults.apply(LAB, host, fault)
        out.print(f"{host}: {fault}")
    elif undone := faults.clear(LAB, host):
        out.print(f"{host}: {undone} is over")
    else:
        out.print(f"{host} has no fault")


@app.command()
def run(
    host: Annotated[str, typer.Argument(help="Host of the lab.")],
    command: Annotated[list[str], typer.Argument(help="Command and arguments, after --.")],
) -> None:
    """Run a command as root inside a host, without SSH; its exit status is handed on."""
    raise typer.Exit(subprocess.run([*lifecycle.enter(LAB, host), *command], check=False).returncode)


def _draw(found: LabStatus) -> None:
    if not found.hosts:
        out.print("the lab is down")
        return
    table = Table("host", "address", "boots", "state", "fault", box=None, pad_edge=False)
    for host in found.hosts:
        state = "stopped" if not host.running else "up" if host.answers else "silent"
        table.add_row(host.name, str(host.address), host.boot, state, host.fault or "")
    out.print(table)
    if not found.up:
        out.print("the lab is not complete; `edufleet lab up` makes it anew")
