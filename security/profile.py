# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Profiles: a framework's clauses, the rules that give evidence for them, and the parameters they are held to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from inventories.base import Frozen, Text
from inventories.errors import BadInput
from security import catalogue
from security.content import M, Misplaced, read
from security.expression import freeze
from security.operators import Value
from security.rule import Rule

DEFAULT = "mlps-l3"

Status = Literal["automated", "partial", "manual", "inherited"]
"""Who answers: rules alone; rules and a person; a person; whoever runs what the host stands on (room, platform)."""


class Clause(Frozen):
    """One clause of a framework, in our words."""

    id: str
    title: Text
    status: Status
    verified: bool
    """Whether the number was checked against the standard itself."""
    rules: tuple[str, ...] = ()
    question: Text | None = None
    """What a person must answer, once for the whole fleet."""
    reason: Text
    """Why the status is what it is: what rules show here and what they cannot."""

    @model_validator(mode="after")
    def _check(self) -> "Clause":
        if (self.status in {"automated", "partial"}) != bool(self.rules):
            raise Misplaced(("rules",), "automated and partial clauses name rules, the others none")
        if (self.status in {"partial", "manual"}) != (self.question is not None):
            raise Misplaced(("status",), "partial and manual clauses ask a question, the others none")
        if set(self.rules) - catalogue.rules().keys():
            raise Misplaced(("rules",), f"no such rule: {', '.join(set(self.rules) - catalogue.rules().keys())}")
        return self


class Framework(Frozen):
    """A control map: every clause of (a part of) a framework."""

    id: str
    title: Text
    clauses: tuple[Clause, ...]

    @model_validator(mode="after")
    def _unique(self) -> "Framework":
        seen: set[str] = set()
        for position, clause in enumerate(self.clauses):
            if clause.id in seen:
                raise Misplaced(("clauses", position, "id"), f"{clause.id} is given twice")
            seen.add(clause.id)
        return self


class _ProfileFile(Frozen):
    id: str
    title: Text
    framework: str
    params: dict[str, dict[str, Annotated[Value, BeforeValidator(freeze)]]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> "_ProfileFile":
        for rule, overrides in self.params.items():
            if rule not in catalogue.rules():
                raise Misplaced(("params", rule), f"there is no rule {rule!r}")
            try:
                catalogue.rules()[rule].settle(overrides)
            except Misplaced as problem:
                raise Misplaced(("params", *problem.path), str(problem)) from None
        return self


@dataclass(frozen=True, slots=True)
class Profile:
    """What a fleet is held to."""

    id: str
    title: Text
    clauses: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    """Every rule a clause names, by id."""
    params: Mapping[str, Mapping[str, Value]]
    """The settled parameters, by rule."""

    def clauses_of(self, rule: str) -> tuple[str, ...]:
        """Return the ids of the clauses a rule gives evidence for."""
        return tuple(clause.id for clause in self.clauses if rule in clause.rules)

    @property
    def needed_collectors(self) -> frozenset[str]:
        """The collectors an evaluation reads: those of the rules, and the one that tells the platform."""
        return frozenset({"os_release"}.union(*(rule.needs for rule in self.rules)))


@cache
def load(name: str = DEFAULT) -> Profile:
    """Return the shipped profile ``name``.

    Raises:
        BadInput: there is no such profile, or it, its framework or a rule is wrong; says file and line.

    """
    known = names()
    if name not in known:
        raise BadInput(f"there is no profile {name!r}", hint=f"profiles: {', '.join(known)}")
    profile = _read("profiles", name, _ProfileFile)
    framework = _read("controls", profile.framework, Framework)
    mapped = sorted({rule for clause in framework.clauses for rule in clause.rules})
    idle = profile.params.keys() - set(mapped)
    if idle:
        raise BadInput(
            f"parameters for rules that {framework.id} does not use: {', '.join(sorted(idle))}",
            where=f"security/profiles/{name}.yml",
        )
    rules = tuple(catalogue.rules()[rule] for rule in mapped)
    params = {rule.id: rule.settle(profile.params.get(rule.id, {})) for rule in rules}
    return Profile(profile.id, profile.title, framework.clauses, rules, params)


def names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    return tuple(sorted(file.name.removesuffix(".yml") for file in (files("security") / "profiles").iterdir()))


def _read(folder: str, name: str, model: type[M]) -> M:
    file = files("security") / folder / f"{name}.yml"
    return read(file.read_text(encoding="utf-8"), f"security/{folder}/{name}.yml", model)
