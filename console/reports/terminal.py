# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inspection as one screen of a terminal: what to know before opening the report."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.text import Text

from console.reports import figures, view
from console.reports.model import Inspection
from console.reports.plain import one_line
from console.reports.sentences import room_name, runs_out, verdict
from console.reports.view import Overview, RegionLine
from console.reports.words import Words
from inventories.base import Lang
from probes.verdict import Room

# Shapes that take one cell everywhere: the common ones are "ambiguous" in Unicode, two cells wide in Chinese terminals.
_LOOK: Final = {
    "ok": ("✓", "green"),
    "pass": ("✓", "green"),
    "warning": ("▴", "yellow"),
    "critical": ("✕", "bold red"),
    "fail": ("✕", "red"),
    "error": ("!", "magenta"),
    "interrupted": ("!", "magenta"),
    "partial": ("▴", "yellow"),
    "unreachable": ("?", "cyan"),
    "unknown": ("?", "cyan"),
    "not_evaluated": ("?", "cyan"),
    "manual": ("✎", "blue"),
    "not_applicable": ("-", "dim"),
    "high": ("✕", "red"),
    "medium": ("✕", "yellow"),
    "low": ("✕", "dim"),
}
_ROWS = 3
_WIDTH = 80
_NAME_CELLS = 20
_LABEL_CELLS = 9
_BAR_CELLS = 8


def render(inspection: Inspection, lang: Lang) -> RenderableType:
    """Return at most 23 lines, made for 80 columns; what does not fit in a line is cut with an ellipsis."""
    words = Words(lang)
    seen = view.overview(inspection)
    return Group(
        *_head(inspection, seen, words),
        *_unfinished(seen, words),
        *_health(inspection, seen, words),
        *_baseline(inspection, seen, words),
        *_capacity(inspection, seen, words),
        *_regions(seen, words),
    )


def _line(*parts: str | tuple[str, str]) -> Text:
    """Put a line together from plain and styled parts; never markup, since parts come from targets too."""
    line = Text(no_wrap=True, overflow="ellipsis", end="\n")
    for part in parts:
        text, style = part if isinstance(part, tuple) else (part, "")
        line.append(text, style)
    return line


def _fit(text: str, cells: int) -> str:
    """Return a text of exactly so many cells; what is cut ends in an ellipsis."""
    text = one_line(text)
    return set_cell_size(text, cells) if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"


def _mark(kind: str) -> tuple[str, str]:
    shape, style = _LOOK[kind]
    return f"  {shape} ", style


def _counts(title: str, family: str, counts: Sequence[tuple[str, int]], words: Words) -> Text:
    """Return a heading with every count that is not zero."""
    parts: list[str | tuple[str, str]] = [(_fit(title, _LABEL_CELLS), "bold")]
    for kind, count in counts:
        if count:
            shape, style = _LOOK[kind]
            parts.append((f" {shape} {count:,} {words(f'{family}.{kind}').lower()} ", style))
    return _line(*parts)


def _head(inspection: Inspection, seen: Overview, words: Words) -> Iterator[Text]:
    said = verdict(inspection.summary.hosts, len(seen.attention), words)
    style = "bold red" if seen.attention else "bold green" if inspection.summary.hosts.reached else "bold cyan"
    yield _line((said, style))
    scope = one_line(inspection.scope) or words("run.scope.all")
    authority = one_line(inspection.authority.say(words.lang))
    took = figures.duration(inspection.seconds)
    yield _line((" · ".join((authority, figures.moment(inspection.started), took, inspection.profile, scope)), "dim"))


def _unfinished(seen: Overview, words: Words) -> Iterator[Text]:
    if not seen.unfinished:
        return
    yield _line((words("unfinished"), "bold"), f" {len(seen.unfinished):,}")
    for line in seen.unfinished[:_ROWS]:
        reach = line.host.reach
        cause = words(f"cause.{reach.cause}") if reach.cause else ""
        said = " · ".join(filter(None, (words(f"reach.{reach.status}"), cause, one_line(reach.detail))))
        yield _line(_mark(reach.status), _fit(line.host.name, _NAME_CELLS), f" {said}")


