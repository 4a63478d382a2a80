# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory schema``: the JSON Schema by which editors complete and check the files."""

import json
import sys

from inventories.schema import schema


def command() -> None:
    """Print the JSON Schema of an inventory's files, for editors.

    For example, beside the inventory: edufleet inventory schema > inventory.schema.json,
    and as the first line of a file: # yaml-language-server: $schema=../inventory.schema.json
    """
    sys.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n")
