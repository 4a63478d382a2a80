# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet baseline enforce``: mend what fails - plan, apply, undo."""

import asyncio
import fcntl
import fnmatch
import os
import signal
import sys
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Column, Table
from rich.text import Text as Line

from console.cli.baseline.options import ProfileOption
from console.cli.common import JsonFlag, LangOption, counted, emit, err, language, out
from console.cli.inventory.options import InventoryOption, LimitOption
from console.enforcement.model import Enforcement, Undoing
from console.inspection import Gather, Order
from fleet.capture import Capture
from fleet.settings import Settings, settings
from inventories.base import Lang
from inventories.errors import BadInput, CouldNotFinish
from inventories.findings import did_you_mean
from inventories.loader import find_inventory, load
from inventories.select import select
from playbooks.ansible import Login, TaskResult
from security import profile as profiles
from security.enforcement import plan as plans
from security.enforcement.plan import DANGERS, Measure, Plan

EPILOG = """\b
Examples:
  edufleet baseline enforce --plan -l qinghe        write plan.json only
  edufleet baseline enforce --plan --rules 'ssh.*'  only some rules
  edufleet baseline enforce --apply plan.json       change, look again
  edufleet baseline enforce --undo 20261123T12      put it back

\b
Exit status:
  0  done: everything planned passes now, or was put back; a plan was written
  1  done, but some rules still fail or wait for a reboot
  2  wrong usage or bad input; a stale plan
  3  some hosts failed, were not reached or not begun; it was interrupted"""

T = TypeVar("T")


