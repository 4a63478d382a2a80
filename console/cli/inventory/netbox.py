# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory netbox``: give the inventory to a NetBox, and take over what was changed there."""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, counted, emit, err, out
from console.cli.inventory.options import InventoryOption
from inventories.base import Frozen
from inventories.editing.edits import Edit, EditErrors, apply, difference, write
from inventories.errors import BadInput
from inventories.loader import find_inventory, load
from inventories.model import Inventory
from inventories.netbox import push as pushing
from inventories.netbox.client import NetBox
from inventories.netbox.items import items
from inventories.netbox.objects import KINDS, Ref
from inventories.netbox.plan import Action, Operation, Plan, plan, plan_with_pruning
from inventories.netbox.pull import pull as proposals
from inventories.netbox.snapshot import Snapshot
from inventories.netbox.token import token

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Give the inventory to a NetBox, and take over what was changed there.",
)

UrlOption = Annotated[
    str,
    typer.Option("--url", envvar="EDUFLEET_NETBOX_URL", help="Address of NetBox as a browser has it, without /api."),
]
SecretOption = Annotated[
    str, typer.Option("--token-secret", metavar="NAME", help="Secret of the inventory that refers to the API token.")
]
DryFlag = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be done; exit code 1 when there is anything.")
]
YesFlag = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]


class FieldChange(Frozen):
    """One field of an object; None: it is not set."""

    field: str
    before: Any
    after: Any


class ObjectChange(Frozen):
    """One object to create, update or delete."""

    action: Action
    object: str
    changes: tuple[FieldChange, ...]


class PushReport(Frozen):
    """What ``netbox push --json`` prints; ``kept`` could be deleted but for what hangs on them."""

    url: str
    netbox: str
    operations: tuple[ObjectChange, ...]
    kept: tuple[str, ...]
    done: bool


class ProposedEdit(Frozen):
    """One change of the inventory; None takes the entry's own value away."""

    kind: str
    id: str
    region: str
    path: tuple[str, ...]
    value: Any


class PullReport(Frozen):
    """What ``netbox pull --json`` prints; ``left`` differs and cannot be taken over."""

    url: str
    netbox: str
    edits: tuple[ProposedEdit, ...]
    left: tuple[str, ...]
    diff: str
    done: bool


@app.command()
def push(
    url: UrlOption,
    inventory: InventoryOption = None,
    token_secret: SecretOption = "netbox",  # noqa: S107 - the name of a secret
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete what edufleet made there and the inventory no longer has.")
    ] = False,
    dry_run: DryFlag = False,
    yes: YesFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Make a NetBox say what the inventory says.

    Objects are found again by their names; what edufleet makes has the tag edufleet, and nothing else is ever deleted.

    For example: edufleet inventory netbox push --url https://netbox.edu.example --dry-run
    """
    loaded = load(find_inventory(inventory))
    wanted = items(loaded, loaded.assets)
    netbox, version, present = _read(url, loaded, token_secret)
    todo = (plan_with_pruning if prune else plan)(wanted, present)
    if not as_json:
        _print_plan(todo)
    done = bool(todo.operations) and not dry_run and _agreed(yes, as_json, counted(len(todo.operations), "operation"))
    if done:
        with _progress("pushing", len(todo.operations)) as advance:
            pushing.push(netbox, todo, present, advance)
    if as_json:
        shown = tuple(_shown(operation) for operation in todo.operations)
        kept = tuple(ref.label for ref in todo.kept)
        emit(PushReport(url=netbox.url, netbox=version, operations=shown, kept=kept, done=done))
    elif done:
        out.print(f"done: {counted(len(todo.operations), 'operation')}")
    if todo.operations and not done:
        raise typer.Exit(1)


@app.command()
def pull(
    url: UrlOption,
    inventory: InventoryOption = None,
    token_secret: SecretOption = "netbox",  # noqa: S107 - the name of a secret
    dry_run: DryFlag = False,
    yes: YesFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Take over into the inventory what was changed in a NetBox; comments and order of the files stay.

    Exit code 1 when something differs that was not taken over.

    For example: edufleet inventory netbox pull --url https://netbox.edu.example --dry-run
    """
    directory = find_inventory(inventory)
    loaded = load(directory)
    netbox, version, present = _read(url, loaded, token_secret)
    found = proposals(loaded, items(loaded, loaded.assets), present)
    edits, texts, refused = _applicable(directory, found.edits)
    left = (*found.left, *refused)
    diff = difference(directory, texts)
    if not as_json:
        out.print(diff, end="", markup=False, soft_wrap=True)
        for one in left:
            out.print(Line(f"left as it is: {one}"), soft_wrap=True)
        if not edits:
            out.print("nothing to take over")
    done = bool(edits) and not dry_run and _agreed(yes, as_json, counted(len(edits), "edit"))
    if done:
        write(texts)
    if as_json:
        emit(PullReport(url=netbox.url, netbox=version, edits=edits, left=left, diff=diff, done=done))
    elif done:
        out.print(f"done: {counted(len(edits), 'edit')} in {counted(len(texts), 'file')}")
    if left or (edits and not done):
        raise typer.Exit(1)


