# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Ansible callback plugin: a JSON line for each result of a task, as it comes, in the file EDUFLEET_RESULTS."""

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: edufleet_jsonl
type: stdout
short_description: Results as JSON lines
description: Writes one line for each host and task into the file named by the environment variable EDUFLEET_RESULTS.
"""

_LONGEST = 4000
"""Characters of a message or an output that are passed on."""


class CallbackModule(CallbackBase):  # type: ignore[misc] # ansible has no types
    """Takes results from Ansible's strategy, one at a time."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "edufleet_jsonl"

    def __init__(self) -> None:
        super().__init__()
        self._file = open(os.environ["EDUFLEET_RESULTS"], "a", encoding="utf-8", buffering=1)  # noqa: SIM115, PTH123

    def v2_runner_on_ok(self, result: Any) -> None:  # noqa: ANN401 - ansible's own type
        """Take a task that was done."""
        self._write("changed" if result.result.get("changed") else "ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002
        """Take a task that failed."""
        self._write("ok" if ignore_errors else "failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:  # noqa: ANN401 - ansible's own type
        """Take a host that was not reached."""
        self._write("unreachable", result)

    def _write(self, state: str, result: Any) -> None:  # noqa: ANN401 - ansible's own type
        data, task = result.result, result.task
        line = {
            "host": result.host.get_name(),
            "rule": next(iter(task.tags), ""),
            "task": task.name,
            "state": state,
            "message": _message(data),
            "output": str(data.get("stdout", ""))[:_LONGEST],
        }
        self._file.write(json.dumps(line) + "\n")


def _message(data: Any) -> str:  # noqa: ANN401 - what a module returned
    items = [item for item in data.get("results", ()) if isinstance(item, dict) and item.get("failed")]
    said = [*(str(item.get("msg", "")) for item in items), str(data.get("msg", "")), str(data.get("stderr", ""))]
    return "; ".join(dict.fromkeys(part.strip() for part in said if part.strip()))[:_LONGEST]