def command(
    make: Annotated[bool, typer.Option("--plan", help="Write a plan; nothing is changed.")] = False,
    apply: Annotated[
        Path | None, typer.Option("--apply", metavar="PLAN", help="Carry out a plan.", exists=True, dir_okay=False)
    ] = None,
    undo: Annotated[str | None, typer.Option("--undo", metavar="RUN", help="Put back what a run changed.")] = None,
    inventory: InventoryOption = None,
    limit: LimitOption = None,
    profile: ProfileOption = profiles.DEFAULT,
    rules: Annotated[
        str | None, typer.Option(help="With --plan: only these, by commas, with wildcards: 'ssh.*,network.redirects'.")
    ] = None,
    out_file: Annotated[Path, typer.Option("--out", "-o", help="With --plan: where it goes.", dir_okay=False)] = Path(
        "plan.json"
    ),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    user: Annotated[
        str | None, typer.Option(help="Account that may become root, for the changes; else the inventory's.")
    ] = None,
    become_password_file: Annotated[
        Path | None, typer.Option(help="File with its password for sudo.", exists=True, dir_okay=False)
    ] = None,
    max_age: Annotated[float, typer.Option(min=0.1, help="Hours after which a plan is stale.")] = 24.0,
    max_failed: Annotated[int, typer.Option(min=0, help="Failed hosts after which no other wave begins.")] = 0,
    rollback_after: Annotated[
        int, typer.Option(min=10, max=3600, help="Seconds until a host takes back what may have cut access.")
    ] = 180,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Mend what fails: make a plan, review it, apply it, undo it.

    What may cut access (SSH, PAM, sudo) is put back by the host itself unless a new login succeeds.
    """
    tongue = language(lang, os.environ)
    if sum((make, apply is not None, undo is not None)) != 1:
        raise BadInput("give one of --plan, --apply PLAN and --undo RUN")
    if not make and (rules is not None or limit is not None):
        raise BadInput("--rules and --limit choose what goes into a plan", hint="make a smaller plan")
    login = Login(user, become_password_file)
    if make:
        sys.exit(_plan(inventory, limit, profile, rules, out_file, tongue, as_json=as_json))
    with _alone(settings()):
        if apply is not None:
            sys.exit(
                _apply(
                    apply, inventory, login, timedelta(hours=max_age), max_failed, rollback_after, yes=yes,
                    lang=tongue, as_json=as_json,
                )
            )  # fmt: skip
        assert undo is not None  # noqa: S101 - one of the three was given
        sys.exit(_undo(undo, inventory, login, yes=yes, as_json=as_json))


def _plan(
    inventory: Path | None, limit: str | None, profile: str, rules: str | None, file: Path, lang: Lang, *, as_json: bool
) -> int:
    from console.enforcement.planning import plan  # noqa: PLC0415 - costs what list and explain need not pay

    known = load(find_inventory(inventory))
    hosts = select(known, limit)
    if not hosts:
        raise BadInput("no host to plan for", where=limit, hint="edufleet inventory list shows what there is")
    chosen = profiles.load(profile)
    wanted = _rules(rules, tuple(rule.id for rule in chosen.rules))
    err.print(f"looking at {counted(len(hosts), 'host')}")
    made = _run(plan(Order(known, hosts, limit or "", chosen), wanted, {}, _gather(), settings()))
    try:
        file.write_text(made.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as problem:
        raise BadInput(
            f"the plan cannot be written: {problem.strerror}", where=str(file), hint="choose --out"
        ) from None
    if as_json:
        emit(made)
    else:
        _show_plan(made, lang)
        out.print(Line(f"{file}: apply it with edufleet baseline enforce --apply {file}"), soft_wrap=True)
    return 3 if made.unreached else 0


def _rules(patterns: str | None, known: tuple[str, ...]) -> frozenset[str]:
    if patterns is None:
        return frozenset(known)
    found: set[str] = set()
    for pattern in patterns.split(","):
        fitting = fnmatch.filter(known, pattern.strip())
        if not fitting:
            raise BadInput(f"no rule of the profile is {pattern!r}", hint=did_you_mean(pattern, list(known)))
        found.update(fitting)
    return frozenset(found)


def _apply(
    file: Path, inventory: Path | None, login: Login, max_age: timedelta, max_failed: int, rollback_after: int, *,
    yes: bool, lang: Lang, as_json: bool,
) -> int:  # fmt: skip
    from console.enforcement.applying import Bounds, apply  # noqa: PLC0415 - as above

    plan = plans.read(file.read_text(encoding="utf-8"), str(file))
    known = load(find_inventory(inventory))
    if not as_json:
        _show_plan(plan, lang)
    _ask(f"Change {counted(sum(bool(host.measures) for host in plan.hosts), 'host')}?", yes=yes)
    bounds = Bounds(max_age=max_age, most_failed=max_failed, rollback_seconds=rollback_after)
    hosts = {host.name: host for host in known.hosts}
    done = _run(apply(plan, hosts, bounds, _means(login), settings()))
    if as_json:
        emit(done)
    else:
        _show_enforcement(done)
    return _exit_code(done)


def _undo(run: str, inventory: Path | None, login: Login, *, yes: bool, as_json: bool) -> int:
    from console.enforcement.undoing import undo  # noqa: PLC0415 - as above

    known = load(find_inventory(inventory))
    _ask(f"Put back what {run} changed?", yes=yes)
    done = _run(undo(run, {host.name: host for host in known.hosts}, _means(login), settings()))
    if as_json:
        emit(done)
    else:
        _show_undoing(done)
    return 0 if all(host.state in {"restored", "nothing"} for host in done.hosts) else 3


def _exit_code(done: Enforcement) -> int:
    if done.interrupted or done.stopped or any(host.state != "done" for host in done.hosts):
        return CouldNotFinish.exit_code
    return 0 if all(rule.state == "fixed" for host in done.hosts for rule in host.rules) else 1


def _ask(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput("nobody to ask: standard input is no terminal", hint="--yes, once the plan was reviewed")
    if not typer.confirm(question):
        raise BadInput("nothing was changed")


class _Unwatched:
    """A watcher of a scan that says nothing."""

    def begun(self, target: str) -> None:
        """Say nothing."""

    def ended(self, capture: Capture) -> None:
        """Say nothing."""


def _gather() -> Gather:
    from fleet.gather import gather  # noqa: PLC0415 - as above
    from fleet.ssh.trust import HostKeys  # noqa: PLC0415 - as above

    return lambda hosts, ask: gather(hosts, ask, keys=HostKeys(), watcher=_Unwatched())


def _means(login: Login) -> Any:  # noqa: ANN401 - a type that is costly to import
    from console.enforcement.applying import Means  # noqa: PLC0415 - as above

    def say(text: str) -> None:
        err.print(Line(text), soft_wrap=True)

    def watch(result: TaskResult) -> None:
        if result.state in {"failed", "unreachable"}:
            say(f"  {result.host} {result.rule} {result.state}: {result.task}: {result.message}")
        elif result.state == "changed":
            say(f"  {result.host} {result.rule}: {result.task}")

    return Means(_gather(), login, say, watch)


@contextmanager
def _alone(where: Settings) -> Iterator[None]:
    """Keep a second enforcement away for as long as one runs."""
    with (where.state / "enforce.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                "another enforcement is under way", where=str(where.state), hint="wait for its end"
            ) from None
        yield


def _run(work: Coroutine[Any, Any, T]) -> T:
    async def stoppable() -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - inside a coroutine there is one
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    return asyncio.run(stoppable())


def _show_plan(plan: Plan, lang: Lang) -> None:
    table = Table(Column("danger"), Column("rule", no_wrap=True), "hosts", "steps", box=None, pad_edge=False)
    rows: dict[str, tuple[Measure, list[str]]] = {}
    for host in plan.hosts:
        for measure in host.measures:
            rows.setdefault(measure.rule, (measure, []))[1].append(host.host)
    for measure, hosts in sorted(rows.values(), key=lambda row: (DANGERS.index(row[0].danger), row[0].rule)):
        shown = ", ".join(hosts[:3]) + (f" and {len(hosts) - 3} more" if len(hosts) > 3 else "")  # noqa: PLR2004
        steps = ", ".join(sorted({step.do for step in measure.steps}))
        table.add_row(measure.danger, measure.rule, shown, f"{measure.title.say(lang)} ({steps})")
    out.print(table)
    left = Counter(exclusion.reason for host in plan.hosts for exclusion in host.excluded)
    if left:
        said = ", ".join(f"{number} {reason}" for reason, number in left.most_common())
        out.print(f"left as they are: {said}")
    if plan.unreached:
        out.print(Line(f"not looked at to the end: {', '.join(plan.unreached)}"), soft_wrap=True)


def _show_enforcement(done: Enforcement) -> None:
    for host in done.hosts:
        out.print(Line(f"{host.host}: {host.state}{': ' if host.message else ''}{host.message}"), soft_wrap=True)
        for rule in host.rules:
            why = f": {rule.message}" if rule.message else ""
            out.print(Line(f"  {rule.rule}: {rule.state}{why}"), soft_wrap=True)
    if done.stopped:
        out.print(Line(f"stopped: {done.stopped}"), soft_wrap=True)
    out.print(Line(f"to undo: edufleet baseline enforce --undo {done.run}"), soft_wrap=True)


def _show_undoing(done: Undoing) -> None:
    for host in done.hosts:
        out.print(Line(f"{host.host}: {host.state}"), soft_wrap=True)
        for line in host.lines:
            out.print(Line(f"  {line}"), soft_wrap=True)
