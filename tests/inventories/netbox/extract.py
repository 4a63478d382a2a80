# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Takes from NetBox's OpenAPI document (``/api/schema/?format=json``) what the stand-in holds to.

For each kind of object that edufleet uses: the JSON Schema of what NetBox takes (``write``) and of what it answers
(``read``), descriptions left out, nested objects cut down to what tells them apart.

Run it as ``python -m tests.inventories.netbox.extract openapi.json > tests/inventories/netbox/openapi-extract.json``.
"""

import json
import sys
from pathlib import Path
from typing import Any

from inventories.netbox.objects import KINDS

_KEPT = ("type", "enum", "maxLength", "minLength", "pattern", "minimum", "maximum")


def extract(document: dict[str, Any]) -> dict[str, Any]:
    """Return the version of the API and both schemas of every kind that is used."""
    kinds: dict[str, Any] = {}
    for kind in KINDS.values():
        body, answer = _body(document, f"/api/{kind.endpoint}/"), _answer(document, f"/api/{kind.endpoint}/")
        # What NetBox works out and edufleet does not read, counts above all, says nothing about the stand-in.
        answer["properties"] = {
            name: one for name, one in answer["properties"].items() if name in {"id", "display", *body["properties"]}
        }
        answer["required"] = [name for name in answer["required"] if name in answer["properties"]]
        kinds[kind.id] = {
            "write": _object(body, document, nested=_written),
            "read": _object(answer, document, nested=_read),
        }
    return {"version": document["info"]["version"], "kinds": kinds}


def _body(document: dict[str, Any], path: str) -> dict[str, Any]:
    schema = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return _resolved(schema["oneOf"][0], document)


def _answer(document: dict[str, Any], path: str) -> dict[str, Any]:
    schema = document["paths"][path]["post"]["responses"]["201"]["content"]["application/json"]["schema"]
    return _resolved(schema, document)


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Follow references; what stands beside one holds too."""
    beside = {key: value for key, value in schema.items() if key not in {"$ref", "allOf"}}
    names = [schema["$ref"]] if "$ref" in schema else [one["$ref"] for one in schema.get("allOf", ())]
    for name in names:
        beside = {**_resolved(document["components"]["schemas"][name.rpartition("/")[2]], document), **beside}
    return beside


def _object(schema: dict[str, Any], document: dict[str, Any], nested: Any) -> dict[str, Any]:
    properties = {name: _field(one, document, nested) for name, one in schema["properties"].items()}
    return {
        "type": "object",
        "required": sorted(schema.get("required", ())),
        "properties": properties,
        "additionalProperties": False,
    }


def _field(schema: dict[str, Any], document: dict[str, Any], nested: Any) -> dict[str, Any]:
    schema = _resolved(schema, document)
    if "oneOf" in schema:
        inner = [_field(one, document, nested) for one in schema["oneOf"]]
        plain = [one for one in inner if one.get("type") != "object"]
        field = plain[0] if plain else inner[0]
    elif schema.get("type") == "object":
        field = nested(schema)
    elif schema.get("type") == "array":
        field = {"type": "array", "items": _field(schema["items"], document, nested)}
    else:
        # A text that is not given is answered as an empty one, whatever pattern holds for what is given.
        kept = _KEPT if nested is _written else ("type", "enum")
        field = {key: schema[key] for key in kept if key in schema}
    if schema.get("nullable") and isinstance(field.get("type"), str):
        field = {**field, "type": [field["type"], "null"]}
        if "enum" in field:
            field["enum"] = list(dict.fromkeys([*field["enum"], None]))
    return field


def _written(schema: dict[str, Any]) -> dict[str, Any]:
    """An object that is written beside others: a tag by its slug, an end of a cable by type and number."""
    return {"type": "object", "properties": dict.fromkeys(schema.get("properties", ()), True)}


def _read(schema: dict[str, Any]) -> dict[str, Any]:
    """An object in an answer: a choice is told by its value, another object by its id."""
    properties = schema.get("properties", {})
    if "value" in properties:
        values = {key: properties["value"][key] for key in ("type", "enum") if key in properties["value"]}
        # The document does not say that NetBox answers null where nothing is chosen; 4.7.3 does.
        return {"type": ["object", "null"], "required": ["label", "value"], "properties": {"value": values}}
    named = [name for name in ("id", "object_type", "object_id") if name in properties]
    return {"type": "object", "required": named}


if __name__ == "__main__":
    json.dump(extract(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), sys.stdout, separators=(",", ":"))
