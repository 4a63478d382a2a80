# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Turn a capture into typed facts, or into the reason why there are none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fleet.capture import Capture, Section
from fleet.collector import ABSENT, DENIED, AnyCollector, UnparsableError, catalogue
from fleet.framing import printable
from inventories.base import Frozen

Reason = Literal["absent", "denied", "timeout", "truncated", "failed", "unparsable", "cut", "not_asked"]
"""Why a fact is missing: the subject is not there; root is needed; the question ran out of time, or of room, or failed,
or answered nonsense; the session ended first; nobody asked."""

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]")
"""Terminal escapes, NULs, C1 controls and undecodable bytes: never part of an honest answer, never shown to people."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that could not be had. Never stands for a good one."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class HostFacts:
    """All that a capture tells of one host: facts by collector id, and what is missing, by collector id."""

    target: str
    facts: Mapping[str, Frozen]
    missing: Mapping[str, Missing]

    def look(self, path: str) -> object:
        """Return what ``collector.field.field`` names, or a :class:`Missing`.

        At a mapping the rest of the path is one key (sysctl names contain dots); ``None``, an unknown key: absent.
        A field that the fact model does not have is a mistake in the content, not in the evidence.

        Raises:
            KeyError: the path names no field of the collector's facts.

        """
        name, _, rest = path.partition(".")
        if name in self.missing:
            return self.missing[name]
        if name not in self.facts:
            return Missing("not_asked", f"{name} was not asked")
        return dig(self.facts[name], rest, path)


def dig(value: object, rest: str, path: str) -> object:
    """Follow ``rest`` down from ``value``; ``path`` is what error and Missing call it."""
    while rest:
        if isinstance(value, Mapping):
            value, rest = value.get(rest), ""
        else:
            field, _, rest = rest.partition(".")
            try:
                value = getattr(value, field)
            except AttributeError:
                raise KeyError(f"{path}: {type(value).__name__} has no field {field!r}") from None
        if value is None:
            return Missing("absent", f"{path} is not set")
    return value


def read(capture: Capture, collectors: Mapping[str, AnyCollector] | None = None) -> HostFacts:
    """Parse every section of a capture with the collectors at hand (default: the catalogue)."""
    collectors = catalogue() if collectors is None else collectors
    facts: dict[str, Frozen] = {}
    missing: dict[str, Missing] = {}
    for name in capture.asked:
        section = capture.sections.get(name)
        if name not in collectors:
            missing[name] = Missing("not_asked", f"this version of edufleet has no collector {name}")
            continue
        reason = _unusable(collectors[name], section, capture)
        if reason is not None:
            missing[name] = reason
            continue
        assert section is not None  # noqa: S101 - _unusable said so
        try:
            facts[name] = collectors[name].parse(section.stdout)
        except UnparsableError as problem:
            missing[name] = Missing("unparsable", str(problem))
    return HostFacts(capture.target, facts, missing)


def _unusable(collector: AnyCollector, section: Section | None, capture: Capture) -> Missing | None:
    if section is None or section.rc is None:
        return Missing("cut", capture.cause.detail if capture.cause else "the session ended before the answer")
    if section.truncated:  # ahead of the next: the cut may have gone through a character
        return Missing("truncated", f"more than {collector.size} bytes")
    if section.timed_out:
        return Missing("timeout", f"no answer within {collector.seconds} s")
    if _UNPRINTABLE.search(section.stdout):
        return Missing("unparsable", "the answer has control characters or is not UTF-8")
    if section.rc == ABSENT:
        return Missing("absent", printable(section.stderr)[:200] or f"{collector.id}: not on this host")
    unprivileged = collector.root and capture.privilege != "root"
    if section.rc == DENIED or (unprivileged and section.rc not in collector.ok):
        return Missing("denied", capture.privilege_detail or "root is needed to read this")
    if section.rc not in collector.ok:
        return Missing("failed", f"exit status {section.rc}: {printable(section.stderr)[:200]}".strip(": "))
    return None
