# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The capture store: what comes back is what went in, or an error that names the file."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings

from fleet.capture import Capture, Section, address
from fleet.store import CaptureStore
from inventories.errors import BadInput, CouldNotFinish
from tests.fleet.captures import captures


def capture(stdout: str = "up 3 days") -> Capture:
    return Capture(
        target="web1",
        started="2026-11-23T12:15:00+00:00",
        seconds=0.5,
        tool="edufleet 0.1.0",
        questions="0" * 64,
        asked=("uptime",),
        reached=True,
        privilege="root",
        privilege_detail="",
        cause=None,
        target_cpu_seconds=0.01,
        sections={"uptime": Section(0, stdout, "", 0.1, truncated=False, timed_out=False)},
    )


@pytest.fixture
def store(tmp_path: Path) -> CaptureStore:
    return CaptureStore(tmp_path / "captures")


def the_file(tmp_path: Path) -> Path:
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    return file


@settings(max_examples=50)
@given(capture=captures)
def test_what_comes_back_is_what_went_in(tmp_path_factory: pytest.TempPathFactory, capture: Capture) -> None:
    store = CaptureStore(tmp_path_factory.getbasetemp() / "captures")

    assert store.get(store.put(capture)) == capture


def test_a_capture_is_named_by_its_content(store: CaptureStore, tmp_path: Path) -> None:
    name = store.put(capture())

    assert name == address(capture().to_bytes())
    assert the_file(tmp_path) == tmp_path / "captures" / name[:2] / name[2:]
    assert store.put(capture()) == name
    assert store.put(capture("up 4 days")) != name


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_a_capture_is_readable_by_its_owner_alone_whatever_the_umask(
    store: CaptureStore, tmp_path: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        store.put(capture())
    finally:
        os.umask(before)

    file = the_file(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in (file.parent, file.parent.parent)} == {0o700}


def test_a_flipped_bit_is_noticed_and_the_file_named(store: CaptureStore, tmp_path: Path) -> None:
    name = store.put(capture())
    file = the_file(tmp_path)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    with pytest.raises(BadInput, match="damaged") as problem:
        store.get(name)

    assert problem.value.where == str(file)
    assert "restore" in str(problem.value.hint)


def test_storing_again_mends_a_damaged_file(store: CaptureStore, tmp_path: Path) -> None:
    name = store.put(capture())
    the_file(tmp_path).write_bytes(b"")

    store.put(capture())

    assert store.get(name) == capture()


def test_an_address_nobody_stored_is_an_error_that_names_the_file(store: CaptureStore, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file") as problem:
        store.get("ab" * 32)

    assert problem.value.where == str(tmp_path / "captures/ab" / ("ab" * 31))


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "ab" * 31])
def test_an_address_never_leads_out_of_the_store(store: CaptureStore, name: str) -> None:
    with pytest.raises(BadInput, match="no address"):
        store.get(name)


def test_a_disk_that_refuses_leaves_nothing_half_written(
    store: CaptureStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(CouldNotFinish, match="No space left"):
        store.put(capture())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def write_many(directory: Path) -> None:
    store = CaptureStore(directory)
    for number in range(20):
        store.put(capture(f"up {number} days"))


def test_two_processes_can_store_the_same_captures_at_once(store: CaptureStore, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(tmp_path / "captures",)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)

    assert [writer.exitcode for writer in writers] == [0, 0]
    names = [path.parent.name + path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert {store.get(name).sections["uptime"].stdout for name in names} == {f"up {n} days" for n in range(20)}
    assert len(names) == 20
