# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Runs a playbook on lab hosts with the real ansible-playbook, and reads what it says it did."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Done:
    """What a run ended with, by inventory host."""

    changed: Mapping[str, int]
    failed: Mapping[str, str]
    """The message of the task at which a host failed."""
    output: str


@dataclass(frozen=True, slots=True)
class Plays:
    """Runs of ``prepare.yml`` against hosts that one ssh_config knows."""

    ssh_config: Path
    scratch: Path
    remote_temp: str

    def prepare(self, hosts: Mapping[str, Variables], *options: str, playbooks: Path = PLAYBOOKS) -> Done:
        """Run the playbook on ``hosts``, each with variables of its own."""
        inventory = self.scratch / "hosts.json"
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
        tool = Path(sys.executable).with_name("ansible-playbook")
        done = subprocess.run(
            [tool, "-i", inventory, playbooks / "prepare.yml", *options],
            env=os.environ | self._settings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        recap = re.findall(r"^(\S+) +: ok=\d+ +changed=(\d+) ", done.stdout, re.MULTILINE)
        fatal = re.findall(r"^fatal: \[(\S+)\]: \S+ => (\{.*\})$", done.stdout, re.MULTILINE)
        assert len(recap) == len(hosts), done.stdout
        return Done(
            changed={host: int(count) for host, count in recap},
            failed={host: json.loads(result)["msg"] for host, result in fatal},  # a rescue's own failure comes last
            output=done.stdout,
        )

    def _settings(self) -> dict[str, str]:
        """Return the environment that leaves the person's own Ansible settings and directories alone."""
        config = self.scratch / "ansible.cfg"
        config.touch()
        return {
            "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_CONFIG": str(config),
            "ANSIBLE_HOME": str(self.scratch / "ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_NOCOWS": "1",
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_PYTHON_INTERPRETER": "auto_silent",
            "ANSIBLE_REMOTE_TEMP": self.remote_temp,
            "ANSIBLE_SSH_ARGS": f"-F {self.ssh_config} -o ControlMaster=auto -o ControlPersist=10s",
        }
