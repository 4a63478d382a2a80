# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The plan of an enforcement: which findings are to be mended on which hosts, with which steps, and which are not."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Literal

from pydantic import ValidationError

from inventories.base import Frozen, Text
from inventories.errors import BadInput
from security.operators import Value
from security.remedy import Danger, Step
from security.verdict import Severity

FORMAT: Literal[1] = 1

DANGERS: tuple[Danger, ...] = ("none", "service", "access", "reboot")
"""In the order in which steps are taken."""

Reason = Literal["waived", "no_remedy", "unsupported", "error", "not_evaluated", "manual", "unsettled", "stricter"]
"""Why a finding is not in the plan: somebody accepted it; people mend it; there is no way yet to take such a step; the
evidence failed, or is not there; a person answers it; a parameter does not fit; all is as strict as asked already."""


class Measure(Frozen):
    """What is to be done about one finding on one host."""

    rule: str
    title: Text
    severity: Severity
    danger: Danger
    finding: Text
    params: Mapping[str, Value]
    steps: tuple[Step, ...]
    """With the values of the parameters in them."""


class Exclusion(Frozen):
    """A finding, or a rule without a verdict, that is left as it is."""

    rule: str
    reason: Reason


class HostPlan(Frozen):
    """What is to be done on one host, and what was seen there."""

    host: str
    observed: datetime
    """UTC time of the capture that the plan stands on."""
    capture: str
    """Address of that capture in the store."""
    measures: tuple[Measure, ...]
    """By danger, then by rule."""
    excluded: tuple[Exclusion, ...]


class Plan(Frozen):
    """A plan, sealed by a digest over all the rest."""

    format: Literal[1]
    id: str
    created: datetime
    tool: str
    profile: str
    scope: str
    """The ``--limit`` pattern; empty for the whole inventory."""
    hosts: tuple[HostPlan, ...]
    unreached: tuple[str, ...] = ()
    """Hosts that were asked for and did not answer, or not to the end: nothing is planned for them."""
    digest: str = ""

    def sealed(self) -> "Plan":
        """Return the plan with the digest of its content."""
        return self.model_copy(update={"digest": self._sum()})

    @property
    def intact(self) -> bool:
        """Whether the content is what was sealed."""
        return self.digest == self._sum()

    @property
    def oldest(self) -> datetime:
        """When the oldest capture was taken that a measure stands on."""
        return min((host.observed for host in self.hosts if host.measures), default=self.created)

    @property
    def rules(self) -> frozenset[str]:
        """Every rule with a measure on some host."""
        return frozenset(measure.rule for host in self.hosts for measure in host.measures)

    def _sum(self) -> str:
        return sha256(self.model_dump_json(exclude={"digest"}).encode()).hexdigest()


def read(text: str, where: str) -> Plan:
    """Return the plan that ``text`` holds; ``where`` names its file in errors.

    Raises:
        BadInput: it is no plan, or was changed after it was made.

    """
    try:
        plan = Plan.model_validate_json(text)
    except ValidationError as refused:
        error = refused.errors()[0]
        place = ".".join(map(str, error["loc"]))
        raise BadInput(f"not a plan: {place}: {error['msg']}".replace(": :", ":"), where=where, hint=_ANEW) from None
    if not plan.intact:
        raise BadInput("the plan was changed after it was made: its digest does not fit", where=where, hint=_ANEW)
    return plan


_ANEW = "make one: edufleet baseline enforce --plan"
