# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Conditions over facts, written as structured YAML, decided in Kleene's three-valued logic: true, false, not known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from fleet.collector import AnyCollector
from fleet.facts import HostFacts, Missing
from security.content import Misplaced
from security.operators import OPERATORS, Operator, Scalar, Value, kind_of
from security.paths import FactPath, resolve


class Seen(NamedTuple):
    """One observation that helped to decide: the fact's path and what was there."""

    fact: str
    observed: object


class Truth(NamedTuple):
    """The value of a condition with what decided it; ``value`` None means that missing facts leave it open."""

    value: bool | None
    seen: tuple[Seen, ...] = ()
    missing: tuple[tuple[str, Missing], ...] = ()
    """What is missing, by path; empty unless ``value`` is None."""


class Scope(NamedTuple):
    """What a condition is decided on: the facts of one host, the parameters, and the item at hand."""

    facts: HostFacts
    params: Mapping[str, Value]
    item: object = None


@dataclass(frozen=True, slots=True)
class Param:
    """``$name``: the value of a parameter of the rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """``{fact: PATH, OP: VALUE}``."""

    path: FactPath
    operator: Operator
    value: Value | Param

    def decide(self, scope: Scope) -> Truth:
        """Return true or false, or open when the fact is missing or of another kind than the operator takes."""
        observed = self.path.follow(scope.facts, scope.item)
        wanted = scope.params[self.value.name] if isinstance(self.value, Param) else self.value
        if isinstance(observed, Missing):
            return Truth(None, missing=((self.path.text, observed),))
        if self.operator.name == "set":
            return Truth((observed is not None) == wanted, (Seen(self.path.text, observed),))
        if observed is None:
            return Truth(None, missing=((self.path.text, Missing("absent", f"{self.path.text} is not set")),))
        if not self.operator.takes(observed):
            odd = Missing("unparsable", f"{self.path.text} is {str(observed)[:80]!r}: not what can be compared here")
            return Truth(None, missing=((self.path.text, odd),))
        return Truth(self.operator.holds(observed, wanted), (Seen(self.path.text, observed),))


@dataclass(frozen=True, slots=True)
class Junction:
    """``{all: [...]}`` or ``{any: [...]}``: decided as soon as one part decides it, whatever is missing elsewhere."""

    kind: Literal["all", "any"]
    parts: "tuple[Condition, ...]"

    def decide(self, scope: Scope) -> Truth:
        """Return Kleene's conjunction or disjunction."""
        return _join([part.decide(scope) for part in self.parts], decisive=self.kind == "any")


@dataclass(frozen=True, slots=True)
class Negation:
    """``{not: ...}``."""

    part: "Condition"

    def decide(self, scope: Scope) -> Truth:
        """Return the opposite; what is open stays open."""
        return _opposite(self.part.decide(scope))


@dataclass(frozen=True, slots=True)
class Quantified:
    """``{every|some|none: PATH, where: ..., that: ..., show: [field, ...]}`` over the items of a list."""

    kind: Literal["every", "some", "none"]
    path: FactPath
    where: "Condition | None"
    that: "Condition"
    show: tuple[FactPath, ...]

    def decide(self, scope: Scope) -> Truth:
        """Return whether it holds; the items that decide are what was seen."""
        items = self.path.follow(scope.facts, scope.item)
        if items is None:
            items = Missing("absent", f"{self.path.text} is not set")
        if isinstance(items, Missing):
            return Truth(None, missing=((self.path.text, items),))
        assert isinstance(items, tuple)  # noqa: S101 - resolve() made sure of it
        decisive = self.kind == "some"
        deciding: list[Seen] = []
        missing: list[tuple[str, Missing]] = []
        for item in items:
            truth = self._of_item(Scope(scope.facts, scope.params, item))
            if truth.value is decisive:
                deciding.append(self._shown(scope.facts, item))
            elif truth.value is None:
                missing += truth.missing
        if deciding:
            return Truth(decisive, tuple(deciding))
        if missing:
            return Truth(None, missing=tuple(missing))
        return Truth(not decisive, (Seen(self.path.text, f"{len(items)} looked at"),))

    def _of_item(self, scope: Scope) -> Truth:
        """Return the truth of one item: of "where and that" for some, of "not where, or that" for every and none."""
        some = self.kind == "some"
        where = _TRUE if self.where is None else self.where.decide(scope)
        if where.value is False:
            return _FALSE if some else _TRUE  # most items end here: what they are not asked costs nothing
        that = self.that.decide(scope)
        if self.kind == "none":
            that = _opposite(that)
        return that if where.value else _join([where, that], decisive=not some)

    def _shown(self, facts: HostFacts, item: object) -> Seen:
        shown = {path.text.lstrip("."): path.follow(facts, item) for path in self.show}
        return Seen(
            self.path.text, " ".join(f"{name}={value}" if name else str(value) for name, value in shown.items())
        )


_TRUE, _FALSE = Truth(value=True), Truth(value=False)

Condition = Compare | Junction | Negation | Quantified


def _opposite(truth: Truth) -> Truth:
    return truth if truth.value is None else Truth(not truth.value, truth.seen)


