# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inspection as one self-contained HTML page: no outside address, works without script, safe with hostile text."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from console.reports import figures, view
from console.reports.charts import Part, meter, stacked
from console.reports.model import Inspection, Summary
from console.reports.plain import plain
from console.reports.sentences import room_name, runs_out, span, verdict
from console.reports.steps import first_steps
from console.reports.words import Words
from inventories.base import Lang
from probes.verdict import CheckResult, Room

MARK = 0.9
"""Where the mark of a capacity bar stands."""
_CODE = re.compile(r"`([^`]+)`")
_SHOWN = {"unfinished": 12, "troubles": 25, "findings": 15, "stocks": 12}
"""Rows of a table before the rest is folded away (of file systems: left to the hosts)."""


def render(inspection: Inspection, lang: Lang) -> str:
    """Return the whole page in ``lang``."""
    words = Words(lang)
    seen = view.overview(inspection)
    style, script = (_asset(name) for name in ("report.css", "report.js"))
    template = _environment().get_template("report.html.j2")
    page = template.render(
        inspection=inspection,
        seen=seen,
        w=words,
        say=lambda text: text.say(lang),
        page=Page(inspection, words),
        steps=first_steps(inspection, seen, words),
        verdict=verdict(inspection.summary.hosts, len(seen.attention), words),
        style=style,
        script=script,
        policy=_policy(style, script),
        shown=_SHOWN,
        rule_numbers={line.rule.id: line.number for line in seen.rules},
        rule_titles={line.rule.id: line.rule.title.say(lang) for line in seen.rules},
        clause_numbers={line.clause.id: number for number, line in enumerate(seen.clauses)},
        ranks={kind: rank for kinds in (view.REACHES, view.STATES) for rank, kind in enumerate(kinds)},
        nearly_full=sum(stock.room.used_ratio >= MARK for stock in seen.stocks),
        soon_full=len(view.soon_full(seen.stocks)),
        soon_days=view.RUNS_OUT_SOON_DAYS,
    )
    # Jinja escapes what HTML understands; the rest of what a target may send is made harmless here, once for all.
    return plain(page)


class Page:
    """What the templates ask for: charts and figures in the page's language."""

    def __init__(self, inspection: Inspection, words: Words) -> None:
        self._started = inspection.started
        self._words = words
        self._checks = {check.id: check.title.say(words.lang) for check in inspection.checks}
        self._regions = {region.path: region.name.say(words.lang) for region in inspection.regions}
        self.mark = figures.share(MARK)
        self.moment = figures.moment(inspection.started)

    def region(self, path: str) -> str:
        """Return the name of a region; its path when the document does not name it."""
        return self._regions.get(path, path)

    def check(self, result: CheckResult) -> str:
        """Return what was checked: the title of the check (its id when the document does not say), and the item."""
        return f"{self._checks.get(result.check, result.check)} {result.item}".rstrip()

    def reach_bar(self, summary: Summary) -> Markup:
        """Draw how far the inspection came."""
        return stacked(self.reach_parts(summary), self._words("hosts"))

    def reach_parts(self, summary: Summary) -> list[Part]:
        """Return hosts by how far the inspection came; partial ones are apart from the complete."""
        hosts = summary.hosts
        counts = {
            "complete": hosts.reached - hosts.partial,
            "partial": hosts.partial,
            "interrupted": hosts.interrupted,
            "unreachable": hosts.unreachable,
        }
        return [Part(kind, counts[kind], self._words(f"reach.{kind}")) for kind in view.REACHES]

    def health_parts(self, summary: Summary) -> list[Part]:
        """Return hosts by their worst health state."""
        counts = summary.health.model_dump()
        return [Part(kind, counts[kind], self._words(f"state.{kind}")) for kind in view.STATES]

    def health_bar(self, summary: Summary) -> Markup:
        """Draw hosts by their worst health state."""
        return stacked(self.health_parts(summary), self._words("health"))

    def outcome_parts(self, counts: dict[str, int]) -> list[Part]:
        """Return results by outcome."""
        return [Part(kind, counts.get(kind, 0), self._words(f"outcome.{kind}")) for kind in view.OUTCOMES]

    def outcome_bar(self, counts: dict[str, int]) -> Markup:
        """Draw results by outcome."""
        return stacked(self.outcome_parts(counts), self._words("baseline"))

    def room_meter(self, room: Room) -> Markup:
        """Draw how full something is."""
        kind = "full" if room.used_ratio >= MARK else "roomy"
        return meter(room.used_ratio, kind, MARK, f"{self.item(room)} {figures.share(room.used_ratio)}")

    def item(self, room: Room) -> str:
        """Return what a room is called."""
        return room_name(room, self._words)

    def runs_out(self, room: Room) -> str:
        """Return the P50 date on which it is full, or why there is none."""
        return runs_out(room, self._started, self._words)

    def span(self, room: Room) -> str:
        """Return the P10 and P90 dates; empty when the trend says nothing."""
        return span(room, self._started, self._words)


def prose(text: str) -> Markup:
    """Return a text of ours, escaped, with what stands in backticks set as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("console.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for figure in (figures.nbytes, figures.number, figures.stock, figures.share, figures.duration):
        environment.filters[figure.__name__] = figure
    environment.filters["prose"] = prose
    environment.globals["gaps"] = view.gaps
    return environment


@cache
def _asset(name: str) -> Markup:
    return Markup(files("console.reports").joinpath("templates", name).read_text("utf-8"))  # noqa: S704 - our own file


def _policy(style: str, script: str) -> str:
    """Return a content security policy that allows this one style and this one script, and nothing else."""
    style_hash, script_hash = (b64encode(sha256(text.encode()).digest()).decode() for text in (style, script))
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )
