# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a capture shows of that which an inventory states, and why it does not show the rest."""

from hypothesis import given, settings

from console.observed import NEEDED_COLLECTORS, observe
from fleet.capture import Capture, Section
from tests.collectors.recorded import FIXTURES
from tests.fleet.captures import captures

SERVER = {
    "identity": "hardware_by_hand",
    "os_release": "debian12",
    "memory": "debian12",
    "interfaces": "server_by_hand",
    "disks": "server_by_hand",
}
MEASURED = {"cpus", "memory_bytes", "disks"}


def capture(**recorded: str) -> Capture:
    """A capture whose sections are recorded answers."""
    texts = {name: (FIXTURES / name / f"{case}.txt").read_text("utf-8") for name, case in recorded.items()}
    return Capture(
        target="db",
        started="2026-11-23T12:15:00+00:00",
        seconds=1.0,
        tool="test",
        questions="",
        asked=tuple(texts),
        reached=True,
        privilege="root",
        privilege_detail="",
        cause=None,
        target_cpu_seconds=None,
        sections={name: Section(0, text, "", 0.1, truncated=False, timed_out=False) for name, text in texts.items()},
    )


def test_a_server_shows_everything() -> None:
    seen = observe(capture(**SERVER))

    assert (seen.name, seen.hostname, seen.platform) == ("db", "qinghe-core-db", "debian12")
    assert (seen.serial, seen.cpus) == ("219000001", 64)
    assert seen.disks is not None
    assert seen.disks["sda"] == 960_197_124_096
    assert {one.name for one in seen.interfaces or ()} >= {"bond0.10", "lo"}
    assert seen.unseen == {}
    assert SERVER.keys() == NEEDED_COLLECTORS


def test_a_container_shows_its_hosts_hardware_which_is_not_its_own() -> None:
    seen = observe(capture(**{**SERVER, "identity": "debian12_nspawn"}))

    assert (seen.cpus, seen.memory_bytes, seen.disks) == (None, None, None)
    assert {field for field, why in seen.unseen.items() if "container" in why} == MEASURED
    assert seen.hostname == "vm"


def test_a_virtual_machine_has_hardware_but_no_serial_number() -> None:
    seen = observe(capture(**{**SERVER, "identity": "kvm_by_hand"}))

    assert (seen.cpus, seen.serial) == (6, None)
    assert seen.unseen == {"serial": "a virtual machine has none"}


def test_without_identity_nobody_knows_whose_hardware_it_is() -> None:
    seen = observe(capture(**{name: case for name, case in SERVER.items() if name != "identity"}))

    assert seen.disks is None
    assert seen.unseen.keys() == {"hostname", "serial"} | MEASURED
    assert "inspect the host again" in seen.unseen["hostname"]


@settings(max_examples=50, deadline=None)
@given(captures)
def test_any_capture_shows_a_field_or_says_why_not(any_capture: Capture) -> None:
    seen = observe(any_capture)
    for field in ("hostname", "platform", "serial", "interfaces", "cpus", "memory_bytes", "disks"):
        assert (getattr(seen, field) is None) == (field in seen.unseen)
