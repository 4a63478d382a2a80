# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about calendars: when things may be changed, and when they must not."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from inventories.base import Text
from inventories.book import Book
from inventories.findings import Finding, Rule
from inventories.model import ROOT, Calendar, Window
from inventories.registry import rule


class _Freeze(NamedTuple):
    """A freeze and the calendar that has it."""

    calendar: str
    window: Window


@rule(
    "INV-CAL-001",
    "error",
    title=Text(
        en="No maintenance is planned in a freeze of its own region or of one above.",
        zh="维护窗口不与本区域或上级区域的封网窗口重叠。",
    ),
    why=Text(
        en="One calendar allows what the other forbids; whoever looks at the first changes things during exams.",
        zh="一个日历允许、另一个日历禁止；只看前者的人会在考试期间实施变更。",
    ),
    hint="move the maintenance",
)
def maintenance_avoids_freezes(this: Rule, book: Book) -> Iterator[Finding]:
    """No maintenance window overlaps a freeze of a calendar of the same region or of one above it."""
    freezes = _freezes(book)
    for record, calendar in book.valid(Calendar):
        for position, window in enumerate(calendar.windows):
            if window.kind != "maintenance":
                continue
            for freeze in _in_force(freezes, calendar.region):
                if window.start < freeze.window.end and freeze.window.start < window.end:
                    what = f"freeze {freeze.window.id!r} of calendar {freeze.calendar!r}"
                    place = record.place("windows", position, "start")
                    yield this.found(place, f"maintenance {window.id!r} overlaps {what}")
                    break


@rule(
    "INV-CAL-002",
    "warning",
    title=Text(
        en="Every exam lies in freezes of its own region or of those above.",
        zh="考试窗口都处于本区域或上级区域的封网窗口之内。",
    ),
    why=Text(
        en="A change that goes wrong during an exam cannot be made good.",
        zh="考试期间变更出错无法补救。",
    ),
    hint="add a freeze that covers the exam",
)
def exams_are_frozen(this: Rule, book: Book) -> Iterator[Finding]:
    """Every moment of an exam window is in a freeze of a calendar of the same region or of one above it.

    Nothing is said when a calendar could not be read: it may have the freeze.
    """
    if any(record.model is None for record in book.of(Calendar)) or book.may_declare("freeze"):
        return
    freezes = _freezes(book)
    for record, calendar in book.valid(Calendar):
        for position, window in enumerate(calendar.windows):
            if window.kind != "exam":
                continue
            uncovered = _first_uncovered(window, (freeze.window for freeze in _in_force(freezes, calendar.region)))
            if uncovered is not None:
                message = f"exam {window.id!r} has no freeze from {uncovered:%Y-%m-%d %H:%M}"
                yield this.found(record.place("windows", position, "start"), message)


@rule(
    "INV-CAL-003",
    "warning",
    title=Text(en="Every calendar reaches beyond today.", zh="每个日历都有今天以后的窗口。"),
    why=Text(
        en="A calendar that has run out warns of nothing: the next exam period would find no freeze.",
        zh="已经用完的日历不再提示任何事项，下一次考试时不会封网。",
    ),
    hint="add the windows of the next term, or remove the calendar",
)
def calendars_reach_beyond_today(this: Rule, book: Book) -> Iterator[Finding]:
    """Every calendar with windows has one that ends after today."""
    for record, calendar in book.valid(Calendar):
        last = max((window.end for window in calendar.windows), default=None)
        if last is not None and last.date() <= book.today:
            message = f"the last window of calendar {record.id!r} ended on {last:%Y-%m-%d %H:%M}"
            yield this.found(record.place("windows"), message)


def _freezes(book: Book) -> Mapping[str, list[_Freeze]]:
    """Return the freezes by the region that declares them."""
    freezes: dict[str, list[_Freeze]] = {}
    for _, calendar in book.valid(Calendar):
        own = freezes.setdefault(calendar.region, [])
        own += (_Freeze(calendar.id, window) for window in calendar.windows if window.kind == "freeze")
    return freezes


def _in_force(freezes: Mapping[str, list[_Freeze]], region: str) -> Iterator[_Freeze]:
    """Yield the freezes of a region and of those above it."""
    yield from freezes.get(ROOT, ())
    parts = region.split("/") if region != ROOT else []
    for depth in range(1, len(parts) + 1):
        yield from freezes.get("/".join(parts[:depth]), ())


def _first_uncovered(window: Window, freezes: Iterable[Window]) -> datetime | None:
    """Return the first moment of ``window`` that is in none of ``freezes``, None when there is none."""
    moment = window.start
    for freeze in sorted(freezes, key=lambda freeze: freeze.start):
        if freeze.start <= moment < freeze.end:
            moment = freeze.end
    return moment if moment < window.end else None
