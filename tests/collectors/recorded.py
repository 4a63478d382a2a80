# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The recorded answers: ``tests/fixtures/collectors/<collector>/<case>.txt``, each with its facts beside it."""

from pathlib import Path

from fleet.collector import catalogue

FIXTURES = Path(__file__).parent.parent / "fixtures" / "collectors"
RECORDED = [answer for name in catalogue() for answer in sorted((FIXTURES / name).glob("*.txt"))]
