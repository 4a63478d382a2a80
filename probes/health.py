# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Judge the health of a host from its facts; pure, so that an old capture can be judged by new checks."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from fleet.facts import HostFacts, Missing, dig
from probes import wording
from probes.check import Check, HoldDown, checks
from probes.verdict import CheckResult, State

Look = Callable[[str], object]
"""What a path leads to, in the facts of a host or in one item of them; or a Missing."""

_WORST_FIRST: tuple[State, ...] = ("critical", "warning", "ok")


def needed_collectors() -> frozenset[str]:
    """Return the ids of the collectors the checks look at."""
    return frozenset[str]().union(*(check.needs for check in checks().values()))


def judge(facts: HostFacts, now: datetime) -> tuple[CheckResult, ...]:
    """Return what every check says of one host; ``now``, with a time zone, is what days are counted from.

    Missing evidence is ``unknown`` with the reason, never ``ok``. What a host does not have is left out where the
    check says so.
    """
    return tuple(result for check in checks().values() for result in apply(check, facts, now))


def worst(results: Iterable[CheckResult]) -> State:
    """Return the state of a host: critical over warning over ok; unknown only when there is no figure at all."""
    states = {result.state for result in results}
    return next((state for state in _WORST_FIRST if state in states), "unknown")


def apply(check: Check, facts: HostFacts, now: datetime) -> Iterator[CheckResult]:
    """Yield what one check says of one host: nothing, one result, or one for each item."""
    for look in _looks(check, facts):
        found = look(check.figure)
        if not isinstance(found, Missing):
            yield _finding(check, look, found, facts, now)
        elif found.reason != "absent" or check.on_absent == "unknown":
            item = wording.words(look(check.item), "en") if check.item else ""
            yield CheckResult(check=check.id, item=item, state="unknown", message=wording.gap(check, item, found))


def _looks(check: Check, facts: HostFacts) -> list[Look]:
    """Return a way to look for each item; one for the host itself when there are no items to the check."""
    if check.each is None:
        return [facts.look]
    several = facts.look(check.each) or Missing("absent", f"{check.each} is empty")
    if isinstance(several, Missing):
        return [lambda _: several]
    assert isinstance(several, tuple)  # noqa: S101 - held at loading
    return [partial(_look_into, item) for item in several]


def _look_into(item: object, path: str) -> object:
    return dig(item, path, path)


def _finding(check: Check, look: Look, found: object, facts: HostFacts, now: datetime) -> CheckResult:
    value = _number(found, now)
    if check.limits is None:
        assert check.states is not None and isinstance(found, str | bool)  # noqa: S101, PT018 - held at loading
        state = check.states[found]
    else:
        assert value is not None  # noqa: S101 - held at loading
        state = check.limits.judge(value)
    hold = next((hold for hold in check.hold_down if _holds(hold, facts)), None)
    if hold is None or state not in {"warning", "critical"}:
        held, because = state, None
    else:
        held, because = hold.state, hold.because
    item = wording.words(look(check.item), "en") if check.item else ""
    return CheckResult(
        check=check.id,
        item=item,
        state=held,
        value=value,
        unit=check.unit,
        message=wording.message(
            check,
            value=found if value is None else value,
            item=item,
            detail=look(check.detail) if check.detail else "",
            state=state,
            because=because,
        ),
    )


def _number(found: object, now: datetime) -> float | None:
    """Return a figure as a number; None when it is a word, or true or false."""
    if isinstance(found, datetime):
        return (found - now) / timedelta(days=1)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _holds(hold: HoldDown, facts: HostFacts) -> bool:
    value = facts.look(hold.figure)
    if not isinstance(value, int | float):
        return False  # what cannot be seen excuses nothing
    return value > hold.limit if hold.direction == "above" else value < hold.limit
