# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The program under test."""

from pathlib import Path

import pytest

from tests.console.program import Program


@pytest.fixture
def edufleet(tmp_path: Path) -> Program:
    """The program, with state and reports under a directory of the test's own."""
    return Program(tmp_path)
