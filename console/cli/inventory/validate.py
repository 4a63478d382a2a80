# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory validate``: every problem of an inventory, with its place and what to do."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text as Line

from console.cli.common import JsonFlag, counted, emit, out
from inventories.base import Frozen
from inventories.errors import at
from inventories.findings import Finding
from inventories.loader import find_inventory, read
from inventories.model import Device, Host, Service
from inventories.validate import validate

_STYLES = {"error": "bold red", "warning": "yellow"}


class ValidationReport(Frozen):
    """What ``inventory validate --json`` prints."""

    findings: tuple[Finding, ...]


def command(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Inventory directory; found as by --inventory without it.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check an inventory and print every finding.

    Exit code 1 when there is an error; warnings alone give 0.
    """
    book = read(find_inventory(directory))
    findings = validate(book)
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
        found = f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}"
        shown = (
            (book.regions, "region"),
            (book.of(Host), "host"),
            (book.of(Device), "device"),
            (book.of(Service), "service"),
        )
        out.print(f"{found} in {', '.join(counted(len(records), what) for records, what in shown)}", soft_wrap=True)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)
