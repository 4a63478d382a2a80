# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""One session with one target: what goes over the wire, and the capture that is made of what came back."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from fleet import framing, script
from fleet.capture import Capture, Cause, CauseCode, Privilege
from fleet.collector import AnyCollector, digest

SLACK = 262_144
"""Bytes a session may bring beyond its questions' bounds: banners, noise of login scripts, marks."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one pass asks of every target; each session frames it with a mark of its own."""

    collectors: tuple[AnyCollector, ...]
    tool: str
    questions: str = field(init=False)
    limit: int = field(init=False)
    """Bound of what a session may bring, in bytes; more is a target out of control."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "questions", digest(self.collectors))
        # All questions together may bring this much, and again when they are asked one by one.
        object.__setattr__(self, "limit", 2 * sum(c.size for c in self.collectors) + script.STDERR_SIZE + SLACK)


@dataclass(slots=True)
class Session:
    """What a running session has brought so far; transports write it, :func:`capture` reads it at any time."""

    mark: str = field(default_factory=lambda: "@" + secrets.token_hex(16))
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    reached: bool = False

    @property
    def began(self) -> bool:
        """Whether the script has started to answer."""
        return f"\n{self.mark} H ".encode() in self.stdout

    @property
    def finished(self) -> bool:
        """Whether the script has come to its end; what still holds the session open is not part of the answer."""
        last = f"\n{self.mark} ".encode()
        return self.stdout.startswith(last + b"Z\n", max(self.stdout.rfind(last), 0))

    @property
    def size(self) -> int:
        """Bytes brought so far."""
        return len(self.stdout) + len(self.stderr)


def capture(
    target: str, ask: Ask, session: Session, *, started: datetime, seconds: float, cause: Cause | None
) -> Capture:
    """Make the capture of an ended session; a session without cause that never finished was cut."""
    answers = framing.read(bytes(session.stdout), bytes(session.stderr), session.mark, ask.collectors)
    if answers.finished:
        cause = None
    elif cause is None:
        cause = _ended_early(answers, session)
    privilege: Privilege = "unknown" if answers.uid is None else "root" if answers.uid == 0 else "user"
    return Capture(
        target=target,
        started=started.isoformat(timespec="milliseconds"),
        seconds=round(seconds, 3),
        tool=ask.tool,
        questions=ask.questions,
        asked=tuple(collector.id for collector in ask.collectors),
        reached=session.reached,
        privilege=privilege,
        privilege_detail=_refusal(answers.before) if privilege == "user" else "",
        cause=cause,
        target_cpu_seconds=answers.cpu_seconds,
        sections=answers.sections,
    )


def _ended_early(answers: framing.Answers, session: Session) -> Cause:
    if answers.uid is not None:
        return Cause("cut", f"the session ended after {len(answers.sections)} answers")
    said = framing.printable(answers.before or bytes(session.stdout[-200:]).decode("utf-8", "replace"))
    code: CauseCode = "no_shell"
    return Cause(code, f"the login shell ended before the script began: {said[-200:] or 'it said nothing'}")


def _refusal(before: str) -> str:
    """Return what sudo (or the lack of it) said, from the standard error ahead of the script."""
    said = [line for line in before.splitlines() if "sudo" in line]
    return framing.printable(said[-1])[:200] if said else "sudo gave no root"
