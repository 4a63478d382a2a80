# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the lab cannot do it says plainly, before it touches anything."""

from pathlib import Path

import pytest

from inventories.errors import BadInput, CouldNotFinish
from lab import lifecycle, tools
from lab.roster import read_roster
from tests.conftest import Quiet
from tests.lab.second import second_inventory, second_lab


def test_without_root_nothing_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = second_lab(tmp_path)
    roster = read_roster(lab, second_inventory(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(BadInput, match="needs root"):
        lifecycle.up(lab, roster, Quiet())
    with pytest.raises(BadInput, match="needs root"):
        lifecycle.down(lab)
    with pytest.raises(BadInput, match="needs root"):
        lifecycle.status(lab)
    assert not lab.dir.exists()


def test_missing_tools_are_named_by_their_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CouldNotFinish, match="mmdebstrap, systemd-container") as caught:
        tools.require_tools()
    assert "apt-get install" in str(caught.value)


def test_a_tool_that_fails_is_quoted() -> None:
    with pytest.raises(CouldNotFinish, match=r"sh failed \(7\): no such luck"):
        tools.run(["sh", "-c", "echo no such luck >&2; exit 7"])
