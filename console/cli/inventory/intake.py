# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory import``: takes changes from a file that another tool or a person has edited."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import Field
from rich.box import SIMPLE_HEAD
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, counted, emit, err, out
from console.cli.inventory.options import InventoryOption
from inventories.base import Frozen
from inventories.editing.edits import Edit, EditErrors, apply, difference, write
from inventories.editing.splice import flow
from inventories.errors import BadInput, at
from inventories.importer import Importer, Problem, Proposal, importers
from inventories.loader import find_inventory, load


class Change(Frozen):
    """One value that is set, or taken away."""

    kind: str = Field(description="Kind of the entry, e.g. host.")
    id: str = Field(description="Id of the entry.")
    path: tuple[str, ...] = Field(description="Field and keys inside it; empty: the whole entry.")
    value: str | None = Field(description="The value as YAML; null: it is taken away.")
    place: str | None = Field(description="Where the source says so, e.g. hosts!C7; null: it says nothing of it.")


class Trouble(Frozen):
    """Something in the source that cannot be taken."""

    place: str = Field(description="Where it is, e.g. hosts!C7.")
    message: str = Field(description="What is wrong.")
    hint: str | None = Field(description="What to do about it.")


class ImportReport(Frozen):
    """What ``inventory import --json`` prints."""

    changes: tuple[Change, ...]
    absent: int = Field(description="How many entries and parts the source has no row for.")
    problems: tuple[Trouble, ...] = Field(description="Why nothing can be written; empty: it can.")
    difference: str = Field(description="The change of the files, as a unified diff.")
    written: bool = Field(description="Whether the files were written.")


def command(
    source: Annotated[Path, typer.Argument(metavar="FILE|DIR", help="A workbook, a CSV file, a directory of them.")],
    inventory: InventoryOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would change; write nothing.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Take out what the source has no row for.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Take changes from a file into the inventory; comments and order of its files stay.

    For example: edufleet inventory export xlsx --out . && edufleet inventory import inventory.xlsx

    Shows what would change and asks before it writes. Exit code 2 when something in the file cannot be taken: nothing
    is written then.
    """
    directory = find_inventory(inventory)
    with err.status("comparing"):
        proposal = _importer(source).propose(source, load(directory))
        edits = [one.edit for one in proposal.edits] + (list(proposal.absent) if prune else [])
        texts, problems = _tried(directory, edits, proposal)
    report = ImportReport(
        changes=_changes(edits, proposal),
        absent=len(proposal.absent),
        problems=tuple(Trouble(place=one.where, message=one.what, hint=one.hint) for one in problems),
        difference=difference(directory, texts),
        written=bool(texts) and not dry_run and (yes or not as_json),
    )
    if as_json:
        if texts and not dry_run and not yes:
            raise BadInput("--json asks nothing", hint="add --yes to write, or --dry-run")
        write(texts if report.written else {})
        emit(report)
        raise typer.Exit(BadInput.exit_code if problems else 0)
    if problems:
        raise BadInput("\n".join(str(one) for one in problems), hint="nothing was written")
    _show(report, prune=prune)
    if report.written and (yes or _confirmed(len(texts))):
        write(texts)
        out.print(f"{counted(len(texts), 'file')} written")
    elif texts:
        out.print("nothing was written")


def _importer(source: Path) -> Importer:
    if not source.exists():
        raise BadInput("is not there", where=str(source))
    for importer in importers().values():
        if importer.takes(source):
            return importer
    known = ", ".join(importer.title.en for importer in importers().values())
    raise BadInput("is in no format that can be imported", where=str(source), hint=f"known: {known}")


def _tried(
    directory: Path, edits: Sequence[Edit], proposal: Proposal
) -> tuple[Mapping[Path, str], tuple[Problem, ...]]:
    """Return the texts that the edits lead to, and every problem; texts only where there is none."""
    try:
        texts = apply(directory, edits)
    except EditErrors as errors:
        return {}, (*proposal.problems, *_traced(errors, proposal))
    except BadInput:
        if not proposal.problems:
            raise
        return {}, proposal.problems  # what is wrong already explains the rest
    return {} if proposal.problems else texts, proposal.problems


def _traced(errors: EditErrors, proposal: Proposal) -> list[Problem]:
    """Return the errors at the cells that made them, where a cell did."""
    places = {(one.edit.kind, one.edit.id, path): where for one in proposal.edits for path, where in one.places.items()}
    problems: list[Problem] = []
    for finding in errors.findings:
        where = at(finding.file, finding.line, finding.column)
        culprit = errors.culprits.get(finding)
        if culprit is not None:
            ways = [culprit.path[:length] for length in range(len(culprit.path), -1, -1)]
            found = [places[culprit.kind, culprit.id, way] for way in ways if (culprit.kind, culprit.id, way) in places]
            where = found[0] if found else where
        problems.append(Problem(where, f"{finding.message} [{finding.rule}]", finding.hint))
    return list(dict.fromkeys(problems))


def _changes(edits: Sequence[Edit], proposal: Proposal) -> tuple[Change, ...]:
    places = {id(one.edit): next(iter(one.places.values()), None) for one in proposal.edits}
    return tuple(
        Change(
            kind=edit.kind.label,
            id=edit.id,
            path=edit.path,
            value=None if edit.value is None else flow(edit.value),
            place=places.get(id(edit)),
        )
        for edit in edits
    )


def _show(report: ImportReport, *, prune: bool) -> None:
    if report.changes:
        table = Table(box=SIMPLE_HEAD, caption=counted(len(report.changes), "change"), caption_justify="left")
        for heading in ("entry", "field", "value", "from"):
            table.add_column(heading, overflow="fold")
        for change in report.changes:
            value = Line("taken away", style="red") if change.value is None else Line(change.value)
            table.add_row(f"{change.kind} {change.id}", ".".join(change.path), value, change.place or "")
        out.print(table)
    if not report.difference:
        out.print("nothing changes")
    elif out.is_terminal:
        out.print(Syntax(report.difference, "diff", background_color="default", word_wrap=True))
    else:
        sys.stdout.write(report.difference)
    if report.absent and not prune:
        out.print(f"left alone for want of a row: {report.absent}; --prune takes them out", soft_wrap=True)


def _confirmed(files: int) -> bool:
    if not sys.stdin.isatty():
        raise BadInput("there is no terminal to ask on", hint="add --yes to write, or --dry-run")
    return typer.confirm(f"Write {counted(files, 'file')}?")
