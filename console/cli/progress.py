# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Show how an inspection goes on: counts, and the hosts that take longest."""

import time
from typing import Self

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from fleet.capture import Capture
from inventories.base import Lang

_SLOWEST = 3
_AFTER = 2.0
"""Seconds after which a running host is worth naming."""

_WORDS = {
    "en": ("inspecting", "not reached", "partly", "waiting for"),
    "zh": ("巡检中", "不可达", "部分完成", "等待"),
}


class Display:
    """A watcher that draws on a terminal; on anything else it stays silent until the end."""

    def __init__(self, console: Console, total: int, lang: Lang) -> None:
        self._words = _WORDS[lang]
        self._running: dict[str, float] = {}
        self._unreached = 0
        self._partial = 0
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self._task = self._bar.add_task(self._words[0], total=total)
        self._live = Live(self, console=console, refresh_per_second=5, transient=True)
        self._on = console.is_terminal

    def __enter__(self) -> Self:
        if self._on:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self._bar
        notes = []
        if self._unreached:
            notes.append(f"{self._words[1]}: {self._unreached}")
        if self._partial:
            notes.append(f"{self._words[2]}: {self._partial}")
        now = time.monotonic()
        slowest = sorted((begun, name) for name, begun in self._running.items() if now - begun > _AFTER)[:_SLOWEST]
        if slowest:
            waiting = ", ".join(f"{name} {now - begun:.0f} s" for begun, name in slowest)
            notes.append(f"{self._words[3]}: {waiting}")
        yield Text("  ".join(notes), style="dim", no_wrap=True, overflow="ellipsis")

    def begun(self, target: str) -> None:
        """Take note that a session begins."""
        self._running[target] = time.monotonic()

    def ended(self, capture: Capture) -> None:
        """Take note that a session ended."""
        self._running.pop(capture.target, None)
        if not capture.reached:
            self._unreached += 1
        elif capture.cause is not None:
            self._partial += 1
        self._bar.advance(self._task)
