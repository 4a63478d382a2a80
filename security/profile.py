# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Profiles: a framework's clauses, the rules that give evidence for them, and the parameters they are held to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from inventories.base import Frozen, Text
from inventories.errors import BadInput
from inventories.findings import did_you_mean
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
        for rule in self.rules:
            if rule not in catalogue.rules():
                raise Misplaced(("rules",), _unknown("rule", rule, catalogue.rules()))
        return self


class Framework(Frozen):
    """A control map: every clause of (a part of) a framework."""

    id: str
    title: Text
    base: str | None = None
    """Framework whose clauses those of this one may be ``like``."""
    clauses: tuple[Clause, ...]

    @model_validator(mode="before")
    @classmethod
    def _likenesses(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the file says; checked afterwards
        """Fill in what a clause takes over: ``{id: ..., like: <clause of the base>, without: [<rules>]}``.

        Whatever else the clause says replaces what it would take over.
        """
        if not isinstance(data, dict) or not isinstance(data.get("clauses"), list):
            return data
        base = data.get("base")
        if base is not None and base not in frameworks():
            raise Misplaced(("base",), _unknown("framework", str(base), frameworks()))
        known = {clause.id: clause for clause in framework(base).clauses} if base is not None else {}
        clauses = [
            _taken_over(clause, position, known) if isinstance(clause, dict) and "like" in clause else clause
            for position, clause in enumerate(data["clauses"])
        ]
        return {**data, "clauses": clauses}

    @model_validator(mode="after")
    def _unique(self) -> "Framework":
        seen: set[str] = set()
        for position, clause in enumerate(self.clauses):
            if clause.id in seen:
                raise Misplaced(("clauses", position, "id"), f"{clause.id} is given twice")
            seen.add(clause.id)
        return self


def _taken_over(said: dict[str, Any], position: int, known: Mapping[str, Clause]) -> dict[str, Any]:
    place = ("clauses", position)
    if str(said["like"]) not in known:
        raise Misplaced((*place, "like"), _unknown("clause", str(said["like"]), known))
    pattern = known[str(said["like"])]
    without = said.get("without", [])
    if not isinstance(without, list):
        raise Misplaced((*place, "without"), "must be a list of rules")
    for rule in without:
        if rule not in pattern.rules:
            raise Misplaced((*place, "without"), _unknown(f"rule in {pattern.id}", str(rule), pattern.rules))
    own = {key: value for key, value in said.items() if key not in {"like", "without"}}
    rules = tuple(rule for rule in pattern.rules if rule not in without)
    return {**dict(pattern), "rules": rules, **own}


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    hint = did_you_mean(name, known)
    return f"no such {kind}: {name}" + (f"; {hint}" if hint else "")


class _ProfileFile(Frozen):
    id: str
    title: Text
    framework: str
    params: dict[str, dict[str, Annotated[Value, BeforeValidator(freeze)]]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> "_ProfileFile":
        for rule, overrides in self.params.items():
            if rule not in catalogue.rules():
                raise Misplaced(("params", rule), _unknown("rule", rule, catalogue.rules()))
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

    def rules_for(self, clause: str) -> tuple[Rule, ...]:
        """Return the rules that give evidence for a clause, or for any clause under it (``8.1.4.1``, ``AC-2``).

        Raises:
            BadInput: the profile's framework has no such clause; says which is near.

        """
        covered = [
            known for known in self.clauses if known.id == clause or known.id.startswith((f"{clause}.", f"{clause}("))
        ]
        if not covered:
            near = did_you_mean(clause, [known.id for known in self.clauses])
            raise BadInput(f"{self.id} has no clause {clause!r}", hint=near)
        wanted = {rule for known in covered for rule in known.rules}
        return tuple(rule for rule in self.rules if rule.id in wanted)

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
    held_to = framework(profile.framework)
    mapped = sorted({rule for clause in held_to.clauses for rule in clause.rules})
    idle = profile.params.keys() - set(mapped)
    if idle:
        raise BadInput(
            f"parameters for rules that {held_to.id} does not use: {', '.join(sorted(idle))}",
            where=f"security/profiles/{name}.yml",
        )
    rules = tuple(catalogue.rules()[rule] for rule in mapped)
    params = {rule.id: rule.settle(profile.params.get(rule.id, {})) for rule in rules}
    return Profile(profile.id, profile.title, held_to.clauses, rules, params)


@cache
def framework(name: str) -> Framework:
    """Return the shipped control map ``name``.

    Raises:
        BadInput: there is no such framework, or it is wrong; says file and line.

    """
    known = frameworks()
    if name not in known:
        raise BadInput(_unknown("framework", name, known), hint=f"frameworks: {', '.join(known)}")
    return _read("controls", name, Framework)


def frameworks() -> tuple[str, ...]:
    """Return the names of the shipped control maps."""
    return _in("controls")


def names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    return _in("profiles")


def _in(folder: str) -> tuple[str, ...]:
    return tuple(sorted(file.name.removesuffix(".yml") for file in (files("security") / folder).iterdir()))


def _read(folder: str, name: str, model: type[M]) -> M:
    file = files("security") / folder / f"{name}.yml"
    return read(file.read_text(encoding="utf-8"), f"security/{folder}/{name}.yml", model)