def _join(truths: list[Truth], *, decisive: bool) -> Truth:
    """Return ``decisive`` when any truth is it, open when any is open, the opposite otherwise."""
    deciding = [truth for truth in truths if truth.value is decisive]
    if deciding:
        return Truth(decisive, tuple(seen for truth in deciding for seen in truth.seen))
    missing = tuple(gap for truth in truths if truth.value is None for gap in truth.missing)
    if missing:
        return Truth(None, missing=missing)
    return Truth(not decisive, tuple(seen for truth in truths for seen in truth.seen))


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield ``condition`` and every condition inside it."""
    yield condition
    match condition:
        case Junction(parts=parts):
            inner = parts
        case Negation(part=part):
            inner = (part,)
        case Quantified(where=where, that=that):
            inner = (that,) if where is None else (where, that)
        case Compare():
            inner = ()
    for part in inner:
        yield from walk(part)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads conditions, checking every path, operator and value against the fact models and the rule's parameters."""

    collectors: Mapping[str, AnyCollector]
    params: Mapping[str, Value]

    def read(self, data: object, item: object = None) -> Condition:
        """Return the condition ``data`` (plain YAML) stands for; ``item`` is the type of the item at hand.

        Raises:
            Misplaced: it cannot be one; the error leads to the place.

        """
        if not isinstance(data, dict) or not data:
            raise Misplaced((), "a condition is a mapping such as {fact: ..., eq: ...}")
        head = next(iter(data))
        match head:
            case "all" | "any" if len(data) == 1:
                return self._junction(head, data[head], item)
            case "not" if len(data) == 1:
                return Negation(self._inside(data["not"], ("not",), item))
            case "every" | "some" | "none":
                return self._quantified(head, data, item)
            case "fact":
                return self._compare(data, item)
            case _:
                raise Misplaced((str(head),), "expected one of all, any, not, every, some, none (alone) or fact")

    def _inside(self, data: object, path: tuple[str | int, ...], item: object) -> Condition:
        try:
            return self.read(data, item)
        except Misplaced as problem:
            raise Misplaced((*path, *problem.path), str(problem)) from None

    def _path(self, text: object, key: str, item: object) -> FactPath:
        try:
            return resolve(str(text), self.collectors, item)
        except ValueError as problem:
            raise Misplaced((key,), str(problem)) from None

    def _junction(self, kind: Literal["all", "any"], data: object, item: object) -> Condition:
        if not isinstance(data, list) or not data:
            raise Misplaced((kind,), "expected a list of conditions")
        return Junction(kind, tuple(self._inside(part, (kind, at), item) for at, part in enumerate(data)))

    def _quantified(self, kind: Literal["every", "some", "none"], data: dict[str, object], item: object) -> Condition:
        unknown = data.keys() - {kind, "where", "that", "show"}
        if unknown or "that" not in data:
            raise Misplaced((kind,), f"{kind} takes where, that (required) and show, not {', '.join(sorted(unknown))}")
        path = self._path(data[kind], kind, item)
        if path.item is None:
            raise Misplaced((kind,), f"{path.text} is not a list")
        where = self._inside(data["where"], ("where",), path.item) if "where" in data else None
        that = self._inside(data["that"], ("that",), path.item)
        show = data.get("show", ["."])
        if not isinstance(show, list):
            raise Misplaced(("show",), "expected a list of fields such as [.name]")
        return Quantified(kind, path, where, that, tuple(self._path(field, "show", path.item) for field in show))

    def _compare(self, data: dict[str, object], item: object) -> Condition:
        path = self._path(data["fact"], "fact", item)
        names = [key for key in data if key != "fact"]
        if len(names) != 1 or names[0] not in OPERATORS:
            raise Misplaced(("fact",), f"expected one operator of {', '.join(OPERATORS)}")
        operator = OPERATORS[names[0]]
        value = self._value(data[operator.name], operator.name)
        default = self.params[value.name] if isinstance(value, Param) else value
        problem = operator.refuses(path.kinds, default)
        if problem:
            raise Misplaced((operator.name,), f"{path.text} {operator.name}: {problem}")
        return Compare(path, operator, value)

    def _value(self, data: object, key: str) -> Value | Param:
        if isinstance(data, str) and data.startswith("$"):
            if data[1:] not in self.params:
                raise Misplaced((key,), f"there is no parameter {data[1:]!r}")
            return Param(data[1:])
        try:
            return freeze(data)
        except ValueError as problem:
            raise Misplaced((key,), str(problem)) from None


def freeze(data: object) -> Value:
    """Return a YAML scalar or list of scalars of one kind as an immutable value.

    Raises:
        ValueError: it is neither.

    """
    if isinstance(data, bool | int | str):
        return data
    if isinstance(data, list) and data and all(isinstance(item, bool | int | str) for item in data):
        items: tuple[Scalar, ...] = tuple(data)
        if len({kind_of(item) for item in items}) == 1:
            return items
    raise ValueError("expected text, a whole number, true or false, or a list of one of them (quote yes and no)")
