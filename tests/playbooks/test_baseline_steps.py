# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The tasks of each kind of step are what people reviewed, made of nothing but what comes with ansible-core."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from inventories.errors import BadInput
from playbooks.baseline import play
from playbooks.baseline.play import Change
from security.remedy import AuditRules, BlockedModule, OwnFile, Permissions, Setting, Sshd, Step, Sysctl, Unit_

GOLDEN = Path(__file__).parent / "golden"
STEPS: tuple[Step, ...] = (
    AuditRules(do="audit_rules", lines=("-w /etc/passwd -p wa -k identity",)),
    OwnFile(do="file", file="/etc/x.conf", text="[A]\nb = c", restart="x.service"),
    BlockedModule(do="module", names=("usb-storage",)),
    Permissions(do="permissions", paths=("/etc/cron.*", "/etc/a b"), owner="root", at_most="0640"),
    Setting(do="setting", file="/etc/x.ini", key="a.b", value=5, section="s", stricter="higher", restart="x.service"),
    Sshd(do="sshd", option="PermitRootLogin", value="no"),
    Sysctl(do="sysctl", name="net.ipv4.conf.eth0/1.rp_filter", value=1),
    Unit_(do="unit", names=("a.service", "b.socket"), state="masked"),
)


class _Loader(yaml.SafeLoader):
    """Reads plays."""


_Loader.add_constructor("!unsafe", lambda _, node: str(node.value))


def tasks(playbook: str) -> list[dict[str, Any]]:
    return list(yaml.load(playbook, _Loader)[0]["tasks"])  # noqa: S506 - a safe loader


@pytest.mark.parametrize("step", STEPS, ids=[step.do for step in STEPS])
def test_tasks_are_golden(step: Step) -> None:
    block = tasks(play.apply("RUN", [Change("1-0000-a.b", "a.b", (step,))]))[-1]
    text = yaml.safe_dump(block, sort_keys=False, width=120)
    assert text == (GOLDEN / f"{step.do}.txt").read_text(encoding="utf-8")


def test_there_is_a_case_for_every_kind() -> None:
    assert {step.do for step in STEPS} == play.kinds()


def test_only_modules_that_come_with_ansible_core_are_used() -> None:
    words = {"name", "when", "loop", "register", "changed_when", "check_mode", "tags"}
    prepared = tasks(play.apply("RUN", [Change("1-0000-a.b", "a.b", STEPS)]))
    every = [*prepared[:-1], *prepared[-1]["block"], *prepared[-1]["rescue"]]
    assert {key.rpartition(".")[0] for task in every for key in task.keys() - words} == {"ansible.builtin"}


def test_what_may_cut_access_is_armed_first_and_sealed_last() -> None:
    block = tasks(play.apply_armed("RUN", Change("1-2000-a.b", "a.b", (STEPS[5],)), 60))[-1]["block"]
    assert "guard arm 1-2000-a.b 60" in block[0]["ansible.builtin.shell"]
    assert "guard seal 1-2000-a.b" in block[-1]["ansible.builtin.shell"]
    assert "guard sshd" in block[-1]["ansible.builtin.shell"]


def test_a_value_that_ansible_would_take_for_a_template_is_refused() -> None:
    step = OwnFile(do="file", file="/etc/x", text="{{ lookup('pipe', 'id') }}")
    with pytest.raises(BadInput, match="takes for a template"):
        play.apply("RUN", [Change("1-0000-a.b", "a.b", (step,))])
