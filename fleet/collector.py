# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a collector is: a bounded, read-only shell question and a pure parser into typed facts."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from types import MappingProxyType, ModuleType
from typing import Generic, TypeVar

from inventories.base import Frozen, Text

F_co = TypeVar("F_co", bound=Frozen, covariant=True)

ABSENT = 69
"""Exit status of a question whose subject does not exist on the target (EX_UNAVAILABLE of sysexits.h)."""

DENIED = 77
"""Exit status of a question that may not be answered without root (EX_NOPERM of sysexits.h)."""


class UnparsableError(ValueError):
    """Raised by a parser: the output is not what the question can answer; says which part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector(Generic[F_co]):
    """One question to a host and the way to read its answer.

    ``question`` is a POSIX sh fragment. It runs on the target with an empty standard input, ``LC_ALL=C`` and a full
    ``PATH``, must not write anything, reduces secrets to their state there, and exits :data:`ABSENT` or :data:`DENIED`
    when that is the answer. ``parse`` is pure: text in, facts out, :class:`UnparsableError` otherwise.
    """

    id: str
    title: Text
    question: str
    parse: Callable[[str], F_co]
    facts: type[F_co]
    root: bool = False
    """Whether a failing answer without root means that root is needed."""
    ok: frozenset[int] = frozenset({0})
    """Exit statuses of a complete answer."""
    seconds: int = 5
    """Time bound on the target."""
    size: int = 65_536
    """Bound of the answer in bytes, enforced on the target."""


AnyCollector = Collector[Frozen]


def discover(package: ModuleType) -> MappingProxyType[str, AnyCollector]:
    """Return the ``COLLECTOR`` of every module in ``package``, by id, in alphabetical order."""
    found: dict[str, AnyCollector] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        collector: AnyCollector = importlib.import_module(f"{package.__name__}.{module}").COLLECTOR
        if collector.id != module:
            raise ValueError(
                f"{package.__name__}.{module}: COLLECTOR.id is {collector.id!r}; it must be the module's name"
            )
        found[module] = collector
    return MappingProxyType(found)


@cache
def catalogue() -> MappingProxyType[str, AnyCollector]:
    """Return every collector edufleet ships, by id."""
    from fleet import collectors  # noqa: PLC0415 - the modules in there import this one

    return discover(collectors)


def digest(collectors: tuple[AnyCollector, ...]) -> str:
    """Return the SHA-256 over the questions and bounds, so that a capture says exactly what was asked."""
    hasher = sha256()
    for collector in collectors:
        hasher.update(f"{collector.id}\0{collector.question}\0{collector.seconds}\0{collector.size}\0".encode())
    return hasher.hexdigest()
