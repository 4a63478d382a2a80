# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The JSON Schema of an inventory's files, for editors; it follows from the models."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from inventories.base import Frozen
from inventories.model import (
    KINDS,
    Authority,
    Group,
    GroupDefaults,
    Listed,
    Part,
    Region,
    RegionDefaults,
    Site,
    SiteDefaults,
)

Schema = dict[str, Any]

_SINGLE: dict[str, type[BaseModel]] = {"authority": Authority, "region": Region, "defaults": RegionDefaults}
_BESIDE: dict[type[Listed], type[BaseModel]] = {Site: SiteDefaults, Group: GroupDefaults}


def schema() -> Schema:
    """Return the schema (draft 2020-12) of one file; every file of an inventory may have every section."""
    tops: list[type[BaseModel]] = [*_SINGLE.values(), *KINDS, *_BESIDE.values()]
    _, generated = models_json_schema([(top, "validation") for top in tops])
    classes = {kind.__name__: kind for kind in _all_kinds(Frozen)}
    definitions = {name: _written(classes[name], found) for name, found in generated["$defs"].items()}
    sections: Schema = {name: _reference(kind) for name, kind in _SINGLE.items()}
    sections |= {kind.section: _by_name(_reference(kind)) for kind in KINDS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of an edufleet inventory",
        "type": "object",
        "properties": sections,
        "additionalProperties": False,
        "$defs": definitions,
    }


def _all_kinds(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith(("inventories.model.", "inventories.base")):
            yield below
            yield from _all_kinds(below)


def _written(kind: type[BaseModel], found: Schema) -> Schema:
    """Return the schema of ``kind`` as a file has it: without what follows from its place, with what may be added."""
    given: frozenset[str] = getattr(kind, "given", frozenset())
    inherited: frozenset[str] = getattr(kind, "inherits", frozenset())
    properties: Schema = {}
    for name, field in found.get("properties", {}).items():
        if name in given:
            continue
        properties[name] = _named(kind, name, field)
        if field.get("type") == "array" and properties[name] is field:
            properties[f"{name}+"] = {**field, "description": f"Added to what is inherited. {field['description']}"}
            properties[f"{name}+"].pop("default", None)
    if kind in _BESIDE:
        properties["defaults"] = _reference(_BESIDE[kind])
    required = [name for name in found.get("required", ()) if name not in given | inherited]
    # A VLAN takes the rest from what the regions say of its name.
    if kind.__name__ == "Vlan":
        required = []
    return {**found, "properties": properties, "required": required}


def _named(kind: type[BaseModel], name: str, field: Schema) -> Schema:
    """Return ``field`` as a mapping by name where parts are written so."""
    parts = [
        argument
        for argument in getattr(kind.model_fields[name].annotation, "__args__", ())
        if isinstance(argument, type) and issubclass(argument, Part)
    ]
    if not parts:
        return field
    return {**_by_name(field["items"]), "description": field["description"]}


def _by_name(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": {"anyOf": [item, {"type": "null"}]}}


def _reference(kind: type[BaseModel]) -> Schema:
    return {"$ref": f"#/$defs/{kind.__name__}"}
