# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Command groups that import a command when it is asked for: half a second of every start is imports nobody needs."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


def lazy_group(commands: Mapping[str, str]) -> type[TyperGroup]:
    """Return the class of a group with ``commands``: by name, ``module:attribute`` of a function or a Typer."""

    class LazyGroup(TyperGroup):
        def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever typer passes on
            # The names alone: from them a wrong one is guessed.
            super().__init__(**settings | {"commands": dict.fromkeys(commands)})

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - click's, which typer keeps to itself
            return list(commands)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - as above
            return _command(cmd_name, commands[cmd_name]) if cmd_name in commands else None

    return LazyGroup


def _command(name: str, where: str) -> object:
    module, _, attribute = where.partition(":")
    target = getattr(import_module(module), attribute)
    if not isinstance(target, typer.Typer):
        function, target = target, typer.Typer(add_completion=False)
        target.command(name)(function)
    command = typer.main.get_command(target)
    command.name = name
    return command
