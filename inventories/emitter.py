# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What an emitter is: one format in which the inventory is given to another tool; one module in emitters/ each."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from inventories.base import Text
from inventories.model import Asset, Inventory

Files = Mapping[str, bytes]
"""What is written: file names, which may lead through directories, with their contents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitter:
    """One output format.

    ``emit`` is pure: it takes the resolved inventory and the assets that were chosen, in inventory order, and returns
    the files. It resolves nothing itself; what it says of an asset is what ``variables`` says.
    """

    id: str
    title: Text
    emit: Callable[[Inventory, Sequence[Asset]], Files]


@cache
def emitters() -> Mapping[str, Emitter]:
    """Return the ``EMITTER`` of every module in ``inventories.emitters`` by id; ``_`` in a module's name is ``-``."""
    from inventories import emitters as package  # noqa: PLC0415 - the modules in there import this one

    found: dict[str, Emitter] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        emitter: Emitter = importlib.import_module(f"{package.__name__}.{module}").EMITTER
        if emitter.id != module.replace("_", "-"):
            raise ValueError(f"{package.__name__}.{module}: EMITTER.id must follow from the module's name")
        found[emitter.id] = emitter
    return MappingProxyType(found)
