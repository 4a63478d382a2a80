# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the tests of the transport share: an empty home directory, and time-outs short enough to wait for."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.links import Patience
from fleet.ssh import transport
from tests.fleet.servers import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return the home of somebody who has never used ssh, and has no agent."""
    (tmp_path / ".ssh").mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return Home(tmp_path)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a way to set how long the transport waits on a local network; retries follow at once."""

    def be(*, login: float = 5, start: float = 5, answer: float = 10, tries: int = 1) -> None:
        monkeypatch.setattr(transport, "PATIENCE", {"lan": Patience(login, start, answer, tries)})
        monkeypatch.setattr(random, "uniform", lambda *_: 0.0)

    return be
