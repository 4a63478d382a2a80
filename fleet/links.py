# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How long to wait on which kind of link: bounded everywhere, patient where the site is weak."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Patience:
    """Time-outs in seconds, and how often a connection is tried."""

    login: float
    """From the first packet to the end of authentication."""
    start: float
    """From login to the first mark of the script: what a slow login shell or sudo may take."""
    answer: float
    """For all answers together, once the script has begun."""
    tries: int


PATIENCE = MappingProxyType(
    {
        "lan": Patience(login=5, start=10, answer=60, tries=2),
        "fiber": Patience(login=6, start=10, answer=60, tries=2),
        "leased": Patience(login=8, start=15, answer=90, tries=2),
        "lte": Patience(login=15, start=20, answer=120, tries=3),
        "satellite": Patience(login=25, start=30, answer=180, tries=3),
    }
)
"""By link class. A satellite handshake is about seven round trips of 700 ms before anything can go wrong."""

CONCURRENCY = 50
"""Sessions at once: where two cores stop gaining and memory starts to matter."""
