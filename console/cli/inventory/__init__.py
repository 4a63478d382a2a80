# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory``: what exists; one module per command."""

import typer

from console.cli.inventory import show, validate

app = typer.Typer(no_args_is_help=True, help="What exists: check, show, export and compare the inventory.")
app.command("validate")(validate.command)
app.command("show")(show.show)
app.command("list")(show.list_hosts)
