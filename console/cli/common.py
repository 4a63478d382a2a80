# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What every command shares: the two consoles, JSON output, and errors without tracebacks."""

import sys
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console

from inventories.base import Frozen, Lang
from inventories.errors import BadInput

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output instead of text.")]
LangOption = Annotated[str | None, typer.Option(help="en or zh; else what the locale says.")]


def language(option: str | None, environ: Mapping[str, str]) -> Lang:
    """Return the language asked for, else that of the locale, else English."""
    match option:
        case None:
            locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
            return "zh" if locale.startswith("zh") else "en"
        case "en" | "zh":
            return option
    raise BadInput(f"no such language: {option}", hint="--lang en or --lang zh")


def emit(document: Frozen) -> None:
    """Print one model as a JSON document, UTF-8, on standard output."""
    sys.stdout.write(document.model_dump_json(indent=2) + "\n")


def counted(number: int, what: str) -> str:
    """Return a number with what it counts.

    >>> counted(1, "host"), counted(2, "host")
    ('1 host', '2 hosts')
    """
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
