# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A baseline rule: one thing a host must hold to, what proves it, and how to mend it."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from fleet.collector import catalogue as collectors
from inventories.base import Frozen, Text
from security.content import Misplaced
from security.expression import Compare, Condition, Param, Quantified, Reader, freeze, walk
from security.operators import Value, kind_of
from security.paths import FactPath, resolve
from security.platforms import Platform, Release
from security.remedy import Remedy, parameters
from security.verdict import Severity

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Rule(Frozen):
    """What a rule file says; loading it proves that it can be evaluated."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
    """``area.name``, the place of its file; stable, never a clause number."""
    kind: Literal["check", "manual"] = "check"
    """``manual``: a question a person answers for each host, with facts to help; never decided by itself."""
    title: Text
    rationale: Text
    severity: Severity
    platforms: tuple[Platform, ...] = ("linux",)
    """Where it applies."""
    tried: tuple[Release, ...]
    """Releases on which it was seen at work on a real host; on every other one it is unverified."""
    needs: frozenset[str]
    """Collectors whose facts it reads: exactly those its conditions and evidence name."""
    params: dict[str, Annotated[Value, BeforeValidator(freeze)]] = Field(default_factory=dict)
    """Parameters by name, with their defaults; a profile may override them."""
    when: Any = None
    """Condition under which the rule applies at all."""
    assert_: Any = Field(None, alias="assert")
    """What must hold."""
    on_missing: Literal["not_applicable", "fail", "error"] = "not_applicable"
    """What to make of a host that does not have what the rule looks at; never a pass."""
    finding: Text
    """What is wrong when it does not hold, and what was expected; ``{name}`` stands for a parameter. For a manual
    rule: the question."""
    fix: Text
    """How to mend it."""
    remedy: Remedy | None = None
    """How a machine mends it; None: people do."""
    evidence: tuple[str, ...] = ()
    """Facts to show beside those that decided."""
    references: tuple[str, ...] = ()
    """Where the advice comes from, in words."""

    @field_validator("finding")
    @classmethod
    def _no_stray_braces(cls, finding: Text) -> Text:
        for text in (finding.en, finding.zh):
            if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
                raise ValueError("a brace that is no {parameter}")
        return finding

    @model_validator(mode="after")
    def _check(self) -> "Rule":
        if (self.kind == "check") != (self.assert_ is not None):
            raise Misplaced(("assert",), "a check needs an assert, a manual rule has none")
        used: set[str] = set()
        named = {path.collector for path in self.shown}
        for condition in (*self._conditions("when"), *self._conditions("assert")):
            for path in _paths(condition):
                named.add(path.collector)
            if isinstance(condition, Compare) and isinstance(condition.value, Param):
                used.add(condition.value.name)
        if self.params.keys() - used:
            raise Misplaced(("params",), f"not used: {', '.join(sorted(self.params.keys() - used))}")
        for text in (self.finding.en, self.finding.zh):
            if set(_PLACEHOLDER.findall(text)) - self.params.keys():
                raise Misplaced(("finding",), "names a parameter that the rule does not have")
        read = frozenset(name for name in named if name is not None)
        if self.needs != read:
            raise Misplaced(("needs",), f"the conditions and evidence read {', '.join(sorted(read))}")
        return self

    @model_validator(mode="after")
    def _remedy_names_parameters(self) -> "Rule":
        unknown = parameters(self.remedy) - self.params.keys() if self.remedy is not None else set()
        if unknown:
            raise Misplaced(("remedy",), f"no such parameter: {', '.join(sorted(unknown))}")
        return self

    def _conditions(self, key: str) -> Iterator[Condition]:
        try:
            condition = self.applies if key == "when" else self.holds
        except Misplaced as problem:
            raise Misplaced((key, *problem.path), str(problem)) from None
        return walk(condition) if condition is not None else iter(())

    @cached_property
    def applies(self) -> Condition | None:
        """``when``, ready to be decided."""
        return None if self.when is None else Reader(collectors(), self.params).read(self.when)

    @cached_property
    def holds(self) -> Condition | None:
        """``assert``, ready to be decided; None for a manual rule."""
        return None if self.assert_ is None else Reader(collectors(), self.params).read(self.assert_)

    @cached_property
    def shown(self) -> tuple[FactPath, ...]:
        """``evidence``, ready to be followed."""
        try:
            return tuple(resolve(path, collectors(), None) for path in self.evidence)
        except ValueError as problem:
            raise Misplaced(("evidence",), str(problem)) from None

    def settle(self, overrides: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the parameters with a profile's overrides.

        Raises:
            Misplaced: an override names no parameter, or has another kind than the default.

        """
        for name, value in overrides.items():
            if name not in self.params:
                known = ", ".join(sorted(self.params)) or "none"
                raise Misplaced((self.id, name), f"rule {self.id} has no parameter {name!r} (it has: {known})")
            if _shape(value) != _shape(self.params[name]):
                raise Misplaced((self.id, name), f"expected {_shape(self.params[name])}, not {_shape(value)}")
        return {**self.params, **overrides}

    def say(self, params: Mapping[str, Value]) -> Text:
        """Return the finding with the parameters' values in it."""

        def fill(text: str) -> str:
            return _PLACEHOLDER.sub(lambda found: plain(params[found[1]]), text)

        return Text(en=fill(self.finding.en), zh=fill(self.finding.zh))


def plain(value: object) -> str:
    """Return a value as people read it: lists by commas."""
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)


def _shape(value: Value) -> str:
    return f"list of {kind_of(value[0])}" if isinstance(value, tuple) else kind_of(value)


def _paths(condition: Condition) -> tuple[FactPath, ...]:
    match condition:
        case Compare(path=path):
            return (path,)
        case Quantified(path=path, show=show):
            return (path, *show)
        case _:
            return ()
