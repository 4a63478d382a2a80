# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet baseline``: which rules there are, what they check and why; and how findings are mended."""

import typer

from console.cli.baseline import enforce, explain, list_rules

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="The security baseline: its rules and clauses.",
)
app.command("list")(list_rules.command)
app.command("explain")(explain.command)
app.command("enforce", epilog=enforce.EPILOG)(enforce.command)
