# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How the output of each emitter is read back: one module per emitter, by its id with ``_`` for ``-``.

A module has ``READ``, which takes the directory that the emitter's files were written to, and gives what is said there
of each asset. It asks the real reader of the format, or a strict parser. ``READ = None`` says that the format tells
nothing of single assets; the docstring says so too. A module may have two more:

- ``COVERS``: the kind of assets that the format is for (``Host`` or ``Device``); without it, all.
- ``FORM``: what becomes of a value in a format that has only texts, say, as its documentation says; without it, a value
  stays what it is, type and all, a tuple becoming a list.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from inventories.model import Asset
from inventories.model.base import VarValue

Read = Callable[[Path], Mapping[str, Mapping[str, object]]]
Form = Callable[[VarValue], object]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a module of this package says."""

    read: Read | None
    covers: type[Asset]
    form: Form


def unchanged(value: VarValue) -> object:
    """Return the value as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def reader(emitter: str) -> Reader:
    """Return how the output of ``emitter`` is read; ModuleNotFoundError when nobody has said it yet."""
    module = importlib.import_module(f"{__name__}.{emitter.replace('-', '_')}")
    return Reader(module.READ, getattr(module, "COVERS", Asset), getattr(module, "FORM", unchanged))
