# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Where the API token comes from: a secret of the inventory, in the environment or a file."""

from pathlib import Path

import pytest

from inventories.errors import BadInput
from inventories.model import Inventory, Secret
from inventories.netbox.token import token
from tests.inventories.netbox.sample import sample


def having(root: Path, **place: object) -> Inventory:
    secret = Secret.model_validate({"id": "nb", "region": ".", **place})
    return sample(root).model_copy(update={"secrets": (secret,)})


def test_it_is_read_from_the_environment(tmp_path: Path) -> None:
    assert token(having(tmp_path, env="NB"), "nb", {"NB": " t \n"}) == "t"


def test_it_is_the_first_line_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t\nnote\n", encoding="utf-8")

    assert token(having(tmp_path / "i", file=tmp_path / "token"), "nb", {}) == "t"


@pytest.mark.parametrize(
    ("place", "name", "said"),
    [
        ({"env": "NB"}, "nb", "secret 'nb' is empty"),
        ({"file": "/nonexistent/token"}, "nb", "cannot be read"),
        ({"age": "token.age"}, "nb", r"in a place \(age\) that is not read for NetBox"),
        ({"env": "NB"}, "netbox", "the inventory has no secret 'netbox'"),
    ],
)
def test_what_cannot_be_found_is_said(tmp_path: Path, place: dict[str, object], name: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        token(having(tmp_path, **place), name, {})
