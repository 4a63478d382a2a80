# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The plays of an enforcement: apply steps, arming their undoing first where they can cut access; disarm; undo."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml

from inventories.errors import BadInput
from playbooks.baseline.tasks import Group, Step, Task, renderers

BACKUPS = "/var/backups/edufleet"
"""Where hosts keep what enforcements changed; one directory for each run."""

GROUPS = "edufleet_groups"
"""Variable of a host: names of the groups that are meant for it."""

_TEMPLATE = re.compile(r"\{[{%#]")


@dataclass(frozen=True, slots=True)
class Change:
    """The steps of one rule, to be put back together."""

    group: str
    """Unique in the run; sorts in the order of the changes."""
    rule: str
    steps: Sequence[Step]


def directory(run: str) -> str:
    """Return where a host keeps what a run changed."""
    return f"{BACKUPS}/{run}"


def kinds() -> frozenset[str]:
    """Return the kinds of steps that can be taken."""
    return frozenset(renderers())


def apply(run: str, changes: Sequence[Change]) -> str:
    """Return the playbook that takes steps; a rule whose step fails is put back at once."""
    tasks = [*_prepare(run)]
    tasks += [_block(run, change, ()) for change in changes]
    return _playbook("Enforce the baseline", tasks)


def apply_armed(run: str, change: Change, seconds: int) -> str:
    """Return the playbook that takes steps which may cut access: the host undoes them by itself after ``seconds``."""
    group = Group(directory(run), change.group)
    arm: Task = {"name": ARM, "ansible.builtin.shell": group.call("arm", str(seconds)), "changed_when": False}
    return _playbook("Enforce what may cut access", [*_prepare(run), _block(run, change, (arm,))])


def disarm(run: str, change: Change) -> str:
    """Return the playbook that says, over a login of its own, that access is still there."""
    group = Group(directory(run), change.group)
    command = {"name": DISARM, "ansible.builtin.shell": group.call("disarm"), "changed_when": False}
    return _playbook("Disarm the undoing", [{**command, "tags": [change.rule]}])


def undo(run: str) -> str:
    """Return the playbook that puts back all that a run changed, but what was changed again since."""
    guard = f"{directory(run)}/guard"
    command = f"[ -e {guard} ] || {{ echo nothing kept; exit 0; }}; /bin/sh {guard} undo"
    task: Task = {
        "name": UNDO,
        "ansible.builtin.shell": command,
        "register": "edufleet_undone",
        "changed_when": "'restored ' in edufleet_undone.stdout",
    }
    return _playbook("Undo an enforcement", [task])


ARM = "Arm the undoing"
DISARM = "Disarm"
UNDO = "Put back what was kept"
RESCUE = "Put the rule's changes back"
"""How the names of tasks begin whose results count by themselves."""


def _prepare(run: str) -> Iterator[Task]:
    text = (files("playbooks.baseline") / "guard.sh").read_text(encoding="utf-8")
    for path in (BACKUPS, directory(run)):
        yield {
            "name": f"Make {path}",
            "ansible.builtin.file": {
                "path": path,
                "state": "directory",
                "owner": "root",
                "group": "root",
                "mode": "0700",
            },
            "changed_when": False,
        }
    yield {
        "name": "Bring the guard",
        "ansible.builtin.copy": {
            "dest": f"{directory(run)}/guard",
            "content": Unsafe(text),
            "owner": "root",
            "group": "root",
            "mode": "0700",
        },
        "changed_when": False,
    }


def _block(run: str, change: Change, first: Sequence[Task]) -> Task:
    group = Group(directory(run), change.group)
    tasks = list(first)
    for step in change.steps:
        _refuse_templates(change.rule, step)
        tasks += renderers()[step.do](step, group)
    seal: Task = {
        "name": "Note the state after",
        "ansible.builtin.shell": group.call("seal"),
        "changed_when": False,
    }
    rescue: Task = {"name": RESCUE, "ansible.builtin.shell": group.call("fire"), "changed_when": False}
    return {
        "name": change.rule,
        "tags": [change.rule],
        "when": f"'{change.group}' in {GROUPS}",
        "block": _merged([*tasks, seal]),
        "rescue": [rescue],
    }


def _merged(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks with neighbours that only call the guard made one: each task costs half a second."""
    merged: list[Task] = []
    for task in tasks:
        if merged and _only_calls(task) and _only_calls(merged[-1]):
            before = merged.pop()
            shell = f"{before['ansible.builtin.shell']} &&\n{task['ansible.builtin.shell']}"
            merged.append({**task, "name": f"{before['name']}; {task['name']}", "ansible.builtin.shell": shell})
        else:
            merged.append(task)
    return merged


def _only_calls(task: Task) -> bool:
    return task.keys() == {"name", "ansible.builtin.shell", "changed_when"} and task["changed_when"] is False


def _refuse_templates(rule: str, step: Step) -> None:
    """Raise BadInput for a value that Ansible would take for a template: plans hold data, nothing that is executed."""
    for value in vars(step).values():
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and _TEMPLATE.search(text):
                raise BadInput(f"{rule}: a step holds what Ansible takes for a template: {text!r}")


class Unsafe(str):
    """Text that Ansible shall take as it is."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes plays."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the interface's signature
        """Write equal things out each time: people read plays."""
        return True


_Dumper.add_representer(Unsafe, lambda dumper, data: dumper.represent_scalar("!unsafe", str(data), style="|"))


def _playbook(name: str, tasks: Sequence[Task]) -> str:
    play = {"name": name, "hosts": "all", "become": True, "gather_facts": False, "tasks": list(tasks)}
    return yaml.dump([play], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
