# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The few things to do first after an inspection, as sentences with the hosts they concern."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from console.reports.figures import day
from console.reports.model import Inspection
from console.reports.sentences import room_name
from console.reports.view import HostLine, Overview, RuleLine, Trouble, soon_full
from console.reports.words import Words

_OF_EACH_KIND = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, where, and the rule that says how (if it is one)."""

    what: str
    hosts: tuple[HostLine, ...]
    rule: RuleLine | None = None


def first_steps(inspection: Inspection, seen: Overview, words: Words) -> tuple[Step, ...]:
    """Return what to do first: critical health, critical findings, what runs out, who did not answer or let us in."""
    return (
        *islice(_health(seen, words), _OF_EACH_KIND),
        *islice(_critical_rules(seen, words), _OF_EACH_KIND),
        *_running_out(inspection, seen, words),
        *_unreachable(seen, words),
        *_unprivileged(seen, words),
    )


def _health(seen: Overview, words: Words) -> Iterator[Step]:
    titles = {check.id: check.title.say(words.lang) for check in seen.checks}
    by_check: dict[str, list[Trouble]] = {}
    for trouble in seen.troubles:
        if trouble.check.state == "critical":
            by_check.setdefault(trouble.check.check, []).append(trouble)
    for check, troubles in sorted(by_check.items(), key=lambda item: -len(item[1])):
        hosts = tuple(dict.fromkeys(trouble.line.number for trouble in troubles))
        lines = tuple(seen.hosts[number] for number in hosts)
        if len(troubles) == 1:
            yield Step(troubles[0].check.message.say(words.lang), lines)
        else:
            where = words.count("host", len(lines))
            yield Step(words("step.health", check=titles.get(check, check), hosts=where), lines)


def _critical_rules(seen: Overview, words: Words) -> Iterator[Step]:
    for line in seen.findings:
        if line.rule.severity == "critical":
            yield Step(words("step.rule", title=line.rule.title.say(words.lang)), line.failing, line)


def _running_out(inspection: Inspection, seen: Overview, words: Words) -> Iterator[Step]:
    soon = soon_full(seen.stocks)
    if not soon:
        return
    first = day(inspection.started, soon[0].days_left or 0)
    hosts = tuple(seen.hosts[number] for number in dict.fromkeys(stock.line.number for stock in soon))
    if len(soon) == 1:
        yield Step(words("step.room", item=room_name(soon[0].room, words), day=first), hosts)
    else:
        yield Step(words("step.rooms", n=len(soon), day=first), hosts)


def _unreachable(seen: Overview, words: Words) -> Iterator[Step]:
    lines = tuple(line for line in seen.unfinished if line.host.reach.status == "unreachable")
    if lines:
        yield Step(words("step.unreachable"), lines)


def _unprivileged(seen: Overview, words: Words) -> Iterator[Step]:
    lines = tuple(line for line in seen.hosts if line.host.reach.privilege == "user")
    if lines:
        yield Step(words("step.privilege"), lines)
