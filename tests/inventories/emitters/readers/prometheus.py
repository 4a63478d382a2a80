# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads Prometheus targets back through ``promtool check service-discovery``."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from shutil import which

import pytest

from inventories.emitters.prometheus import label_text

FORM = label_text
_OURS = "__meta_edufleet_"
_VARS = "__meta_edufleet_var_"


def discovered(config: Path, job: str) -> list[dict[str, str]]:
    """Return the labels of every target that ``promtool`` discovers for a job, before relabelling."""
    if which("promtool") is None:
        pytest.skip("promtool is not installed")
    found: list[dict[str, str]] = []
    for seconds in (1, 5, 25):  # it always waits as long as it may
        argv = ["promtool", "check", "service-discovery", f"--timeout={seconds}s", str(config), job]
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
        found = [target["discoveredLabels"] for target in json.loads(done.stdout) or ()]
        if found:
            break
    return found


def READ(directory: Path) -> Mapping[str, Mapping[str, object]]:  # noqa: N802 - the name that the test looks for
    """Return the variables of every target of the jobs ``node`` and ``snmp``."""
    config = directory / "prometheus.yml"
    jobs = ("node", "snmp")
    scrapes = [{"job_name": job, "file_sd_configs": [{"files": [f"{job}.json"]}]} for job in jobs]
    config.write_text(json.dumps({"scrape_configs": scrapes}), encoding="utf-8")
    targets = [labels for job in jobs for labels in discovered(config, job)]
    return {labels[f"{_OURS}name"]: dict(_variables(labels)) for labels in targets}


def _variables(labels: Mapping[str, str]) -> list[tuple[str, object]]:
    return [
        (label.removeprefix(_VARS) if label.startswith(_VARS) else label.removeprefix("__meta_"), value)
        for label, value in labels.items()
        if label.startswith(_OURS)
    ]
