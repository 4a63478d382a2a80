# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Routes, receivers and time intervals: amtool says whom alerts reach, a real Alertmanager mails them."""

import contextlib
import email
import email.policy
import json
import socketserver
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
import yaml

from inventories.emitters.alertmanager import EMITTER
from inventories.model import Inventory
from tests.inventories.emitters.resolved import resolved
from tests.inventories.emitters.servers import ask, free_port, needs, running, until

PEOPLE = """\
contacts:
  net: {name: {en: Network, zh: 网络组}, email: net@edu.example}
  day: {name: {en: Day, zh: 白班}, email: day@edu.example}
  night: {name: {en: Night, zh: 夜班}, email: night@edu.example}
  app: {name: {en: Applications, zh: 应用组}, email: app@edu.example}
  county: {name: {en: County, zh: 区县}, email: county@edu.example}
rotas:
  round:
    name: {en: Round, zh: 值班}
    shifts: {day: {start: "08:00", end: "20:00", contacts: [day]}, night: {contacts: [night, day]}}
calendars:
  works:
    name: {en: Works, zh: 检修}
    windows:
      always: {kind: maintenance, start: 2020-01-01, end: 2039-12-31}
      gaokao: {kind: freeze, start: 2026-06-01T18:00, end: 2026-06-10}
      term: {kind: term, start: 2026-02-20, end: 2026-07-10}
"""
PROVINCE = """\
hosts:
  web3: {address: 10.1.0.3, owner: net, rota: round}
devices:
  sw1: {address: 10.1.0.201, vendor: huawei, platform: huawei_vrpv8, role: core, owner: net}
services:
  portal: {name: {en: Portal, zh: 门户}, mlps_level: 2, hosts: [web1, web2], owner: app}
  mail: {name: {en: Mail, zh: 邮件}, mlps_level: 2, hosts: [web1], rota: round}
"""
COUNTY = """\
region: {level: county, name: {en: Lushan, zh: 芦山县}}
hosts:
  ls1: {address: 10.1.0.4, owner: county}
"""
SCHOOL = """\
region: {level: school, name: {en: School, zh: 学校}}
hosts:
  no1: {address: 10.1.0.5, owner: county}
"""
GLOBAL = 'global: {smtp_smarthost: "127.0.0.1:%d", smtp_from: alerts@edu.example, smtp_require_tls: false}\n'


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    files = {"qinghe/people.yml": PEOPLE, "qinghe/more.yml": PROVINCE}
    files |= {"qinghe/lushan/r.yml": COUNTY, "qinghe/lushan/school/r.yml": SCHOOL}
    return resolved(tmp_path / "inventory", files)


@pytest.fixture
def config(inventory: Inventory, tmp_path: Path) -> Path:
    """The whole configuration, with a mail relay before what is exported."""
    files = EMITTER.emit(inventory, inventory.assets)
    (tmp_path / "edufleet.tmpl").write_bytes(files["edufleet.tmpl"])
    path = tmp_path / "alertmanager.yml"
    path.write_bytes((GLOBAL % free_port()).encode() + files["routing.yml"])
    return path


def routed(config: Path, *labels: str) -> str:
    """Return the receivers that amtool says alerts with these labels go to."""
    argv = ["amtool", "config", "routes", "test", f"--config.file={config}", *labels]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


@needs("amtool")
def test_amtool_accepts_it(config: Path) -> None:
    done = subprocess.run(["amtool", "check-config", config], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 templates" in done.stdout


@needs("amtool")
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["region=qinghe", "owner=ops"], "contact-ops"),
        (["region=qinghe", "owner=net"], "contact-net"),
        (["region=qinghe", "owner=net", "rota=round"], "rota-round"),
        (["region=qinghe", "owner=net", "importance=low"], "contact-net"),
        (["region=qinghe"], "contact-ops"),
        (["region=qinghe/lushan", "owner=county"], "contact-county"),
        (["region=qinghe/lushan/school", "owner=county", "importance=critical"], "contact-county"),
        (["region=qinghe/lushan-two"], "contact-ops"),
        (["service=portal", "region=qinghe", "owner=ops"], "contact-app"),
        (["service=mail"], "rota-round"),
        (["alertname=Watchdog"], "contact-ops"),
    ],
)
def test_alerts_reach_who_answers_for_what_they_are_about(config: Path, labels: list[str], receiver: str) -> None:
    assert routed(config, *labels) == receiver


def routing(inventory: Inventory, *names: str) -> Any:
    assets = [inventory.asset(name) for name in names] or inventory.assets
    return yaml.safe_load(EMITTER.emit(inventory, assets)["routing.yml"])


def test_a_region_that_calls_the_same_people_as_the_one_above_has_no_route(inventory: Inventory) -> None:
    assert "qinghe/lushan(" in json.dumps(routing(inventory))
    assert "school" not in json.dumps(routing(inventory))


