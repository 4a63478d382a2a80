# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a condition can say of one fact: each operator with the kinds it takes and what it means."""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from security.paths import Kind

Scalar = bool | int | str
Value = Scalar | tuple[Scalar, ...]

LONGEST = 1000
"""Longest text, in characters, a pattern is held against."""

_LONGEST_PATTERN = 200
_BACKTRACKS = re.compile(r"[+*}]\)[+*{]")
_OCTAL = re.compile(r"0?[0-7]{3,4}")


_KINDS: dict[type, Kind] = {bool: "bool", int: "int", float: "float", tuple: "list"}


def kind_of(value: object) -> Kind:
    """Return the kind of a value as rules know kinds."""
    return _KINDS.get(type(value), "str")


@dataclass(frozen=True, slots=True)
class Operator:
    """One comparison: ``holds(observed, wanted)``."""

    name: str
    observed: AbstractSet[Kind]
    """Kinds of facts it takes."""
    wanted: AbstractSet[Kind]
    """Kinds of values it is given."""
    holds: Callable[[Any, Any], bool]
    check: Callable[[Any], str] = lambda _: ""
    """What is wrong with a value of the right kind; empty when nothing."""

    def takes(self, observed: object) -> bool:
        """Whether a fact found on a host is of a kind this can compare."""
        if self.check is _pattern_problem and isinstance(observed, str):
            return len(observed) <= LONGEST
        if self.check is _octal_problem and isinstance(observed, str):
            return _OCTAL.fullmatch(observed) is not None
        return kind_of(observed) in self.observed

    def refuses(self, observed: AbstractSet[Kind], wanted: Value) -> str:
        """Return why facts of these kinds cannot be held against ``wanted``; empty when they can."""
        kind = kind_of(wanted)
        if not observed & self.observed:
            return f"takes {_or(self.observed)}, the fact is {_or(observed)}"
        if kind not in self.wanted:
            return f"expected {_or(self.wanted)}, not {kind}"
        scalar = kind_of(wanted[0]) if isinstance(wanted, tuple) else kind
        if self.name in {"eq", "ne", "in", "not_in"} and scalar not in observed:
            return f"the fact is {_or(observed)}, never {scalar}"
        return self.check(wanted)


def _or(kinds: AbstractSet[Kind]) -> str:
    return " or ".join(sorted(kinds))


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _pattern_problem(text: str) -> str:
    if len(text) > _LONGEST_PATTERN or _BACKTRACKS.search(text):
        return "the pattern is too long or nests repetitions, which can take for ever"
    try:
        _pattern(text)
    except re.error as problem:
        return f"not a regular expression: {problem}"
    return ""


def _octal_problem(text: str) -> str:
    return "" if _OCTAL.fullmatch(text) else f"{text!r} is not an octal mode such as '0644'"


def _within(observed: str, wanted: str) -> bool:
    return int(observed, 8) & ~int(wanted, 8) == 0


_SCALAR: AbstractSet[Kind] = {"bool", "int", "str"}
_NUMBER: AbstractSet[Kind] = {"int", "float"}
_TEXT: AbstractSet[Kind] = {"str"}
_LIST: AbstractSet[Kind] = {"list"}
_BOOL: AbstractSet[Kind] = {"bool"}
_ANY: AbstractSet[Kind] = {"bool", "int", "float", "str", "list", "mapping", "record"}

OPERATORS = MappingProxyType(
    {
        operator.name: operator
        for operator in (
            Operator("eq", _SCALAR, _SCALAR, lambda a, b: a == b),
            Operator("ne", _SCALAR, _SCALAR, lambda a, b: a != b),
            Operator("in", _SCALAR, _LIST, lambda a, b: a in b),
            Operator("not_in", _SCALAR, _LIST, lambda a, b: a not in b),
            Operator("ge", _NUMBER, _NUMBER, lambda a, b: a >= b),
            Operator("le", _NUMBER, _NUMBER, lambda a, b: a <= b),
            Operator("gt", _NUMBER, _NUMBER, lambda a, b: a > b),
            Operator("lt", _NUMBER, _NUMBER, lambda a, b: a < b),
            Operator("contains", _LIST, _SCALAR, lambda a, b: b in a),
            Operator("subset_of", _LIST, _LIST, lambda a, b: set(a) <= set(b)),
            Operator("superset_of", _LIST, _LIST, lambda a, b: set(a) >= set(b)),
            Operator("disjoint_from", _LIST, _LIST, lambda a, b: not set(a) & set(b)),
            Operator("matches", _TEXT, _TEXT, lambda a, b: _pattern(b).search(a) is not None, _pattern_problem),
            # Octal modes as text: no bit beyond the given ones; all of the given ones (for a umask).
            Operator("mode_within", _TEXT, _TEXT, _within, _octal_problem),
            Operator("mode_covers", _TEXT, _TEXT, lambda a, b: _within(b, a), _octal_problem),
            # Whether the fact was read and has a value.
            Operator("set", _ANY, _BOOL, lambda a, b: (a is not None) == b),
        )
    }
)
