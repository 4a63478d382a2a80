# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory``: what exists; one module per command."""

import typer

from console.cli.lazy import lazy_group

_HERE = "console.cli.inventory"

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    cls=lazy_group(
        {
            "init": f"{_HERE}.init:command",
            "validate": f"{_HERE}.validate:command",
            "explain": f"{_HERE}.rules:command",
            "schema": f"{_HERE}.schema:command",
            "show": f"{_HERE}.show:show",
            "list": f"{_HERE}.show:list_hosts",
            "diff": f"{_HERE}.diff:command",
            "drift": f"{_HERE}.drift:command",
            "quality": f"{_HERE}.quality:command",
            "ansible": f"{_HERE}.ansible:command",
            "export": f"{_HERE}.export:command",
            "graph": f"{_HERE}.graph:command",
            "serve": f"{_HERE}.serve:command",
            "generate": f"{_HERE}.generate:command",
            "import": f"{_HERE}.intake:command",
            "netbox": f"{_HERE}.netbox:app",
        }
    ),
)


@app.callback()
def inventory() -> None:
    """Say what exists: check, show, export and compare the inventory."""
