# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a baseline evaluation says: one result per rule and host, with the evidence it stands on."""

from typing import Literal

from inventories.base import Frozen, Text

Outcome = Literal["pass", "fail", "not_applicable", "manual", "error", "not_evaluated"]
Severity = Literal["low", "medium", "high", "critical"]


class Evidence(Frozen):
    """One observed value: minimal, redacted, with the collector that saw it."""

    fact: str
    """Path of the fact, e.g. ``sshd_effective.permitrootlogin``."""
    observed: str
    """What was seen, shortened; or why nothing was."""


class Result(Frozen):
    """The verdict of one rule on one host."""

    rule: str
    outcome: Outcome
    message: Text
    """Why: what is wrong and what was expected, or why there is no verdict and how to mend that."""
    evidence: tuple[Evidence, ...] = ()