def _health(inspection: Inspection, seen: Overview, words: Words) -> Iterator[Text]:
    counts = inspection.summary.health.model_dump()
    yield _counts(words("health"), "state", [(kind, counts[kind]) for kind in view.STATES], words)
    critical = [trouble for trouble in seen.troubles if trouble.check.state == "critical"]
    for trouble in critical[:_ROWS]:
        said = one_line(trouble.check.message.say(words.lang))
        yield _line(_mark("critical"), _fit(trouble.line.host.name, _NAME_CELLS), " ", said)


def _baseline(inspection: Inspection, seen: Overview, words: Words) -> Iterator[Text]:
    counts = inspection.summary.baseline.model_dump()
    if not any(counts.values()):
        yield _line(
            (_fit(words("term.baseline"), _LABEL_CELLS), "bold"), f" ? {words('outcome.not_evaluated').lower()}"
        )
        return
    whole = _counts(words("term.baseline"), "outcome", [(kind, counts[kind]) for kind in view.OUTCOMES], words)
    if whole.cell_len <= _WIDTH:
        yield whole
    else:  # first what is not as it should be, then the rest
        for title, kinds in ((words("term.baseline"), view.OUTCOMES[:3]), ("", view.OUTCOMES[3:])):
            yield _counts(title, "outcome", [(kind, counts[kind]) for kind in kinds], words)
    for line in seen.findings[:_ROWS]:
        severity = line.rule.severity
        yield _line(
            _mark(severity),
            (_fit(words(f"severity.{severity}"), 9), _LOOK[severity][1]),
            _fit(words.count("host", len(line.failing)), _NAME_CELLS - 9),
            f" {one_line(line.rule.title.say(words.lang))} ",
            (f"({line.rule.id})", "dim"),
        )


def _capacity(inspection: Inspection, seen: Overview, words: Words) -> Iterator[Text]:
    if not seen.stocks:
        return
    yield _line((words("term.capacity"), "bold"))
    for stock in seen.stocks[:_ROWS]:
        room = stock.room
        left = figures.stock(room.left, room.unit)
        yield _line(
            "  ",
            _fit(stock.line.host.name, _NAME_CELLS),
            f" {_fit(room_name(room, words), 10)} {_bar(room)} {figures.share(room.used_ratio):>4} ",
            _fit(words("term.left", left=left), 13),
            (f" {runs_out(room, inspection.started, words)}", "dim"),
        )


def _bar(room: Room) -> str:
    filled = int(min(1.0, room.used_ratio) * _BAR_CELLS)
    return "▰" * filled + "▱" * (_BAR_CELLS - filled)


def _regions(seen: Overview, words: Words) -> Iterator[Text]:
    """Show the highest level that has several regions (of two), those with most to do first."""
    levels = [[line for line in seen.regions if line.depth == depth] for depth in (0, 1)]
    several = next((level for level in levels if len(level) > 1), levels[1])
    if not several:
        return
    yield _line((words("regions"), "bold"), f" {len(several):,}")
    for line in sorted(several, key=_urgency)[:_ROWS]:
        summary = line.region.summary
        hosts = words("term.hosts", reached=summary.hosts.reached, total=summary.hosts.total)
        name = f"  {_fit(line.region.name.say(words.lang), _NAME_CELLS)} {_fit(hosts, 14)}"
        if not summary.hosts.reached:
            yield _line(name, (f" ? {words('state.unknown').lower()}", "cyan"))
            continue
        yield _line(
            name,
            _tally("critical", summary.health.critical, words("state.critical")),
            _tally("warning", summary.health.warning, words("state.warning")),
            _tally("fail", summary.baseline.fail, words("outcome.fail")),
        )


def _urgency(line: RegionLine) -> tuple[int, int, int]:
    summary = line.region.summary
    return (-summary.health.critical, -summary.hosts.unreachable, -summary.baseline.fail)


def _tally(kind: str, count: int, word: str) -> tuple[str, str]:
    shape, style = _LOOK[kind]
    return " " + _fit(f"{shape} {count:,} {word.lower()}", 13), style if count else "dim"
