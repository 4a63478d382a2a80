# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What every command shares: the two consoles, JSON output, and errors without tracebacks."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from inventories.base import Frozen

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output instead of text.")]


def emit(document: Frozen) -> None:
    """Print one model as a JSON document, UTF-8, on standard output."""
    sys.stdout.write(document.model_dump_json(indent=2) + "\n")
