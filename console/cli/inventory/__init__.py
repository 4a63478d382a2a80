# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory``: what exists; one module per command."""

import typer

from console.cli.inventory import (
    ansible,
    diff,
    drift,
    export,
    generate,
    graph,
    init,
    intake,
    netbox,
    quality,
    rules,
    schema,
    serve,
    show,
    validate,
)

app = typer.Typer(no_args_is_help=True, help="What exists: check, show, export and compare the inventory.")
app.command("init")(init.command)
app.command("validate")(validate.command)
app.command("explain")(rules.command)
app.command("schema")(schema.command)
app.command("show")(show.show)
app.command("list")(show.list_hosts)
app.command("diff")(diff.command)
app.command("drift")(drift.command)
app.command("quality")(quality.command)
app.command("ansible")(ansible.command)
app.command("export")(export.command)
app.command("graph")(graph.command)
app.command("serve")(serve.command)
app.command("generate")(generate.command)
app.command("import")(intake.command)
app.add_typer(netbox.app, name="netbox")
