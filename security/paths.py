# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Fact paths: resolved against the fact models when content is loaded, followed through facts when it is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from fleet.collector import AnyCollector
from fleet.facts import HostFacts, Missing
from inventories.base import Frozen

Kind = Literal["bool", "int", "float", "str", "list", "mapping", "record"]


@dataclass(frozen=True, slots=True)
class FactPath:
    """Where a value is: ``collector.field.field``, or ``.field`` of the item a quantifier looks at, or ``.`` itself."""

    text: str
    collector: str | None
    """None: relative to the item."""
    steps: tuple[str, ...]
    kinds: frozenset[Kind]
    """What can be found there."""
    item: Any
    """For a list: the type of its items; None otherwise."""

    def follow(self, facts: HostFacts, item: object) -> object:
        """Return the value, a :class:`Missing`, or None when the field was read but is not set."""
        value: object = item
        if self.collector is not None:
            missing = facts.missing.get(self.collector)
            if missing is not None:
                return missing
            if self.collector not in facts.facts:
                return Missing("not_asked", f"{self.collector} was not asked")
            value = facts.facts[self.collector]
        for step in self.steps:
            value = value.get(step) if isinstance(value, dict) else getattr(value, step)
            if value is None or isinstance(value, Missing):
                break
        return value


def resolve(text: str, collectors: Mapping[str, AnyCollector], item: object) -> FactPath:
    """Return the path ``text`` names; ``item`` is the type of the item at hand, None outside a quantifier.

    Raises:
        ValueError: no such collector or field.

    """
    if text.startswith("."):
        if item is None:
            raise ValueError(f"{text}: only inside every, some or none is there an item")
        name, rest, annotation = None, text[1:], item
    else:
        name, _, rest = text.partition(".")
        if name not in collectors:
            raise ValueError(f"{text}: there is no collector {name!r}")
        annotation = collectors[name].facts
    steps, leaf = _walk(annotation, rest, text)
    kinds = frozenset(_kind(part) for part in _parts(leaf))
    return FactPath(text, name, steps, kinds, _item(leaf))


@cache
def _walk(annotation: Any, rest: str, text: str) -> tuple[tuple[str, ...], Any]:  # noqa: ANN401 - any annotation
    steps: list[str] = []
    while rest:
        mappings = [part for part in _parts(annotation) if _kind(part) == "mapping"]
        if mappings:
            # The rest is one key: sysctl names and paths contain dots.
            return (*steps, rest), get_args(mappings[0])[1]
        field, _, rest = rest.partition(".")
        records = [part for part in _parts(annotation) if _kind(part) == "record"]
        if not records:
            raise ValueError(f"{text}: there is no field {field!r}")
        annotation = _field(records[0], field, text)
        steps.append(field)
    return tuple(steps), annotation


def _field(record: type[Frozen], name: str, text: str) -> Any:  # noqa: ANN401 - any annotation
    if name in record.model_fields:
        return record.model_fields[name].annotation
    derived = getattr(record, name, None)
    if isinstance(derived, property):
        return get_type_hints(derived.fget)["return"]
    raise ValueError(f"{text}: there is no field {name!r}")


def _parts(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any annotation
    """Return the alternatives of a union, without those that stand for no value."""
    if get_origin(annotation) in (Union, UnionType):
        return tuple(part for part in get_args(annotation) if part not in (NoneType, Missing))
    return (annotation,)


def _item(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    lists = [part for part in _parts(annotation) if _kind(part) == "list"]
    return get_args(lists[0])[0] if lists else None


def _kind(annotation: Any) -> Kind:  # noqa: ANN401 - any annotation
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin is Literal:
        annotation, origin = type(get_args(annotation)[0]), None
    if origin is tuple:
        return "list"
    if origin is not None and issubclass(origin, Mapping):
        return "mapping"
    if issubclass(annotation, Frozen):
        return "record"
    for kind, candidate in _SCALARS.items():
        if issubclass(annotation, candidate):
            return kind
    raise TypeError(f"a fact model has a field of type {annotation!r}, which rules cannot read")


_SCALARS: dict[Kind, type] = {"bool": bool, "int": int, "float": float, "str": str}
