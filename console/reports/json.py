# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The document as JSON, and the published JSON Schema it keeps to."""

import json
import sys

from pydantic_core import PydanticSerializationError

from console.reports.model import Inspection

SCHEMA_ID = "urn:edufleet:schema:inspection:1"


def render(inspection: Inspection) -> str:
    """Return ``inspection.json``: UTF-8 text, what a target sent that is not Unicode shown as ``?``."""
    try:
        return inspection.model_dump_json(indent=2) + "\n"
    except PydanticSerializationError:  # lone surrogates, which only the slower way can be told to replace
        document = inspection.model_dump(mode="json")
    return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode("utf-8") + "\n"


def schema() -> str:
    """Return the JSON Schema (2020-12) of ``inspection.json``, as published in ``docs/reference/``."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **Inspection.model_json_schema(mode="serialization"),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
