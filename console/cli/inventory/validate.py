# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory validate``: every problem of an inventory, with its place and what to do."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text as Line

from console.cli.common import JsonFlag, counted, emit, out
from console.reports.findings import github, sarif
from inventories.base import Frozen
from inventories.book import Book
from inventories.errors import at
from inventories.findings import Finding
from inventories.loader import find_inventory, read
from inventories.model import Device, Host, Service
from inventories.validate import validate

_STYLES = {"error": "bold red", "warning": "yellow"}


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


_RENDERERS = {Format.sarif: sarif.render, Format.github: github.render}


class ValidationReport(Frozen):
    """What ``inventory validate --json`` prints."""

    findings: tuple[Finding, ...]


def command(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Inventory directory; found as by --inventory without it.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="text, json, sarif, or github annotations.")] = Format.text,
    as_json: JsonFlag = False,
) -> None:
    """Check an inventory and print every finding.

    Exit code 1 when there is an error; warnings alone give 0.
    """
    book = read(find_inventory(directory))
    findings = validate(book)
    if as_json or form is Format.json:
        emit(ValidationReport(findings=findings))
    elif form is Format.text:
        _print(book, findings)
    else:
        sys.stdout.write(_RENDERERS[form](findings))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


def _print(book: Book, findings: Sequence[Finding]) -> None:
    for finding in findings:
        place = at(finding.file, finding.line, finding.column)
        said = f"{finding.message} ({finding.hint}) [{finding.rule}]"
        out.print(
            Line.assemble(f"{place}: ", (finding.severity, _STYLES[finding.severity]), f": {said}"), soft_wrap=True
        )
    if book.stopped:
        out.print("too much is wrong: reading was given up, the rules were not asked", soft_wrap=True)
    elif book.unread:
        files = counted(len(book.unread), "file")
        out.print(f"{files} could not be read: what may be declared there is not called missing", soft_wrap=True)
    errors = sum(finding.severity == "error" for finding in findings)
    found = f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}"
    sizes = ((len(book.regions), "region"), *((len(book.of(kind)), kind.label) for kind in (Host, Device, Service)))
    out.print(f"{found} in {', '.join(counted(number, what) for number, what in sizes)}", soft_wrap=True)
