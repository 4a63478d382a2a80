# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The entry point ``edufleet``: assembles the command groups and turns errors into exit codes."""

import gc
import sys
from importlib.metadata import version
from typing import Annotated

import typer
from rich.text import Text as Line

from console.cli.common import err, out
from console.cli.lazy import lazy_group
from inventories.errors import CouldNotFinish, EdufleetError

_SIGINT = 130
"""What typer exits with on Ctrl-C; commands that keep what they have catch it earlier."""

_COLLECT_SELDOM = (50_000, 20, 100)
"""Garbage collection thresholds of a short-lived program that keeps most of what it makes: a tenth of its time."""

app = typer.Typer(
    name="edufleet",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=lazy_group(
        {
            "inspect": "console.cli.inspect:app",
            "inventory": "console.cli.inventory:app",
            "baseline": "console.cli.baseline:app",
            "history": "console.cli.history:app",
            "lab": "console.cli.lab:app",
        }
    ),
)


def _version(asked: bool) -> None:
    if asked:
        out.print(f"edufleet {version('edufleet')}")
        raise typer.Exit


@app.callback()
def root(
    _: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Keep the data centres and networks of an education authority standard, secure and observed."""


def main() -> None:
    """Run the command line; exit 0 fine, 1 findings, 2 usage or bad input, 3 could not finish."""
    gc.freeze()
    gc.set_threshold(*_COLLECT_SELDOM)
    try:
        app()
    except EdufleetError as problem:
        err.print(Line.assemble(("error: ", "bold red"), str(problem)), soft_wrap=True)
        sys.exit(problem.exit_code)
    except SystemExit as done:
        if done.code == _SIGINT:
            err.print("interrupted")
            sys.exit(CouldNotFinish.exit_code)
        raise


if __name__ == "__main__":
    main()
