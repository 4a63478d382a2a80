# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inspection as one self-contained HTML page: no outside address, works without script, safe with hostile text."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from console.reports import figures, view
from console.reports.charts import Part, meter, stacked
from console.reports.model import Inspection, Summary
from console.reports.plain import plain
from console.reports.steps import first_steps
from console.reports.words import Words, runs_out, verdict
from inventories.base import Lang
from probes.verdict import CheckResult, Room

MARK = 0.9
"""Where the mark of a capacity bar stands."""
_FINDINGS_SHOWN = 15
_STOCKS_SHOWN = 12
_TROUBLES_SHOWN = 25


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
        shown={"findings": _FINDINGS_SHOWN, "stocks": _STOCKS_SHOWN, "troubles": _TROUBLES_SHOWN},
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
        if room.kind == "memory":
            return self._words("memory")
        return room.item if room.kind == "filesystem" else self._words("inodes", item=room.item)

    def runs_out(self, room: Room) -> str:
        """Return the P50 date on which it is full, or why there is none."""
        return runs_out(room, self._started, self._words)

    def span(self, room: Room) -> str:
        """Return the P10 and P90 dates; empty when the trend says nothing."""
        if room.trend is None or room.trend.p10 is None:
            return ""
        late = room.trend.p90
        return self._words(
            "trend.span",
            early=figures.day(self._started, room.trend.p10),
            late=self._words("trend.later") if late is None else figures.day(self._started, late),
        )


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
