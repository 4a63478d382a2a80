# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads the cases a check is tried on: ``cases/<check>.yml``.

A case gives facts by collector, as fields or as the name of a recorded answer in ``tests/fixtures/collectors``, or the
reason why a collector's facts are missing; and the state expected, or the states by item.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from fleet.collector import catalogue
from fleet.facts import HostFacts, Missing, Reason
from inventories.base import Frozen
from probes.verdict import State

CASES = Path(__file__).parent / "cases"
FIXTURES = Path(__file__).parent.parent / "fixtures" / "collectors"


class Case(Frozen):
    """One host as far as one check looks at it, and what the check must say."""

    facts: Mapping[str, str | dict[str, Any]] = {}
    missing: Mapping[str, Reason] = {}
    expect: State | Mapping[str, State]

    @property
    def states(self) -> Mapping[str, State]:
        """The states expected, by item."""
        return {"": self.expect} if isinstance(self.expect, str) else self.expect

    def host(self) -> HostFacts:
        """Return the facts as a capture would have given them."""
        missing = {name: Missing(reason, "as the case says") for name, reason in self.missing.items()}
        return HostFacts("case", {name: _facts(name, given) for name, given in self.facts.items()}, missing)


def _facts(name: str, given: str | dict[str, Any]) -> Frozen:
    collector = catalogue()[name]
    if isinstance(given, str):
        return collector.parse((FIXTURES / name / f"{given}.txt").read_text("utf-8"))
    return collector.facts.model_validate(given)


def cases(check: str) -> Mapping[str, Case]:
    """Return the cases of a check, by name."""
    written = yaml.safe_load((CASES / f"{check}.yml").read_text("utf-8"))
    return {name: Case.model_validate(case) for name, case in written.items()}
