# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a health check is: a figure among the facts, what to hold it against, and what to say; all of it data."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import ValidationError, model_validator

from fleet.collector import AnyCollector, catalogue
from inventories.base import Frozen, Text
from inventories.errors import BadInput
from probes import paths
from probes.verdict import State

Unit = Literal["", "ratio", "seconds", "days", "count"]
"""How a figure is written; ``days``: a moment among the facts, counted from the judgement's now."""


class Limits(Frozen):
    """From where on a figure is a finding; a figure at the limit is none."""

    direction: Literal["above", "below"]
    warning: float | None = None
    critical: float | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Limits":
        if self.warning is None and self.critical is None:
            raise ValueError("give a warning or a critical limit")
        if self.warning is not None and self.critical is not None and not self._beyond(self.critical, self.warning):
            raise ValueError(f"critical must lie {self.direction} warning")
        return self

    def judge(self, value: float) -> State:
        """Return the state of ``value``."""
        if self.critical is not None and self._beyond(value, self.critical):
            return "critical"
        return "warning" if self.warning is not None and self._beyond(value, self.warning) else "ok"

    def of(self, state: State) -> float | None:
        """Return where ``state`` begins; None for a state that has no limit."""
        return {"warning": self.warning, "critical": self.critical}.get(state)

    def _beyond(self, value: float, limit: float) -> bool:
        return value > limit if self.direction == "above" else value < limit


class HoldDown(Frozen):
    """A circumstance in which a finding does not stand, e.g. a host that has just booted."""

    figure: str
    direction: Literal["above", "below"]
    limit: float
    state: Literal["ok", "unknown"]
    """What the finding becomes."""
    because: Text


class Check(Frozen):
    """One health check, as its file says it. Paths are those of ``fleet.facts.HostFacts.look``."""

    id: str
    title: Text
    each: str | None = None
    """A list among the facts, of which every item is checked by itself; the paths below are then its items' fields."""
    item: str | None = None
    """The field that names an item."""
    figure: str
    unit: Unit = ""
    limits: Limits | None = None
    states: Mapping[bool | str, State] | None = None
    """For a figure that is true or false, or one word of several: what each means."""
    detail: str | None = None
    """What else to put into the message: a word, a number or a list of words."""
    hold_down: tuple[HoldDown, ...] = ()
    message: Text
    """May have ``{value}``, ``{item}`` and ``{detail}``, which brings its own brackets."""
    runbook: Text
    """What to do at three in the morning."""
    on_absent: Literal["skip", "unknown"]
    """Whether a host that has no such thing is left alone or has a gap."""

    @model_validator(mode="after")
    def _consistent(self) -> "Check":
        if (self.limits is None) == (self.states is None):
            raise ValueError("give either limits or states")
        if (self.each is None) != (self.item is None):
            raise ValueError("each and item belong together")
        known = {"value"} | ({"item"} if self.item else set()) | ({"detail"} if self.detail else set())
        for template in (self.message.en, self.message.zh):
            used = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
            if not used <= known:
                raise ValueError(f"message: {sorted(used - known)} cannot be filled in")
        return self

    @property
    def needs(self) -> frozenset[str]:
        """Ids of the collectors whose facts are looked at."""
        of_host = [self.each] if self.each else [self.figure, self.detail or self.figure]
        looked_at = of_host + [hold.figure for hold in self.hold_down]
        return frozenset(path.partition(".")[0] for path in looked_at)

    def verify(self, collectors: Mapping[str, AnyCollector]) -> None:
        """Hold every path and state against what the collectors can bring.

        Raises:
            ValueError: what does not fit.

        """
        self._verify_figure(self._type_of(self.figure, collectors))
        if self.item and self._type_of(self.item, collectors) is not str:
            raise ValueError(f"{self.item} is no word to name an item by")
        if self.detail:
            detail = self._type_of(self.detail, collectors)
            if detail not in {str, tuple[str, ...]} and get_origin(detail) is not Literal:
                raise ValueError(f"{self.detail} is neither a word nor a list of words")
        for hold in self.hold_down:
            if paths.collected(hold.figure, collectors) not in {int, float}:
                raise ValueError(f"{hold.figure} is no number")

    def _verify_figure(self, figure: Any) -> None:  # noqa: ANN401 - as probes.paths
        if self.states is not None:
            possible: set[bool | str] = {True, False} if figure is bool else set()
            if get_origin(figure) is Literal:
                possible = set(get_args(figure))
            if set(self.states) != possible:
                raise ValueError(f"states must name exactly what {self.figure} can be: {sorted(map(str, possible))}")
        elif figure not in {int, float, datetime} or (figure is datetime) != (self.unit == "days"):
            raise ValueError(f"{self.figure} is {figure}, which has no limits in {self.unit!r}")

    def _type_of(self, path: str, collectors: Mapping[str, AnyCollector]) -> Any:  # noqa: ANN401 - as probes.paths
        if self.each is None:
            return paths.collected(path, collectors)
        several = paths.collected(self.each, collectors)
        if get_origin(several) is not tuple:
            raise ValueError(f"{self.each} is no list")
        return paths.at(get_args(several)[0], path, f"{self.each}[].{path}")


@cache
def checks() -> Mapping[str, Check]:
    """Return every check edufleet ships, by id.

    Raises:
        BadInput: a file is no check, or names facts that no collector brings.

    """
    files = sorted((resources.files("probes") / "checks").iterdir(), key=lambda file: file.name)
    return MappingProxyType(
        {check.id: check for check in (load(file.name, file.read_text("utf-8"), catalogue()) for file in files)}
    )


def load(name: str, text: str, collectors: Mapping[str, AnyCollector]) -> Check:
    """Read one check from the text of the file ``name``.

    Raises:
        BadInput: the file is no check, or names facts that no collector brings.

    """
    where = f"probes/checks/{name}"
    try:
        check = Check.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
        check.verify(collectors)
    except yaml.YAMLError as problem:
        raise BadInput(f"not YAML: {problem}", where=where) from None
    except ValidationError as problem:
        first = problem.errors()[0]
        raise BadInput(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", where=where) from None
    except ValueError as problem:
        raise BadInput(str(problem), where=where) from None
    if name != f"{check.id}.yml":
        raise BadInput(f"id is {check.id!r}; it must be the file's name", where=where)
    return check
