# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory serve``: what a real Prometheus and a person get from it, while its files change."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.console.program import Program
from tests.inventories.emitters.servers import ask, free_port, needs, running, until
from tests.inventories.trees import HOSTS, SOUND, write

CONFIG = """\
scrape_configs:
  - job_name: node
    http_sd_configs: [{url: "%s/prometheus/node"}]
    relabel_configs: [{target_label: __address__, replacement: "127.0.0.1:9100"}]
"""


@dataclass(frozen=True, slots=True)
class Served:
    """The program, serving."""

    inventory: Path
    process: subprocess.Popen[str]
    url: str

    def get(self, path: str) -> tuple[int, str, str]:
        """Return status, content type and body."""
        try:
            with urlopen(self.url + path, timeout=30) as answer:  # noqa: S310 - http
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except HTTPError as refusal:
            return refusal.code, refusal.headers["Content-Type"], refusal.read().decode()

    def hosts(self) -> list[str]:
        """Return the names of the hosts it gives."""
        return [group["labels"]["instance"] for group in json.loads(self.get("/prometheus/node")[2])]

    def stopped(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and what it said after the first line."""
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate(timeout=60)[1]
        return self.process.returncode, said


@pytest.fixture
def served(edufleet: Program, tmp_path: Path) -> Iterator[Served]:
    inventory = write(tmp_path / "inventory", SOUND)
    process = edufleet.start("inventory", "serve", "--listen", "127.0.0.1:0")
    assert process.stderr is not None
    line = process.stderr.readline()
    address = re.search(r"http://127\.0\.0\.1:[0-9]+", line)
    assert address is not None, line + process.communicate(timeout=60)[1]
    try:
        yield Served(inventory, process, address[0])
    finally:
        process.kill()
        process.communicate()


def test_it_answers_by_job_and_ends_quietly(served: Served) -> None:
    status, kind, _ = served.get("/prometheus/node")

    assert (status, kind) == (200, "application/json")
    assert served.hosts() == ["web1", "web2"]
    assert json.loads(served.get("/prometheus/snmp")[2]) == []
    assert served.get("/prometheus/nodes")[0::2] == (404, "no such job; there are: node, snmp, blackbox\n")
    assert served.get("/healthz")[0] == 200
    assert served.stopped() == (0, "stopped\n")


def test_changes_show_at_once_and_an_invalid_one_leaves_the_last_answers(served: Served) -> None:
    hosts = served.inventory / "qinghe/hosts.yml"

    hosts.write_text(HOSTS + "  web3: {address: 10.1.0.3}\n", encoding="utf-8")
    assert served.hosts() == ["web1", "web2", "web3"]

    hosts.write_text("hosts: {web1: {adress: 10.1.0.1}}\n", encoding="utf-8")
    assert served.hosts() == ["web1", "web2", "web3"]
    status, _, body = served.get("/healthz")
    health = json.loads(body)
    assert (status, health["fresh"]) == (503, False)
    assert "qinghe/hosts.yml:1:16" in health["problem"]

    hosts.write_text(HOSTS, encoding="utf-8")
    assert json.loads(served.get("/healthz")[2])["problem"] is None
    assert served.hosts() == ["web1", "web2"]

    code, said = served.stopped()
    assert code == 0
    assert [line for line in said.splitlines() if line.startswith("the inventory")] == [
        "the inventory changed and was read again",
        "the inventory changed and cannot be used, the last answers stay:",
        "the inventory changed and was read again",
    ]
    assert "Traceback" not in said


@needs("prometheus", "promtool")
def test_a_real_prometheus_follows_it(served: Served, tmp_path: Path) -> None:
    config = tmp_path / "prometheus.yml"
    config.write_text(CONFIG % served.url, encoding="utf-8")
    checked = subprocess.run(["promtool", "check", "config", config], capture_output=True, text=True, check=False)
    listen = f"127.0.0.1:{free_port()}"
    argv = [
        "prometheus", f"--config.file={config}", f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address={listen}",
    ]  # fmt: skip

    with running(argv, tmp_path / "log"):
        found = until(lambda: _active(ask(f"http://{listen}/api/v1/targets")))

    assert checked.returncode == 0, checked.stderr
    assert {target["labels"]["instance"] for target in found} == {"web1", "web2"}
    assert {target["discoveredLabels"]["__meta_edufleet_groups"] for target in found} == {",web,"}


def _active(answer: Any) -> list[Any] | None:
    return answer["data"]["activeTargets"] or None


def test_what_cannot_be_served_is_said_at_the_start(edufleet: Program, tmp_path: Path) -> None:
    inventory = write(tmp_path / "inventory", SOUND)

    def serve(*arguments: str) -> tuple[int, str]:
        done = edufleet.run("inventory", "serve", *arguments)
        return done.returncode, done.stderr

    assert serve("--listen", "9776") == (
        2, "error: '9776' is no address and port\nhint: write it as 127.0.0.1:9776 or [::1]:9776\n",
    )  # fmt: skip
    assert serve("--limit", "nowhere", "--listen", "127.0.0.1:0")[0] == 2
    write(inventory, {"qinghe/hosts.yml": "hosts: ["})
    code, said = serve("--listen", "127.0.0.1:0")
    assert code == 2
    assert "qinghe/hosts.yml:2:1: " in said
    assert "Traceback" not in said


def test_an_address_in_use_is_named(served: Served, edufleet: Program) -> None:
    address = served.url.removeprefix("http://")

    done = edufleet.run("inventory", "serve", "--listen", address)

    assert done.returncode == 3
    assert done.stderr.startswith(f"error: {address}: cannot listen: Address already in use\n")
