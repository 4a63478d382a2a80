# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Small collectors for tests: a question, and facts that are its answer."""

from fleet.collector import AnyCollector, Collector
from inventories.base import Frozen, Text


class Words(Frozen):
    """What a test question answered."""

    text: str


def question(name: str, fragment: str, *, seconds: int = 5, size: int = 4096, root: bool = False) -> AnyCollector:
    """Return a collector called ``name`` that asks ``fragment``."""
    return Collector(
        id=name,
        title=Text(en=name, zh=name),
        question=fragment,
        parse=lambda text: Words(text=text),
        facts=Words,
        seconds=seconds,
        size=size,
        root=root,
    )