def test_a_rota_mails_everybody_in_it_once(inventory: Inventory) -> None:
    receivers = {one["name"]: one.get("email_configs", []) for one in routing(inventory)["receivers"]}

    assert [mail["to"] for mail in receivers["rota-round"]] == ["day@edu.example", "night@edu.example"]


def test_who_has_no_mail_address_is_named_at_the_top(inventory: Inventory) -> None:
    text = EMITTER.emit(inventory, inventory.assets)["routing.yml"].decode()

    assert "# Reaches nobody: contact-ops has no mail address.\n" in text
    assert text.count("Reaches nobody") == 1


def test_windows_hold_back_what_is_of_little_importance_and_nothing_else(inventory: Inventory) -> None:
    made = routing(inventory, "ls1")
    [qinghe] = [route for route in made["route"]["routes"] if route["matchers"] == ['region=~"qinghe(/.*)?"']]
    held = {route["matchers"][0]: route.get("mute_time_intervals") for route in qinghe["routes"]}

    assert held == {
        'importance="critical"': None,
        'importance="normal"': ["works-maintenance"],
        'importance="low"': ["works-maintenance", "works-freeze"],
    }
    assert {one["name"]: len(one["time_intervals"]) for one in made["time_intervals"]} == {
        "works-maintenance": 240,
        "works-freeze": 2,
    }


def test_only_what_is_chosen_is_routed(inventory: Inventory) -> None:
    assert [one["name"] for one in routing(inventory, "ls1")["receivers"]] == ["contact-county"]


def test_without_anybody_alerts_go_to_a_receiver_that_says_so(inventory: Inventory) -> None:
    nobody = inventory.model_copy(update={"hosts": (), "devices": ()})

    assert routing(nobody)["route"]["receiver"] == "nobody"


class _Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to be given a mail."""

    server: "_Relay"

    def handle(self) -> None:
        self._say("220 relay")
        while line := self.rfile.readline():
            match line.split()[0].upper():
                case b"DATA":
                    self._say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    self.server.mails.put(b"".join(lines))
                case b"QUIT":
                    self._say("221 bye")
                    return
            self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Relay(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.mails: Queue[bytes] = Queue()
        super().__init__(("127.0.0.1", 0), _Mailbox)


@contextlib.contextmanager
def relay() -> Iterator[_Relay]:
    with _Relay() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def received(mails: Queue[bytes], count: int) -> Sequence[email.message.EmailMessage]:
    try:
        return [email.message_from_bytes(mails.get(timeout=60), policy=email.policy.default) for _ in range(count)]
    except Empty:
        pytest.fail("no mail came")


@needs("prometheus-alertmanager")
def test_a_real_alertmanager_mails_whom_it_says_and_holds_back_what_it_says(config: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    argv = [
        "prometheus-alertmanager", f"--config.file={config}", f"--storage.path={config.parent / 'data'}",
        f"--web.listen-address={listen}", "--cluster.listen-address=",
    ]  # fmt: skip

    def alert(name: str, importance: str) -> dict[str, object]:
        labels = {"region": "qinghe/lushan/school", "site": "dc", "instance": "no1", "owner": "county"}
        said = {"summary": "磁盘将满 disk almost full"}
        return {"labels": {"alertname": name, "importance": importance, **labels}, "annotations": said}

    with relay() as server:
        made = config.read_text(encoding="utf-8").replace("group_wait: 10s", "group_wait: 0s")
        body = (
            made.partition("\n")[2]
            .replace("group_wait: 30s", "group_wait: 0s")
            .replace("group_wait: 5m", "group_wait: 0s")
        )
        config.write_text(GLOBAL % server.server_address[1] + body, encoding="utf-8")
        with running(argv, config.parent / "log"):
            until(lambda: ask(f"http://{listen}/api/v2/status"))
            held = [alert("Held", "low"), alert("HeldToo", "normal")]
            ask(f"http://{listen}/api/v2/alerts", held)
            ask(f"http://{listen}/api/v2/alerts", [alert("DiskFull", "critical"), alert("Old", "high")])
            mails = received(server.mails, 2)

    subjects = {mail["Subject"]: mail for mail in mails}
    assert set(subjects) == {
        "[告警 FIRING 1] DiskFull qinghe/lushan/school dc",
        "[告警 FIRING 1] Old qinghe/lushan/school dc",
    }
    mail = subjects["[告警 FIRING 1] DiskFull qinghe/lushan/school dc"]
    text = mail.get_body(("plain",))
    assert mail["To"] == "county@edu.example"
    assert text is not None
    assert "磁盘将满 disk almost full" in text.get_content()
    assert "instance = no1" in text.get_content()
    assert server.mails.empty()
