# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The guard puts back exactly what was there, once, by whatever shell a host has."""

import shutil
import subprocess
import time
from importlib.resources import files
from pathlib import Path

import pytest

SHELLS = [shell for shell in (["dash"], ["bash", "--posix"], ["busybox", "sh"]) if shutil.which(shell[0])]


class Guard:
    """A guard in a directory of its own."""

    def __init__(self, shell: list[str], home: Path) -> None:
        self._shell = shell
        self.home = home
        home.mkdir()
        (home / "guard").write_text((files("playbooks.baseline") / "guard.sh").read_text("utf-8"), "utf-8")

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            [*self._shell, self.home / "guard", *words], capture_output=True, text=True, check=False, timeout=20
        )
        assert done.stderr == ""
        return done.stdout


@pytest.fixture(params=SHELLS, ids=lambda shell: shell[0])
def guard(request: pytest.FixtureRequest, tmp_path: Path) -> Guard:
    return Guard(request.param, tmp_path / "run")


def look(path: Path) -> object:
    if path.is_symlink():
        return path.readlink()
    if not path.exists():
        return None
    found = path.stat()
    return path.read_bytes(), found.st_mode, found.st_uid, found.st_mtime_ns


def test_a_changed_a_new_and_a_linked_file_come_back_as_they_were(guard: Guard, tmp_path: Path) -> None:
    old, new, link = (tmp_path / name for name in ("old file", "new", "link"))
    old.write_bytes(b"one\r\n\xff")
    old.chmod(0o640)
    link.symlink_to("old file")
    before = [look(path) for path in (old, new, link)]
    guard("keep", "1-a", "file", *map(str, (old, new, link)))
    old.write_text("two")
    new.write_text("x")
    link.unlink()
    link.write_text("no link any more")
    guard("keep", "1-a", "file", str(new), str(old))  # a second step of the same rule: the first word counts
    guard("seal", "1-a")
    said = guard("undo")
    assert said.splitlines() == [f"restored {link}", f"restored {new}", f"restored {old}"]
    assert [look(path) for path in (old, new, link)] == before
    assert guard("undo") == ""


def test_groups_come_back_the_last_one_first(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "f"
    for number, group in enumerate(("1-0000-a", "1-2000-b", "2-0000-a")):
        path.write_text(str(number))
        guard("keep", group, "file", str(path))
    guard("undo")
    assert path.read_text() == "0"


def test_modes_come_back_without_the_content(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "shadow"
    path.write_text("old")
    path.chmod(0o644)
    guard("keep", "1-a", "mode", str(path))
    path.chmod(0o600)
    guard("seal", "1-a")
    path.write_text("a new password")
    guard("undo")
    assert (path.read_text(), oct(path.stat().st_mode & 0o7777)) == ("a new password", "0o644")


def test_what_somebody_changed_since_is_left_to_them(guard: Guard, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for path in (ours, theirs):
        path.write_text("before")
    guard("keep", "1-a", "file", str(ours), str(theirs))
    for path in (ours, theirs):
        path.write_text("enforced")
    guard("seal", "1-a")
    theirs.write_text("by hand")
    assert guard("undo").splitlines() == [f"changed since {theirs}", f"restored {ours}"]
    assert (ours.read_text(), theirs.read_text()) == ("before", "by hand")
    theirs.write_text("enforced")  # they took it back
    assert f"restored {theirs}" in guard("undo")


def test_what_was_kept_but_not_changed_is_nobody_elses_affair(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("before")
    guard("keep", "1-a", "file", str(path))
    guard("seal", "1-a")
    path.write_text("by hand")
    assert guard("undo") == ""
    assert path.read_text() == "by hand"


def test_disarming_and_putting_back_exclude_each_other(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("before")
    for group in ("1-a", "1-b"):
        guard("keep", group, "file", str(path))
    path.write_text("after")
    assert guard("disarm", "1-a") == "disarmed\n"
    assert guard("fire", "1-a") == "disarmed\n"
    assert path.read_text() == "after"
    assert guard("fire", "1-b").splitlines() == [f"restored {path}", "rolled_back"]
    assert guard("disarm", "1-b") == "rolled_back\n"
    assert path.read_text() == "before"


@pytest.mark.skipif(Path("/run/systemd/system").exists(), reason="here systemd keeps the time; the lab tries both")
def test_an_armed_group_comes_back_by_itself_and_a_disarmed_one_does_not(guard: Guard, tmp_path: Path) -> None:
    kept, left = tmp_path / "kept", tmp_path / "left"
    for group, path in (("1-a", kept), ("1-b", left)):
        path.write_text("before")
        guard("keep", group, "file", str(path))
        guard("arm", group, "1")
        path.write_text("after")
    guard("disarm", "1-b")
    end = time.monotonic() + 20
    while kept.read_text() != "before" and time.monotonic() < end:
        time.sleep(0.1)
    assert (kept.read_text(), left.read_text()) == ("before", "after")


def test_a_change_finished_after_its_time_is_put_back_again(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("before")
    guard("keep", "1-a", "file", str(path))
    guard("fire", "1-a")
    path.write_text("late")
    done = subprocess.run(["sh", guard.home / "guard", "seal", "1-a"], capture_output=True, text=True, check=False)
    assert (done.returncode, path.read_text()) == (1, "before")
    assert "more time is needed" in done.stderr


def test_a_name_with_a_line_break_is_refused(guard: Guard) -> None:
    done = subprocess.run(
        ["sh", guard.home / "guard", "keep", "1-a", "file", "/x\n/y"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "line break" in done.stderr
