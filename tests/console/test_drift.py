# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory drift``: a real inspection of this machine, held against inventories true, wrong and silent."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.local import inventory as this_machine
from console.observed import observe
from fleet.capture import Capture
from fleet.history.history import History
from fleet.history.records import HostRecord
from fleet.settings import Settings
from fleet.store import CaptureStore
from inventories.loader import load
from inventories.platforms import known_platforms
from inventories.quality.drift import Observed, SeenInterface
from tests.conftest import RunningLab
from tests.console.program import Program
from tests.inventories.trees import AUTHORITY, write

NAME = this_machine().hosts[0].name
REGION = """\
region: {level: province, name: {en: Here, zh: 本地}}
defaults: {site: dc}
sites: {dc: {name: {en: Data centre, zh: 数据中心}, link: lan}}
"""
Entries = Callable[..., Path]


@pytest.fixture
def seen(edufleet: Program) -> Observed:
    """What an inspection of this machine has just shown."""
    edufleet.run("inspect", "--local", "--out", str(edufleet.out))
    return observe(CaptureStore(edufleet.home / "state/captures").get(newest(edufleet)))


@pytest.fixture
def entries(edufleet: Program) -> Entries:
    """A way to write the inventory: hosts as files have them, and other sections."""

    def lay_out(hosts: Mapping[str, Any], **sections: Any) -> Path:
        text = "\n".join(f"{name}: {json.dumps(one)}" for name, one in {"hosts": hosts, **sections}.items())
        files = {"authority.yml": AUTHORITY, "here/region.yml": REGION, "here/hosts.yml": f"# kept\n{text}\n"}
        return write(edufleet.home / "inventory", files)

    return lay_out


def newest(edufleet: Program) -> str:
    with History.open(Settings(edufleet.home / "state")) as history:
        return history.newest_captures([NAME])[NAME]


def true_entry(seen: Observed) -> dict[str, Any]:
    """What is true of this machine, whichever it is."""
    hardware = {
        "cpus": seen.cpus,
        "memory_gib": seen.memory_bytes and round(seen.memory_bytes / 2**30, 2),
        "disks_gb": {name: round(size / 1e9, 1) for name, size in (seen.disks or {}).items()},
    }
    interfaces = {
        one.name: {"mac": one.mac, "addresses": routed(one)} for one in seen.interfaces or () if one.name != "lo"
    }
    stated = {"platform": seen.platform, "serial": seen.serial, "hardware": hardware, "interfaces": interfaces}
    return {"address": "127.0.0.1", **{key: value for key, value in stated.items() if value is not None}}


def routed(interface: SeenInterface) -> list[str]:
    return [str(one) for one in interface.addresses if not (one.is_loopback or one.is_link_local)]


def drift(edufleet: Program, *argv: str) -> tuple[int, dict[str, Any]]:
    done = edufleet.run("inventory", "drift", "--json", *argv)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def verdicts(report: dict[str, Any], name: str = NAME) -> dict[str, str]:
    (asset,) = (one for one in report["assets"] if one["asset"] == name)
    return {one["field"]: one["verdict"] for one in asset["values"]}


def known(seen: Observed) -> None:
    if seen.platform not in known_platforms().hosts:
        pytest.skip(f"this machine runs {seen.platform}, which no inventory can state")


def test_a_true_inventory_has_no_drift_and_is_dated_only_when_asked(
    edufleet: Program, seen: Observed, entries: Entries
) -> None:
    known(seen)
    directory = entries({NAME: true_entry(seen)})

    code, report = drift(edufleet)
    assert code == 0, report
    assert set(verdicts(report).values()) == {"agrees"}
    assert edufleet.run("inventory", "drift", "--apply", "--yes").returncode == 0
    assert load(directory).host(NAME).last_verified is None

    code, report = drift(edufleet, "--apply", "--verified", "--yes")
    assert (code, report["written"]) == (0, True)
    assert load(directory).host(NAME).last_verified == seen.at.date()
    assert (directory / "here/hosts.yml").read_text("utf-8").startswith("# kept\n")


