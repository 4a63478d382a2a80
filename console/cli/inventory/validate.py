# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory validate``: every problem of an inventory, with its place and what to do."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text as Line

from console.cli.common import JsonFlag, counted, emit, out
from console.reports.findings import github, sarif
from inventories.base import Frozen
from inventories.errors import at
from inventories.findings import Finding
from inventories.loader import check, find_inventory
from inventories.model import Device, Host, Service
from inventories.validate import Checked

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
    checked = check(find_inventory(directory))
    if as_json or form is Format.json:
        emit(ValidationReport(findings=checked.findings))
    elif form is Format.text:
        _print(checked)
    else:
        sys.stdout.write(_RENDERERS[form](checked.findings))
    if not checked.sound:
        raise typer.Exit(1)


def _print(checked: Checked) -> None:
    for finding in checked.findings:
        place = at(finding.file, finding.line, finding.column)
        said = f"{finding.message} ({finding.hint}) [{finding.rule}]"
        out.print(
            Line.assemble(f"{place}: ", (finding.severity, _STYLES[finding.severity]), f": {said}"), soft_wrap=True
        )
    if checked.stopped:
        out.print("too much is wrong: reading was given up, the rules were not asked", soft_wrap=True)
    elif checked.unread:
        files = counted(checked.unread, "file")
        out.print(f"{files} could not be read: what may be declared there is not called missing", soft_wrap=True)
    errors = sum(finding.severity == "error" for finding in checked.findings)
    found = f"{counted(errors, 'error')}, {counted(len(checked.findings) - errors, 'warning')}"
    shown = {"regions": "region"} | {kind.section: kind.label for kind in (Host, Device, Service)}
    sizes = ", ".join(counted(checked.sizes[section], what) for section, what in shown.items())
    out.print(f"{found} in {sizes}", soft_wrap=True)
