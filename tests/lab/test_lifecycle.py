# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A lab comes up, says how it is, and goes, and the machine is as it was; also when it was interrupted at any point."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventories.errors import BadInput, CouldNotFinish
from inventories.loader import load
from lab import lifecycle, processes
from lab.model import Lab
from lab.roster import Roster, read_roster
from tests.conftest import Quiet, RunningLab
from tests.lab.second import machine, second_inventory, second_lab

pytestmark = pytest.mark.lab

# The command line's own `lab up`, on another lab, sending itself a signal when the given thing is reported.
INTERRUPTED_UP = """
import os, sys
from pathlib import Path
from console.cli import lab as command
from console.cli.main import main
from tests.lab.second import second_lab

folder, moment, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
command.LAB = second_lab(folder)
class Screen(command._Screen):
    def step(self, text):
        if text.startswith("booting") and moment == "before": os.kill(os.getpid(), number)
    def hosts(self, done, total, name):
        if moment == "amid": os.kill(os.getpid(), number)
command._Screen = Screen
sys.argv = ["edufleet", "lab", "up", "--inventory", str(folder / "inventory")]
main()
"""

# Sets what is set already: should it be allowed, nothing happens to the machine the tests run on.
SAME_AGAIN = 'sudo sysctl -w "kernel.pid_max=$(sysctl -n kernel.pid_max)"; sudo date -s "$(date)"'


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Lab]:
    """A lab that is not up, and the machine left as found afterwards."""
    lab = second_lab(tmp_path)
    before = machine()
    yield lab
    lifecycle.down(lab)
    assert machine() == before


@pytest.fixture
def roster(second: Lab, tmp_path: Path) -> Roster:
    return read_roster(second, second_inventory(tmp_path))


def interrupted_up(folder: Path, moment: str, number: signal.Signals) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", INTERRUPTED_UP, str(folder), moment, str(int(number))],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_up_gives_hosts_that_log_in_and_down_takes_them_away(second: Lab, roster: Roster) -> None:
    assert lifecycle.up(second, roster, Quiet())

    running = RunningLab(second)
    for host in roster.hosts:
        done = running.ssh(host.name, "hostname; id -un; sudo -n id -un")
        assert done.stdout.decode().split() == [host.name, "inspector", "root"]
    status = lifecycle.status(second)
    assert status.up
    assert all(host.running and host.answers for host in status.hosts)
    assert [host.name for host in load(second.inventory).hosts] == [host.name for host in roster.hosts]

    lifecycle.down(second)
    assert not lifecycle.status(second).up
    assert not second.dir.exists()
    lifecycle.down(second)


def test_up_again_does_nothing_while_all_hosts_run(second: Lab, roster: Roster) -> None:
    lifecycle.up(second, roster, Quiet())
    before = processes.inits(second)
    assert not lifecycle.up(second, roster, Quiet())
    assert processes.inits(second) == before


def test_up_makes_a_lab_anew_when_a_host_has_died(second: Lab, roster: Roster) -> None:
    lifecycle.up(second, roster, Quiet())
    subprocess.run(["kill", "-9", str(processes.inits(second)["plain"])], check=True)
    assert not lifecycle.status(second).up
    assert lifecycle.up(second, roster, Quiet())
    assert lifecycle.status(second).up


def test_up_makes_a_lab_anew_when_its_inventory_has_changed(second: Lab, roster: Roster) -> None:
    lifecycle.up(second, roster, Quiet())
    text = (roster.source / "all.yml").read_text(encoding="utf-8")
    (roster.source / "all.yml").write_text(text.replace("Second lab", "Third lab"), encoding="utf-8")
    assert lifecycle.up(second, roster, Quiet())
    assert load(second.inventory).authority.name.en == "Third lab"


def test_generated_hosts_run_and_are_in_the_inventory(second: Lab, roster: Roster) -> None:
    lifecycle.up(second, read_roster(second, roster.source, 6), Quiet())
    names = {host.name for host in load(second.inventory).hosts}
    assert names == processes.inits(second).keys() == {"plain", "real", "sorry", "lab-001", "lab-002", "lab-003"}
    assert RunningLab(second).ssh("lab-003", "hostname").stdout == b"lab-003\n"


def test_no_packet_of_a_host_can_leave_the_bridge(second: Lab, roster: Roster) -> None:
    lifecycle.up(second, roster, Quiet())
    for host in roster.hosts:
        routes = RunningLab(second).run(host.name, ["ip", "-4", "route"]).splitlines()
        assert [line.split()[0] for line in routes] == [str(second.network)]


def test_a_host_cannot_change_the_clock_or_the_kernel_of_the_machine(second: Lab, roster: Roster) -> None:
    lifecycle.up(second, roster, Quiet())
    for host in roster.hosts:
        done = RunningLab(second).ssh(host.name, SAME_AGAIN)
        assert b"permission denied" in done.stderr
        assert b"cannot set date" in done.stderr


@pytest.mark.parametrize("moment", ["before", "amid"])
def test_an_up_that_was_killed_is_cleaned_up_by_down(second: Lab, roster: Roster, moment: str) -> None:
    done = interrupted_up(roster.source.parent, moment, signal.SIGKILL)
    assert done.returncode == -signal.SIGKILL
    assert second.dir.exists()
    assert not lifecycle.status(second).up
    lifecycle.down(second)
    assert not second.dir.exists()
    assert processes.by_host(second) == {}


def test_an_up_that_was_killed_is_cleaned_up_by_the_next_up(second: Lab, roster: Roster) -> None:
    interrupted_up(roster.source.parent, "amid", signal.SIGKILL)
    assert lifecycle.up(second, roster, Quiet())
    assert lifecycle.status(second).up


def test_ctrl_c_takes_away_what_was_made(second: Lab, roster: Roster) -> None:
    done = interrupted_up(roster.source.parent, "amid", signal.SIGINT)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert not second.dir.exists()
    assert processes.by_host(second) == {}


def test_a_range_in_use_is_left_alone(second: Lab, roster: Roster) -> None:
    subprocess.run(["ip", "link", "add", "eft_taken", "type", "bridge"], check=True)
    try:
        subprocess.run(["ip", "address", "add", "198.19.100.1/24", "dev", "eft_taken"], check=True)
        with pytest.raises(CouldNotFinish, match=r"uses 198\.19\.100\.1/24"):
            lifecycle.up(second, roster, Quiet())
    finally:
        subprocess.run(["ip", "link", "delete", "eft_taken"], check=True)
    assert not second.dir.exists()


def test_a_bridge_of_somebody_else_is_left_alone(second: Lab, roster: Roster) -> None:
    subprocess.run(["ip", "link", "add", second.bridge, "type", "bridge"], check=True)
    try:
        with pytest.raises(CouldNotFinish, match="an interface eftbr0 that is not the lab's"):
            lifecycle.up(second, roster, Quiet())
        lifecycle.down(second)
    finally:
        subprocess.run(["ip", "link", "delete", second.bridge], check=True)  # fails if the lab took it away


def test_a_flavour_nobody_wrote_is_refused(second: Lab, tmp_path: Path) -> None:
    inventory = second_inventory(tmp_path)
    with (inventory / "all.yml").open("a", encoding="utf-8") as file:
        file.write("  wrong: {address: 198.19.1.9, groups: [lab_unheard_of]}\n")
    with pytest.raises(BadInput, match="wrong: no flavour 'unheard_of'"):
        lifecycle.up(second, read_roster(second, inventory), Quiet())
