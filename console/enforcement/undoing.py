# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Undo a run: the hosts put back what they kept, and a new scan says what that came to."""

from collections.abc import Mapping
from datetime import UTC, datetime

from console.enforcement.applying import KIND, Means
from console.enforcement.model import HostUndo, Undoing, UndoState
from console.enforcement.scan import Look, scan
from console.inspection import TOOL
from fleet.history.history import History
from fleet.history.records import HostRecord, ResultRecord
from fleet.settings import Settings
from inventories.errors import BadInput
from inventories.model import Host
from playbooks import ansible
from playbooks.ansible import Target, TaskResult
from playbooks.baseline import play
from security.enforcement import plan as plans
from security.enforcement.plan import HostPlan, Plan

UNDO_KIND = "undo"
"""Of the run in the history."""


async def undo(name: str, hosts: Mapping[str, Host], means: Means, settings: Settings) -> Undoing:
    """Undo the enforcement whose run id starts with ``name``; what was changed again since is left as it is.

    Raises:
        BadInput: there is no such enforcement, or a host of it is not in the inventory any more.

    """
    with History.open(settings) as history:
        undone = history.run(name)
        if undone.kind != KIND:
            raise BadInput(
                f"{undone.id} changed nothing: it is a run of kind {undone.kind}", hint="edufleet history list"
            )
        plan = _plan(settings, undone.id)
        targets = {_known(one.host, hosts): one for one in plan.hosts if one.measures}
        run = history.begin(UNDO_KIND, scope=undone.id, profile=undone.profile, tool=TOOL, started=datetime.now(UTC))
        try:
            means.say(f"undoing {undone.id} on {len(targets)} hosts")
            asked = [Target(host, {}) for host in targets]
            results = await ansible.play(play.undo(undone.id), asked, means.login, means.watch)
            means.say("looking at them again")
            looks = await scan(targets, means.gather)
        except BaseException:
            history.finish(run, "interrupted", "{}")
            raise
        document = _document(run, undone.id, targets, results, looks)
        history.record(run, *_records(document), [])
        complete = all(one.state in {"restored", "nothing"} for one in document.hosts)
        history.finish(run, "complete" if complete else "partial", document.model_dump_json())
    return document


def _plan(settings: Settings, run: str) -> Plan:
    file = settings.state / KIND / f"{run}.json"
    try:
        return plans.read(file.read_text(encoding="utf-8"), str(file))
    except OSError as problem:
        raise BadInput(f"what the run did is not kept here: {problem.strerror}", where=str(file)) from None


def _known(name: str, hosts: Mapping[str, Host]) -> Host:
    if name not in hosts:
        raise BadInput(f"{name} is not in the inventory", hint="undo needs every host of the run; give its inventory")
    return hosts[name]


def _document(
    run: str, undone: str, targets: Mapping[Host, HostPlan], results: tuple[TaskResult, ...], looks: Mapping[str, Look]
) -> Undoing:
    said = {result.host: result for result in results}
    found = []
    for host in targets:
        result = said.get(host.name)
        look = looks[host.name]
        found.append(
            HostUndo(
                host=host.name,
                state=_state(result),
                lines=tuple(result.output.splitlines()) or (result.message,) if result else (),
                outcomes=dict(look.outcomes) if look.complete else {},
            )
        )
    return Undoing(run=run, undone=undone, hosts=tuple(found))


def _state(result: TaskResult | None) -> UndoState:
    if result is None or result.state == "unreachable":
        return "unreachable"
    if result.state == "failed":
        return "partly"
    return "restored" if result.state == "changed" else "nothing"


def _records(document: Undoing) -> tuple[list[HostRecord], list[ResultRecord]]:
    run = document.run
    hosts = [HostRecord(run, one.host, one.state, "", "; ".join(one.lines), None, 0.0) for one in document.hosts]
    results = [
        ResultRecord(run, one.host, "baseline", rule, "", outcome, "")
        for one in document.hosts
        for rule, outcome in one.outcomes.items()
    ]
    return hosts, results