def _read(url: str, inventory: Inventory, secret: str) -> tuple[NetBox, str, Snapshot]:
    netbox = NetBox(url, token(inventory, secret, os.environ))
    version = netbox.version()
    with _progress("reading", len(KINDS)) as advance:
        return netbox, version, pushing.snapshot(netbox, advance)


@contextmanager
def _progress(what: str, total: int) -> Iterator[pushing.Progress]:
    """Show how far it is, on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)


def _agreed(yes: bool, as_json: bool, what: str) -> bool:
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        raise BadInput(f"there is nobody to ask about {what}", hint="give --yes to do it, --dry-run to look")
    return typer.confirm(f"{what}: go on?", err=True)


def _applicable(
    directory: Path, edits: Sequence[Edit]
) -> tuple[tuple[ProposedEdit, ...], Mapping[Path, str], tuple[str, ...]]:
    """Return the edits that leave the inventory valid, the new texts, and why the others do not."""
    refused: list[str] = []
    while True:
        try:
            texts = apply(directory, edits)
        except EditErrors as problem:
            if not problem.culprits:
                raise
            refused += (
                f"{edit.title}: {finding.message.removeprefix(f'{edit.title} ')}"
                for finding, edit in problem.culprits.items()
            )
            edits = [edit for edit in edits if not any(_wrote(edit, culprit) for culprit in problem.culprits.values())]
        else:
            shown = (
                ProposedEdit(kind=edit.kind.label, id=edit.id, region=edit.region, path=edit.path, value=edit.value)
                for edit in edits
            )
            return tuple(shown), texts, tuple(refused)


def _wrote(edit: Edit, culprit: Edit) -> bool:
    """Tell whether ``culprit`` is an edit or a part of it."""
    return (edit.kind, edit.id, edit.path) == (culprit.kind, culprit.id, culprit.path[: len(edit.path)])


def _print_plan(todo: Plan) -> None:
    if not todo.operations:
        out.print("NetBox says what the inventory says: 0 changes")
    counts = Counter((operation.ref.kind, operation.action) for operation in todo.operations)
    table = Table(box=SIMPLE_HEAD)
    table.add_column("kind")
    for action in ("create", "update", "delete"):
        table.add_column(action, justify="right")
    for kind in dict.fromkeys(kind for kind, _ in counts):
        table.add_row(kind, *(str(counts[kind, action] or "") for action in ("create", "update", "delete")))
    if counts:
        out.print(table)
    for operation in todo.operations:
        if operation.action == "update" and operation.number is not None:
            for change in operation.changes:
                said = f"{operation.ref.label}: {change.field}: {_value(change.before)!r} -> {_value(change.after)!r}"
                out.print(Line(said), soft_wrap=True)
        elif operation.action == "delete":
            out.print(Line(f"delete {operation.ref.label}"), soft_wrap=True)
    for ref in todo.kept:
        out.print(Line(f"kept, for something that edufleet did not make hangs on it: {ref.label}"), soft_wrap=True)


def _shown(operation: Operation) -> ObjectChange:
    changes = (
        FieldChange(field=change.field, before=_value(change.before), after=_value(change.after))
        for change in operation.changes
    )
    return ObjectChange(action=operation.action, object=operation.ref.label, changes=tuple(changes))


def _value(value: Any) -> Any:  # noqa: ANN401 - a value of any field
    if isinstance(value, Ref):
        return value.label
    return [_value(one) for one in value] if isinstance(value, tuple) else value
