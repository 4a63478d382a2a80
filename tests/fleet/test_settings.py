# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The state directory: where it is, and that its owner alone can enter it."""

import os
import stat
from pathlib import Path

import pytest

from fleet.settings import settings
from inventories.errors import BadInput


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_state_directory_is_the_first_that_is_set(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path / "home")}
    xdg = home | {"XDG_STATE_HOME": str(tmp_path / "xdg")}
    own = xdg | {"EDUFLEET_STATE": str(tmp_path / "own")}

    assert settings(home).state == tmp_path / "home/.local/state/edufleet"
    assert settings(xdg).state == tmp_path / "xdg/edufleet"
    assert settings(own).state == tmp_path / "own"


def test_a_relative_xdg_directory_is_ignored_as_its_specification_says(tmp_path: Path) -> None:
    found = settings({"HOME": str(tmp_path), "XDG_STATE_HOME": "state"})

    assert found.state == tmp_path / ".local/state/edufleet"


def test_a_database_url_overrides_the_file(tmp_path: Path) -> None:
    own = {"EDUFLEET_STATE": str(tmp_path / "s")}

    assert settings(own).database is None
    assert settings(own | {"EDUFLEET_DATABASE": "postgresql://db/edufleet"}).database == "postgresql://db/edufleet"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_a_new_state_directory_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        state = settings({"EDUFLEET_STATE": str(tmp_path / "s")}).state
    finally:
        os.umask(before)

    assert mode(state) == 0o700


@pytest.mark.parametrize("content", [None, "captures", "history.sqlite"])
def test_our_own_directory_is_tightened(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / content).touch()
    tmp_path.chmod(0o755)

    settings({"EDUFLEET_STATE": str(tmp_path)})

    assert mode(tmp_path) == 0o700


def test_a_directory_others_have_a_use_for_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "somebody's work").touch()
    tmp_path.chmod(0o1777)

    with pytest.raises(BadInput, match="other users can enter") as refusal:
        settings({"EDUFLEET_STATE": str(tmp_path)})

    assert mode(tmp_path) == 0o1777
    assert refusal.value.where == str(tmp_path)
    assert "EDUFLEET_STATE" in str(refusal.value.hint)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a directory that belongs to somebody else")
def test_a_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, -1)

    with pytest.raises(BadInput, match="belongs to user 65534"):
        settings({"EDUFLEET_STATE": str(tmp_path)})


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "s").touch()

    with pytest.raises(BadInput, match="cannot keep state here") as refusal:
        settings({"EDUFLEET_STATE": str(tmp_path / "s")})

    assert refusal.value.where == str(tmp_path / "s")
