# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The JSON Schema for editors: kept current, right about what we ship, and strict about what is wrong."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from pydantic import BaseModel

import inventories
from inventories.base import Frozen
from inventories.findings import Report
from inventories.model import Inventory
from inventories.reading.source import read_source
from inventories.schema import schema

PACKAGED = Path(inventories.__file__).parent
PUBLISHED = PACKAGED.parent / "docs" / "reference" / "inventory.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(schema())


def test_the_published_schema_is_the_current_one() -> None:
    """Regenerate with: edufleet inventory schema > docs/reference/inventory.schema.json."""
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema()


def test_it_is_a_schema_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", ["reference", "lab"])
def test_every_file_we_ship_conforms(name: str) -> None:
    paths = sorted((PACKAGED / name).rglob("*.yml"))
    assert paths
    for path in paths:
        node = read_source(path, Report())
        problems = [
            f"{path}: {one.json_path}: {one.message}" for one in VALIDATOR.iter_errors(node.plain() if node else {})
        ]
        assert not problems


@pytest.mark.parametrize(
    "wrong",
    [
        {"hots": {}},
        {"hosts": {"web1": {"address": "10.1.0.1", "adress": "10.1.0.2"}}},
        {"hosts": {"web1": {"address": "10.1.0.1", "region": "qinghe"}}},
        {"hosts": {"web1": {"address": "10.1.0.1", "groups+": "web"}}},
        {"sites": {"dc": {"name": {"en": "D", "zh": "中"}, "rooms": {"r": {"grade": "D", "it_kw": 3}}}}},
        {"region": {"level": "town", "name": {"en": "T", "zh": "镇"}}},
    ],
)
def test_what_is_wrong_is_told(wrong: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid(wrong)


def test_a_named_vlan_needs_nothing_that_the_regions_say() -> None:
    site = {"name": {"en": "D", "zh": "中"}, "vlans": {"mgmt": None, "exam": {"prefixes": ["10.1.6.0/24"]}}}
    assert VALIDATOR.is_valid({"sites": {"dc": site}})


def all_kinds(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for below in kind.__subclasses__():
        yield below
        yield from all_kinds(below)


def test_every_field_of_the_model_is_described() -> None:
    for kind in all_kinds(Frozen):
        if kind.__module__.startswith("inventories.model.") and kind is not Inventory:
            for name, field in kind.model_fields.items():
                assert field.description, f"{kind.__name__}.{name} has no description"
