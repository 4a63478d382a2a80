# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Whether systemd is content: its own state and the units that failed."""

from typing import Literal

from fleet.collector import Collector, UnparsableError
from fleet.quantities import why
from inventories.base import Frozen, Text

QUESTION = """\
[ -d /run/systemd/system ] || exit 69
state=$(systemctl show -p SystemState) || exit
echo "$state"
[ "$state" = SystemState=running ] || systemctl list-units --state=failed --plain --no-legend --full --no-pager
"""

State = Literal["initializing", "starting", "running", "degraded", "maintenance", "stopping", "offline", "unknown"]
"""As ``systemctl is-system-running`` says; degraded: units failed."""


class Systemd(Frozen):
    """The state of the system manager."""

    state: State
    failed: tuple[str, ...]
    """Names of failed units."""

    @property
    def failed_count(self) -> int:
        """How many units failed."""
        return len(self.failed)


def parse(text: str) -> Systemd:
    """Read ``SystemState=`` and the lines of the failed units."""
    head, *lines = text.splitlines() or [""]
    try:
        return Systemd.model_validate(
            {
                "state": head.removeprefix("SystemState="),
                "failed": tuple(line.split()[0] for line in lines if line.strip()),
            }
        )
    except ValueError as problem:
        raise UnparsableError(f"systemd: {why(problem)}") from None


COLLECTOR = Collector(
    id="systemd",
    title=Text(en="systemd", zh="systemd 状态"),
    question=QUESTION,
    parse=parse,
    facts=Systemd,
)
