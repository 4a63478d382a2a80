# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a view and a writer are, and how they are found: one module each in views/ and writers/."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from inventories.base import Text
from inventories.graphs.graph import Graph
from inventories.graphs.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One kind of picture; ``draw`` is pure."""

    id: str
    title: Text
    draw: Callable[[Scope], Graph]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One format; ``suffix`` is how its files are usually called, e.g. ``.svg``.

    ``write`` raises BadInput for a graph that is too large for the format, CouldNotFinish when a tool it needs fails.
    """

    id: str
    suffix: str
    title: Text
    write: Callable[[Graph], str]


@cache
def views() -> Mapping[str, View]:
    """Return the ``VIEW`` of every module in views/ by id, which is the module's name."""
    from inventories.graphs import views as package  # noqa: PLC0415 - the modules in there import this one

    modules = (importlib.import_module(f"{package.__name__}.{name}") for name in _names(package.__path__))
    return MappingProxyType({module.VIEW.id: module.VIEW for module in modules})


@cache
def writers() -> Mapping[str, Writer]:
    """Return the ``WRITER`` of every module in writers/ by id, which is the module's name."""
    from inventories.graphs import writers as package  # noqa: PLC0415 - the modules in there import this one

    modules = (importlib.import_module(f"{package.__name__}.{name}") for name in _names(package.__path__))
    return MappingProxyType({module.WRITER.id: module.WRITER for module in modules})


def _names(path: list[str]) -> list[str]:
    return sorted(info.name for info in pkgutil.iter_modules(path))
