# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""All emitters agree: read back by who reads them in earnest, each says of every asset what ``variables`` says."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from inventories.emitter import emitters
from inventories.model import Inventory
from inventories.variables import PREFIX, variables
from tests.inventories.emitters.emitted import written
from tests.inventories.emitters.readers import reader


@pytest.mark.parametrize("emitter", emitters())
def test_what_is_read_back_is_what_the_table_of_variables_says(
    emitter: str, reference: Inventory, tmp_path: Path
) -> None:
    how = reader(emitter)
    if how.read is None:
        pytest.skip(f"{emitter} tells nothing of single assets")
    expected = {
        asset.name: {name: repr(how.form(value)) for name, value in variables(reference, asset).items()}
        for asset in reference.assets
        if isinstance(asset, how.covers)
    }

    back = how.read(written(emitter, reference, tmp_path))

    # A format may add what it needs to connect; it may add nothing to the table itself.
    told = {asset: _table(values, expected.get(asset, {})) for asset, values in back.items()}
    assert expected
    assert told == expected


def _table(values: Mapping[str, object], expected: Mapping[str, str]) -> dict[str, str]:
    return {name: repr(value) for name, value in values.items() if name.startswith(PREFIX) or name in expected}
