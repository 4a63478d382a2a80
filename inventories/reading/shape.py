# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Turns what was written into a model, or into findings that name the place of each wrong, missing or unknown key."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from inventories.book import find
from inventories.findings import Finding, Place, Rule, did_you_mean
from inventories.model import Entry
from inventories.model.base import SHAPES
from inventories.reading.source import Node

UNKNOWN_KEY = Rule("INV-KEY-001", "error", "remove it")
MISSING_KEY = Rule("INV-KEY-002", "error", "add it here or in the defaults of a region above")
WRONG_VALUE = Rule("INV-KEY-003", "error", "give a value of this kind")

M = TypeVar("M", bound=Entry)

_LONGEST_QUOTED = 60
_QUOTE = "put it in quotes"
# What pydantic's error types mean to the person who wrote the file.
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "path_type": "a path",
    "ip_any_address": "an IPv4 or IPv6 address",
    "ip_any_interface": "an address with prefix length such as 10.1.0.5/24",
    "date_type": "a date such as 2026-11-01",
    "date_from_datetime_parsing": "a date such as 2026-11-01",
    "datetime_type": "a date and time such as 2026-06-07 08:00",
    "datetime_from_date_parsing": "a date and time such as 2026-06-07 08:00",
    "datetime_parsing": "a date and time such as 2026-06-07 08:00",
    "ip_any_network": "an address range such as 10.1.0.0/16, without host bits",
}


def build(kind: type[M], label: str, node: Node, data: Mapping[str, Any]) -> tuple[M | None, list[Finding]]:
    """Validate ``data``, taken from ``node``, as one ``kind``; ``label`` names the entry in messages."""
    try:
        return kind.model_validate(data), []
    except ValidationError as problem:
        return None, list(_findings(kind, label, node, problem.errors(include_url=False)))


def unknown_key(label: str, name: str, node: Node, known: frozenset[str]) -> Finding:
    """Return the finding for a key that is not among ``known``."""
    hint = did_you_mean(name, known) or f"known: {', '.join(sorted(known))}"
    return UNKNOWN_KEY.found(node.key_place, f"unknown key {name!r} in {label}", hint)


def not_a_mapping(label: str, node: Node) -> list[Finding]:
    """Return the finding that ``node`` is not a mapping, if so; nothing at all counts as an empty one."""
    if node.value is None or isinstance(node.value, dict):
        return []
    return [WRONG_VALUE.found(node.place, f"{label} must be a mapping")]


def _findings(kind: type[Entry], label: str, node: Node, errors: list[ErrorDetails]) -> Iterator[Finding]:
    wrong: dict[int, tuple[Node, str, list[ErrorDetails]]] = {}
    for error in errors:
        path = error["loc"]
        at, keys = find(node, path)
        field = path[0] if path else ""
        if error["type"] == "extra_forbidden":
            yield unknown_key(label, str(path[-1]), at, writable(_model_at(kind, path[:-1])))
        elif error["type"] == "missing":
            yield MISSING_KEY.found(at.key_place, f"{label}: {path[-1]} is missing")
        else:
            # A value that could be several things yields one error for each of them: they belong together.
            name = ".".join(keys) or str(field)
            wrong.setdefault(id(at), (at, name, []))[2].append(error)
    for at, name, together in wrong.values():
        # What follows from the place of an entry, such as its name, is mended at its key.
        place = at.key_place if isinstance(at.value, dict | None) else at.place
        yield _wrong_value(f"{label}: {name}" if name else label, at, place, together)


def _wrong_value(label: str, at: Node, place: Place, errors: list[ErrorDetails]) -> Finding:
    wanted = list(dict.fromkeys(_WANTED[e["type"]] for e in errors if e["type"] in _WANTED))
    if wanted:
        number_for_text = "text" in wanted and isinstance(at.value, int | float)
        instead = "" if isinstance(at.value, list | dict) else f", not {_shortened(at.value)}"
        message = f"{label} must be {' or '.join(wanted)}{instead}"
        return WRONG_VALUE.found(place, message, _QUOTE if number_for_text else None)
    said = errors[0]["msg"].removeprefix("Value error, ")
    hint = None
    if errors[0]["type"] == "literal_error":
        said = f"{_shortened(errors[0]['input'])} is none of {errors[0]['ctx']['expected']}"
        known = errors[0]["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        hint = did_you_mean(str(at.value), known)
    elif errors[0]["type"] == "string_pattern_mismatch":
        what, hint = SHAPES.get(errors[0]["ctx"]["pattern"], (f"of the form {errors[0]['ctx']['pattern']}", None))
        said = f"{_shortened(errors[0]['input'])} is not {what}"
    return WRONG_VALUE.found(place, f"{label}: {said}", hint)


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}..."


def writable(kind: type[BaseModel]) -> frozenset[str]:
    """Return the keys that a file may give for ``kind``."""
    fields = frozenset(kind.model_fields)
    return fields - kind.given | kind.beside if issubclass(kind, Entry) else fields


def _model_at(kind: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel]:
    """Return the model that the keys at ``path`` belong to."""
    for step in path:
        if isinstance(step, str) and step in kind.model_fields:
            kind = next(_models_in(kind.model_fields[step].annotation), kind)
    return kind


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - annotations have no type of their own
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, tuple):
        for inner in get_args(annotation):
            yield from _models_in(inner)