def test_a_wrong_inventory_is_told_shown_and_mended(edufleet: Program, seen: Observed, entries: Entries) -> None:
    known(seen)
    wrong = "debian11" if seen.platform != "debian11" else "debian12"
    directory = entries({NAME: {**true_entry(seen), "platform": wrong}})
    before = (directory / "here/hosts.yml").read_text("utf-8")

    told = edufleet.run("inventory", "drift")
    assert told.returncode == 1
    assert f"{seen.at:%Y-%m-%d %H:%M} UTC" in told.stdout
    assert [wrong, seen.platform, "differs"] == next(
        line.split()[1:] for line in told.stdout.splitlines() if line.split()[:1] == ["platform"]
    )
    shown = edufleet.run("inventory", "drift", "--propose", "--lang", "zh").stdout
    assert "+++ b/here/hosts.yml" in shown
    assert "不一致" in shown
    assert edufleet.run("inventory", "drift", "--apply").returncode == 2, "there is no terminal to ask on"
    assert (directory / "here/hosts.yml").read_text("utf-8") == before

    assert drift(edufleet, "--apply", "--yes")[0] == 1
    assert load(directory).host(NAME).platform == seen.platform
    assert drift(edufleet)[0] == 0


def test_a_silent_inventory_is_filled_but_what_breaks_a_rule_is_not(
    edufleet: Program, seen: Observed, entries: Entries
) -> None:
    known(seen)
    own = [one for one in seen.interfaces or () if one.mac and routed(one)]
    if not own:
        pytest.skip("this machine has no interface with an address")
    mac, address = own[0].mac, routed(own[0])[0]
    other = {"address": "127.0.0.2", "interfaces": {"eth9": {"mac": mac, "addresses": [address]}}}
    directory = entries({NAME: {"address": "127.0.0.1", "platform": seen.platform}, "other": other})

    code, report = drift(edufleet, "--apply", "--yes")

    assert code == 0, "silence is no difference"
    assert "not_stated" in verdicts(report).values()
    assert [one["asset"] for one in report["refused"]][:1] == [NAME]
    assert {one["field"].partition(".")[0] for one in report["refused"]} == {"interfaces"}
    assert load(directory).host(NAME).hardware.cpus == seen.cpus


def test_never_captured_is_said_and_is_no_agreement(edufleet: Program, entries: Entries) -> None:
    device = {"address": "127.0.0.3", "platform": "huawei", "vendor": "huawei", "role": "core"}
    entries({"web1": {"address": "127.0.0.2"}}, devices={"sw1": device})

    done = edufleet.run("inventory", "drift")

    assert done.returncode == 3
    assert "never captured: 2: web1, sw1" in done.stdout
    assert [one["state"] for one in drift(edufleet)[1]["assets"]] == ["never_captured"] * 2


@pytest.mark.usefixtures("seen")
def test_an_old_or_damaged_capture_is_said_and_not_compared(edufleet: Program, entries: Entries) -> None:
    entries({NAME: {"address": "127.0.0.1"}, "web1": {"address": "127.0.0.2"}})
    store = CaptureStore(edufleet.home / "state/captures")
    taken = store.get(newest(edufleet))
    old = Capture(**{**fields(taken), "started": (datetime.now(UTC) - timedelta(days=40)).isoformat()})
    remember(edufleet, NAME, store.put(old))
    remember(edufleet, "web1", "0" * 64)

    code, report = drift(edufleet)
    assert code == 3
    assert [(one["state"], one["values"]) for one in report["assets"]] == [("too_old", []), ("unreadable", [])]
    assert verdicts(drift(edufleet, "--max-age", "50")[1])["hostname"] == "agrees"


def fields(capture: Capture) -> dict[str, Any]:
    return {name: getattr(capture, name) for name in Capture.__dataclass_fields__}


def remember(edufleet: Program, host: str, address: str) -> None:
    later = datetime.now(UTC) + timedelta(minutes=5)
    with History.open(Settings(edufleet.home / "state")) as history:
        run = history.begin("inspection", scope="", profile="", tool="a test", started=later)
        history.record(run, [HostRecord(run, host, "complete", "", "", address, 1.0)], [], [])


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--verified"], "--verified writes nothing by itself"),
        (["--json", "--apply"], "--json asks nothing"),
        (["--limit", "nowhere"], "nowhere"),
    ],
)
def test_bad_usage_is_one_clear_error(edufleet: Program, entries: Entries, argv: list[str], said: str) -> None:
    entries({"web1": {"address": "127.0.0.2"}})
    done = edufleet.run("inventory", "drift", *argv)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.lab
def test_hosts_of_the_lab_show_what_is_theirs(lab: RunningLab, edufleet: Program) -> None:
    chosen = "qh-web1,core-ntp1"
    edufleet.run("inspect", "-i", str(lab.inventory), "-l", chosen, "--out", str(edufleet.out))
    done = edufleet.run("inventory", "drift", "-i", str(lab.inventory), "-l", chosen, "--json")
    report = json.loads(done.stdout)
    for name in chosen.split(","):
        said = verdicts(report, name)
        assert said["hostname"] == said["address"] == said["platform"] == "agrees", said
        assert "unknown" not in said.values(), said
