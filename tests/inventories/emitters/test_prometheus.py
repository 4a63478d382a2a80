# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The targets for Prometheus: their form, and that promtool and a real Prometheus take them."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from inventories.emitters.prometheus import EMITTER
from inventories.model import Inventory
from tests.inventories.emitters.readers.prometheus import discovered
from tests.inventories.emitters.resolved import resolved
from tests.inventories.emitters.servers import ask, free_port, needs, running, until

MORE = """\
hosts:
  web6:
    address: "2001:db8::6"
    groups: [web, db]
    hardware: {memory_gib: 1.5}
    vars: {zone: internal, url: "http://x", tags: [], deep: true}
devices:
  sw1: {address: 10.1.0.201, vendor: huawei, platform: huawei_vrpv8, role: core, importance: high}
rotas:
  round: {name: {en: Round, zh: 值班}, shifts: {all: {contacts: [ops]}}}
services:
  portal:
    name: {en: Portal, zh: 门户}
    mlps_level: 2
    hosts: [web1, web2]
    rota: round
    names: [www.edu.example, "*.portal.edu.example"]
  inner: {name: {en: Inner, zh: 内部}, mlps_level: 2, hosts: [web1, web2]}
"""
# Where the series would come from is loopback in all jobs: a test must not knock at anybody's door.
CONFIG = """\
scrape_configs:
  - job_name: node
    file_sd_configs: [{files: [node.json]}]
    relabel_configs:
      - {source_labels: [__meta_edufleet_groups], regex: ".*,web,.*", target_label: web, replacement: "yes"}
      - {target_label: __address__, replacement: "127.0.0.1:9100"}
  - job_name: snmp
    metrics_path: /snmp
    file_sd_configs: [{files: [snmp.json]}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {target_label: __address__, replacement: "127.0.0.1:9116"}
  - job_name: blackbox
    metrics_path: /probe
    file_sd_configs: [{files: [blackbox.json]}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__address__], target_label: instance}
      - {target_label: __address__, replacement: "127.0.0.1:9115"}
"""


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    return resolved(tmp_path / "inventory", {"qinghe/more.yml": MORE})


@pytest.fixture
def targets(inventory: Inventory, tmp_path: Path) -> Path:
    """A directory with the targets and a configuration that reads them."""
    for name, content in EMITTER.emit(inventory, inventory.assets).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "prometheus.yml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def groups(content: bytes) -> dict[str, Any]:
    """Return the labels by target."""
    return {target: group["labels"] for group in json.loads(content) for target in group["targets"]}


def test_there_is_one_file_per_job(inventory: Inventory) -> None:
    files = EMITTER.emit(inventory, inventory.assets)

    assert {name: list(groups(content)) for name, content in files.items()} == {
        "node.json": ["10.1.0.1:9100", "10.1.0.2:9100", "[2001:db8::6]:9100"],
        "snmp.json": ["10.1.0.201"],
        "blackbox.json": ["www.edu.example"],
    }


def test_the_series_get_what_alerts_are_routed_by_and_nothing_else(inventory: Inventory) -> None:
    files = EMITTER.emit(inventory, inventory.assets)

    def kept(file: str, target: str) -> dict[str, str]:
        return {k: v for k, v in groups(files[file])[target].items() if not k.startswith("__meta_")}

    assert kept("snmp.json", "10.1.0.201") == {
        "instance": "sw1", "region": "qinghe", "site": "dc", "importance": "high", "owner": "ops",
    }  # fmt: skip
    assert kept("blackbox.json", "www.edu.example") == {
        "service": "portal", "region": "qinghe", "owner": "ops", "rota": "round",
    }  # fmt: skip


def test_variables_are_meta_labels_in_text_form_and_what_is_not_stated_is_left_out(inventory: Inventory) -> None:
    labels = groups(EMITTER.emit(inventory, inventory.assets)["node.json"])["[2001:db8::6]:9100"]

    assert labels["__meta_edufleet_groups"] == ",web,db,"
    assert labels["__meta_edufleet_memory_gib"] == "1.5"
    assert labels["__meta_edufleet_u_height"] == "1"
    assert labels["__meta_edufleet_services"] == ",,"
    assert labels["__meta_edufleet_var_url"] == "http://x"
    assert labels["__meta_edufleet_var_tags"] == ",,"
    assert labels["__meta_edufleet_var_deep"] == "true"
    assert "__meta_edufleet_rack" not in labels


def test_a_service_is_there_when_one_of_its_hosts_is_chosen(inventory: Inventory) -> None:
    def services(*names: str) -> list[str]:
        return list(groups(EMITTER.emit(inventory, [inventory.asset(name) for name in names])["blackbox.json"]))

    assert services("web2", "sw1") == ["www.edu.example"]
    assert services("web6") == []


@needs("promtool")
def test_promtool_accepts_and_relabels_them(targets: Path) -> None:
    config = targets / "prometheus.yml"
    done = subprocess.run(["promtool", "check", "config", config], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "FAILED" not in done.stdout + done.stderr
    assert {labels["instance"] for labels in discovered(config, "node")} == {"web1", "web2", "web6"}


@needs("promtool")
def test_promtool_accepts_what_the_how_to_says(targets: Path) -> None:
    page = (Path(__file__).parents[3] / "docs/how-to/use-with-prometheus.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(scrape_configs:\n.*?)```", page, re.DOTALL)
    assert example is not None
    config = targets / "example.yml"
    config.write_text(example[1].replace("edufleet/", ""), encoding="utf-8")

    done = subprocess.run(["promtool", "check", "config", config], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert [labels["__address__"] for labels in discovered(config, "blackbox")] == ["www.edu.example"]


@needs("prometheus")
def test_a_real_prometheus_discovers_them(targets: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    argv = [
        "prometheus", f"--config.file={targets / 'prometheus.yml'}", f"--storage.tsdb.path={targets / 'data'}",
        f"--web.listen-address={listen}",
    ]  # fmt: skip

    with running(argv, targets / "log"):
        found = until(lambda: _all_there(ask(f"http://{listen}/api/v1/targets")))

    labels = {target["labels"]["instance"]: target["labels"] for target in found}
    assert labels["web6"] == {
        "job": "node", "instance": "web6", "region": "qinghe", "site": "dc", "importance": "normal", "owner": "ops",
        "web": "yes",
    }  # fmt: skip
    assert labels["sw1"]["job"] == "snmp"
    assert labels["www.edu.example"]["service"] == "portal"


def _all_there(answer: Any) -> list[Any] | None:
    active = answer["data"]["activeTargets"]
    return active if len(active) == 5 else None
