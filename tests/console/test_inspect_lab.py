# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inspect`` over the lab: everybody answers, then some do not."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import RunningLab
from tests.console.program import Program

pytestmark = pytest.mark.lab

UNREACHABLE, SLOW, HOSTILE = "qh-web2", "core-log1", "hb-web1"


def test_every_host_of_three_provinces_is_inspected(lab: RunningLab, edufleet: Program) -> None:
    done = edufleet.run("inspect", "-i", str(lab.inventory), "--out", str(edufleet.out))
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    document = edufleet.inspection()
    assert document.summary.hosts.total >= 10
    assert document.summary.hosts.reached == document.summary.hosts.total
    assert {region.path for region in document.regions if region.level == "province"} == {"haibin", "qinghe", "yunling"}
    assert all(host.reach.privilege == "root" for host in document.hosts)
    assert all(host.card.os and "Debian" in host.card.os for host in document.hosts)
    assert document.summary.baseline.pass_ > 0
    assert document.summary.baseline.error == 0


def test_flavours_show(lab: RunningLab, edufleet: Program) -> None:
    """A hardened host has fewer findings than a plain one, a neglected one more, and each finding has its evidence."""
    edufleet.run("inspect", "-i", str(lab.inventory), "-l", "qh-db1,qh-web1,yl-app1", "--out", str(edufleet.out))
    fails = {
        host.name: {result.rule: result for result in host.baseline if result.outcome == "fail"}
        for host in edufleet.inspection().hosts
    }
    assert len(fails["qh-db1"]) < len(fails["qh-web1"]) < len(fails["yl-app1"])
    assert "ssh.root_login" in fails["yl-app1"], "the drop-in file says yes, the main file no"
    assert all(result.evidence for result in fails["yl-app1"].values())


def test_the_three_that_fail_are_named_and_the_others_complete(lab: RunningLab, edufleet: Program) -> None:
    with lab.fault(UNREACHABLE, "unreachable"), lab.fault(SLOW, "slow-shell"), lab.fault(HOSTILE, "hostile-output"):
        done = edufleet.run("inspect", "-i", str(lab.inventory), "--json", "--out", str(edufleet.out))
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    document = json.loads(done.stdout)
    hosts = {host["name"]: host for host in document["hosts"]}
    assert hosts[UNREACHABLE]["reach"]["status"] == "unreachable"
    assert hosts[UNREACHABLE]["reach"]["cause"] in {"connect_timeout", "no_route"}
    assert hosts[UNREACHABLE]["health_state"] == "unknown"
    assert {result["outcome"] for result in hosts[UNREACHABLE]["baseline"]} == {"not_evaluated"}
    assert hosts[SLOW]["reach"]["status"] == "partial"
    assert hosts[SLOW]["reach"]["cause"] == "start_timeout"
    assert hosts[SLOW]["reach"]["hint"]["zh"]
    hostile = {result["rule"]: result["outcome"] for result in hosts[HOSTILE]["baseline"]}
    assert hostile["ssh.root_login"] == "error"
    assert hostile["accounts.uid_zero"] == "pass"
    for name in hosts.keys() - {UNREACHABLE, SLOW, HOSTILE}:
        assert hosts[name]["reach"]["status"] == "complete", hosts[name]["reach"]
    text = edufleet.run("history", "show", "latest").stdout
    assert UNREACHABLE in text
    assert SLOW in text


def test_without_sudo_it_says_what_it_could_not_read(lab: RunningLab, edufleet: Program) -> None:
    with lab.fault("gk-web1", "bad-sudo"):
        edufleet.run("inspect", "-i", str(lab.inventory), "-l", "gk-web1", "--out", str(edufleet.out))
    (host,) = edufleet.inspection().hosts
    assert host.reach.privilege == "user"
    assert "password is required" in host.reach.privilege_detail
    outcomes = {result.rule: result for result in host.baseline}
    assert outcomes["ssh.root_login"].outcome == "not_evaluated"
    assert "prepare.yml" in outcomes["ssh.root_login"].message.en
    assert outcomes["accounts.uid_zero"].outcome == "pass"


def test_a_full_disk_is_critical(lab: RunningLab, edufleet: Program) -> None:
    with lab.fault("qh-web2", "full-disk"):
        edufleet.run("inspect", "-i", str(lab.inventory), "-l", "qh-web2", "--out", str(edufleet.out))
    (host,) = edufleet.inspection().hosts
    assert [check.item for check in host.health if check.check == "disk" and check.state == "critical"] == ["/srv/data"]


def test_unknown_host_keys_are_refused_until_they_are_learned(
    lab: RunningLab, edufleet: Program, tmp_path: Path
) -> None:
    directory = tmp_path / "inventory"
    shutil.copytree(lab.inventory, directory)
    known_hosts = tmp_path / "known_hosts"
    config = tmp_path / "ssh_config"
    text = lab.ssh_config.read_text(encoding="utf-8")
    config.write_text(text.replace(str(lab.ssh_config.with_name("known_hosts")), str(known_hosts)), encoding="utf-8")
    for file in directory.rglob("*.yml"):
        said = file.read_text(encoding="utf-8")
        file.write_text(said.replace(str(lab.ssh_config), str(config)), encoding="utf-8")
    one = ("inspect", "-i", str(directory), "-l", "core-ca1", "--out", str(edufleet.out))
    assert edufleet.run(*one).returncode == 3
    assert edufleet.inspection().hosts[0].reach.cause == "host_key_unknown"
    learned = edufleet.run(*one, "--accept-new")
    assert "learned the key of" in learned.stderr
    assert edufleet.inspection().hosts[0].reach.status == "complete"
    again = edufleet.run(*one)
    assert edufleet.inspection().hosts[0].reach.status == "complete"
    assert "learned" not in again.stderr
