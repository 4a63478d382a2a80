# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Read the framed answers of one session apart; pure, and indifferent to what the target wrote between the marks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fleet.capture import Section
from fleet.collector import AnyCollector

_KILLED_BY_BOUND = 137
"""Exit status of a question that timeout(1) or the watchdog ended: 128 and SIGKILL."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one session brought: who answered, which sections, and whether the script came to its end."""

    uid: int | None
    """User the questions ran as; None when the script never started."""
    sections: Mapping[str, Section]
    finished: bool
    cpu_seconds: float | None
    before: str
    """Standard error ahead of the script: banners and what sudo said."""


def read(stdout: bytes, stderr: bytes, mark: str, asked: Iterable[AnyCollector]) -> Answers:
    """Split a session's output at the marks; a section that has no end keeps what it had, with ``rc`` None.

    The first complete answer to a question counts: the script asks again only what was not answered.
    """
    sizes = {collector.id: collector for collector in asked}
    spoken = {words[1]: body for words, body in _frames(stderr, mark) if len(words) == 3 and words[0] == "B"}  # noqa: PLR2004
    uid: int | None = None
    cpu: float | None = None
    finished = False
    sections: dict[str, Section] = {}
    frames = list(_frames(stdout, mark))
    for position, (words, body) in enumerate(frames):
        match words:
            case ["H", number]:
                uid = _whole(number)
            case ["Z"]:
                finished, cpu = True, _children_cpu(body)
            case ["B", name, begun] if name in sizes and (name not in sections or sections[name].rc is None):
                end = frames[position + 1][0] if position + 1 < len(frames) else ("",)
                sections[name] = _section(sizes[name], body, spoken.get(name, b""), begun, end)
            case _:
                pass
    return Answers(uid, sections, finished, cpu, _text(stderr.split(f"\n{mark} ".encode(), 1)[0]).strip())


def _section(collector: AnyCollector, stdout: bytes, stderr: bytes, begun: str, end: tuple[str, ...]) -> Section:
    complete = len(end) == 4 and end[:2] == ("E", collector.id)  # noqa: PLR2004 - E, id, rc, uptime
    rc = _whole(end[2]) if complete else None
    seconds = max(0.0, _number(end[3]) - _number(begun)) if complete else 0.0
    truncated = len(stdout) >= collector.size
    timed_out = rc == _KILLED_BY_BOUND and not truncated and seconds > collector.seconds - 0.5
    return Section(rc, _text(stdout), _text(stderr).strip(), round(seconds, 2), truncated, timed_out)


def _frames(stream: bytes, mark: str) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """Yield the words of every mark line with the bytes up to the next one."""
    pieces = re.split(rb"\n" + re.escape(mark.encode()) + rb" ([^\n]*)\n", b"\n" + stream)
    for words, body in zip(pieces[1::2], pieces[2::2], strict=True):
        yield tuple(words.decode("ascii", "replace").split()), body


def _children_cpu(times: bytes) -> float | None:
    r"""Return the seconds of the second line of the shell's ``times``: user and system time of all questions.

    >>> _children_cpu(b"0m0.00s 0m0.01s\n0m1.25s 0m0.50s\n")
    1.75
    """
    found = re.findall(rb"\b(\d{1,9})m(\d{1,9}(?:\.\d{1,9})?)s", times)
    if len(found) != 4:  # noqa: PLR2004 - shell user, shell system, children user, children system
        return None
    return round(sum(int(minutes) * 60 + float(seconds) for minutes, seconds in found[2:]), 3)


def _whole(word: str) -> int | None:
    return int(word) if re.fullmatch("[0-9]{1,10}", word) else None  # a target may forge digits by the thousand


def _number(word: str) -> float:
    return float(word) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", word) else 0.0


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def printable(text: str) -> str:
    r"""Return ``text`` on one line without anything that could act on a terminal.

    >>> printable("a\x1b[31mb\n c\udcff")
    'a?[31mb c?'
    """
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
