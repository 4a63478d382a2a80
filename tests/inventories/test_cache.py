# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What is kept of a load: the same as loading, gone with any byte that changes, and nobody else's is ever read."""

import io
import os
import pickle
import stat
import threading
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventories import loader
from inventories.book import Book
from inventories.findings import InventoryErrors
from inventories.generate.files import files
from inventories.generate.plan import Size
from inventories.model import Inventory
from inventories.reading import cache
from inventories.reading.files import Tree, read_tree
from inventories.select import vocabulary, vocabulary_of
from inventories.validate import Checked
from tests.inventories.trees import SOUND, write

DAY = date(2026, 11, 1)
DUAL = """\
hosts:
  web6:
    address: 2001:db8:1::6
    vars: {count: 1, flag: true, ratio: 1.0, ports: [1, true]}
    interfaces: {eth0: {addresses: [10.1.0.6/24, "2001:db8:1::6/64"]}}
  web7:
    address: 10.1.0.7
    vars: {count: true, flag: 1, ratio: 1, ports: [true, 1]}
    hardware: {cpus: 4, disks_gb: {sda: 480}}
"""
CALENDAR = """\
calendars:
  year:
    name: {en: Year, zh: 年度}
    windows:
      term: {kind: term, start: 2026-09-01, end: 2027-01-20}
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, in which even the smallest inventory is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "LEAST_BYTES", 0)
    return tmp_path / "cache/edufleet"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "inventory", {**SOUND, "qinghe/dual.yml": DUAL, "calendar.yml": CALENDAR})


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The roots that were really resolved, in turn."""
    roots: list[Path] = []
    resolve = loader._resolved

    def counting(tree: Tree, day: date) -> Book:
        roots.append(tree.root)
        return resolve(tree, day)

    monkeypatch.setattr(loader, "_resolved", counting)
    return roots


def kept(shelf: Path) -> list[Path]:
    return sorted(shelf.glob("*.kept"))


@pytest.mark.usefixtures("shelf")
def test_the_second_load_and_check_resolve_nothing(root: Path, resolved: list[Path]) -> None:
    first, checked = loader.load(root, DAY), loader.check(root, DAY)

    assert loader.load(root, DAY) == first
    assert loader.check(root, DAY) == checked
    assert resolved == [root]


@pytest.mark.usefixtures("shelf")
def test_what_comes_back_is_what_was_loaded_to_the_last_type(root: Path) -> None:
    loaded, again = loader.load(root, DAY), loader.load(root, DAY)

    assert again == loaded
    assert repr(again) == repr(loaded)  # 1, 1.0 and true are equal and not the same
    assert again.model_dump_json() == loaded.model_dump_json()
    assert [one.model_fields_set for one in again.hosts] == [one.model_fields_set for one in loaded.hosts]
    assert hash(again.host("web6")) == hash(loaded.host("web6"))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sites=st.integers(3, 40), hosts=st.integers(4, 60), devices=st.integers(0, 150), seed=st.integers(0, 99))
@pytest.mark.usefixtures("shelf")
def test_kept_and_loaded_are_equal_for_any_province(
    tmp_path_factory: pytest.TempPathFactory, sites: int, hosts: int, devices: int, seed: int
) -> None:
    size = Size(sites=sites, hosts=hosts, devices=devices)
    root = write(tmp_path_factory.mktemp("province"), dict(files(size, seed)))

    loaded = loader.load(root)
    again = loader.load(root)
    assert again == loaded
    assert repr(again) == repr(loaded)


@pytest.mark.usefixtures("shelf")
def test_findings_are_kept_too_and_errors_raised_again(root: Path, resolved: list[Path]) -> None:
    write(root, {"qinghe/more.yml": "hosts: {web1: {address: 10.2.0.1}}\n"})

    told = []
    for _ in range(2):
        with pytest.raises(InventoryErrors) as caught:
            loader.load(root, DAY)
        told.append(caught.value.findings)

    assert told[0] == told[1] != ()
    assert loader.check(root, DAY).sizes["hosts"] == 5
    assert resolved == [root]


@pytest.mark.usefixtures("shelf")
def test_what_completion_offers_is_kept_too(root: Path, resolved: list[Path]) -> None:
    offered = vocabulary_of(root)

    assert offered == vocabulary(loader.load(root)) == vocabulary_of(root)
    assert resolved == [root]


def digest_of(root: Path, day: date = DAY) -> str | None:
    return cache.key(read_tree(root), day)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.usefixtures("shelf")
def test_any_changed_byte_of_any_file_is_another_inventory(root: Path, data: st.DataObject) -> None:
    before = digest_of(root)
    path = data.draw(st.sampled_from(sorted(root.rglob("*.yml"))))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    times = path.stat()

    path.write_bytes(content[:at] + bytes([byte]) + content[at + 1 :])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert digest_of(root) not in {before, None}

    path.write_bytes(content)
    assert digest_of(root) == before


def add_file(root: Path) -> None:
    (root / "qinghe/new.yml").write_text("")


def remove_file(root: Path) -> None:
    (root / "qinghe/hosts.yml").unlink()


def rename_file(root: Path) -> None:
    (root / "qinghe/hosts.yml").rename(root / "qinghe/servers.yml")


def move_a_byte_to_the_next_file(root: Path) -> None:
    first, second = root / "qinghe/dual.yml", root / "qinghe/hosts.yml"
    second.write_bytes(first.read_bytes()[-1:] + second.read_bytes())
    first.write_bytes(first.read_bytes()[:-1])


def rename_region(root: Path) -> None:
    (root / "qinghe").rename(root / "haibin")


@pytest.mark.parametrize("change", [add_file, remove_file, rename_file, move_a_byte_to_the_next_file, rename_region])
@pytest.mark.usefixtures("shelf")
def test_any_other_set_of_files_is_another_inventory(root: Path, change: Callable[[Path], None]) -> None:
    before = digest_of(root)

    change(root)

    assert digest_of(root) not in {before, None}


@pytest.mark.usefixtures("shelf")
def test_another_day_place_home_or_code_is_another_load(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {digest_of(root), digest_of(root, DAY + timedelta(days=1))}
    monkeypatch.chdir(tmp_path)
    keys.add(digest_of(Path("inventory")))
    root.rename(tmp_path / "moved")
    keys.add(digest_of(tmp_path / "moved"))
    monkeypatch.setenv("HOME", "/home/somebody")
    keys.add(digest_of(tmp_path / "moved"))
    monkeypatch.setattr(cache, "_code", lambda: b"other")
    keys.add(digest_of(tmp_path / "moved"))

    assert len(keys) == 6


@pytest.mark.usefixtures("shelf")
def test_what_cannot_be_read_wholly_is_not_kept(root: Path) -> None:
    for target in ("nowhere", "link.yml", "."):
        (root / "qinghe/link.yml").symlink_to(target)
        assert digest_of(root) is None
        (root / "qinghe/link.yml").unlink()
    (root / "empty").mkdir()
    assert digest_of(root) is None


def test_what_is_small_is_not_kept(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    loader.load(root, DAY)

    assert not (tmp_path / "cache").exists()


def test_beside_other_threads_nothing_is_forked(root: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))

    loader.load(root, DAY)

    assert len(kept(shelf)) == 2


def test_where_no_process_can_be_made_it_is_kept_all_the_same(
    root: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)

    loader.load(root, DAY)

    assert len(kept(shelf)) == 2


def test_directory_and_files_are_the_users_own(root: Path, shelf: Path) -> None:
    before = os.umask(0)
    try:
        loader.load(root, DAY)
    finally:
        os.umask(before)

    assert stat.S_IMODE(shelf.stat().st_mode) == 0o700
    assert len(kept(shelf)) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept(shelf)} == {0o600}
    assert sorted(shelf.iterdir()) == kept(shelf)


class Trap:
    """Makes a file when it is unpickled by somebody who is not careful."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.sprung,)


def replaced(path: Path, payload: bytes) -> None:
    path.write_bytes(payload + sha256(payload).digest())


def flip(path: Path, sprung: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert not sprung.exists()


def cut(path: Path, _: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def empty(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def trap(path: Path, sprung: Path) -> None:
    replaced(path, pickle.dumps(Trap(sprung)))


def another_type(path: Path, _: Path) -> None:
    replaced(path, pickle.dumps(date(2026, 1, 1)))


def garbage(path: Path, _: Path) -> None:
    replaced(path, b"no pickle")


def writable_by_others(path: Path, _: Path) -> None:
    path.chmod(0o622)


def linked(path: Path, _: Path) -> None:
    path.rename(path.with_suffix(".elsewhere"))
    path.symlink_to(path.with_suffix(".elsewhere"))


def a_pipe(path: Path, _: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def directory_writable_by_others(path: Path, _: Path) -> None:
    path.parent.chmod(0o777)


def directory_linked(path: Path, _: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to("elsewhere")


@pytest.mark.parametrize(
    "spoil",
    [flip, cut, empty, trap, another_type, garbage, writable_by_others, linked, a_pipe, directory_writable_by_others,
     directory_linked],
)  # fmt: skip
def test_what_cannot_be_trusted_is_as_if_it_were_not_there(
    root: Path, shelf: Path, tmp_path: Path, resolved: list[Path], spoil: Callable[[Path, Path], None]
) -> None:
    loaded = loader.load(root, DAY)
    (path,) = shelf.glob("*-inventory.kept")

    spoil(path, tmp_path / "sprung")

    assert loader.load(root, DAY) == loaded
    assert resolved == [root, root]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a file away")
@pytest.mark.parametrize("of", ["file", "directory"])
def test_what_belongs_to_somebody_else_is_not_read(root: Path, shelf: Path, resolved: list[Path], of: str) -> None:
    loader.load(root, DAY)
    (path,) = shelf.glob("*-inventory.kept")

    os.chown(path if of == "file" else shelf, 65534, 65534)
    loader.load(root, DAY)

    assert resolved == [root, root]


@pytest.fixture
def unusable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(cache, "LEAST_BYTES", 0)


@pytest.mark.usefixtures("unusable")
def test_without_a_place_to_keep_it_an_inventory_loads_all_the_same(root: Path) -> None:
    assert loader.load(root, DAY) == loader.load(root, DAY)


@pytest.mark.usefixtures("shelf")
def test_number_and_size_of_what_is_kept_are_bounded(root: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in range(cache.MOST_FILES):
        loader.load(root, DAY + timedelta(days=days))
    assert len(kept(shelf)) == cache.MOST_FILES

    monkeypatch.setattr(cache, "MOST_BYTES", sum(path.stat().st_size for path in kept(shelf)) // 2)
    loader.load(root, DAY - timedelta(days=1))
    assert 0 < sum(path.stat().st_size for path in kept(shelf)) <= cache.MOST_BYTES

    monkeypatch.setattr(cache, "MOST_BYTES", 10)
    loader.load(root, DAY - timedelta(days=2))
    assert kept(shelf) == []


def test_what_was_used_last_is_kept_longest(root: Path, shelf: Path, resolved: list[Path]) -> None:
    for days in range(cache.MOST_FILES):
        loader.load(root, DAY)
        loader.load(root, DAY + timedelta(days=days + 1))
        # The clock of the file system may be too coarse to tell this round from the next.
        for path in kept(shelf):
            status = path.stat()
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - 10**9))

    assert len(resolved) == cache.MOST_FILES + 1


def test_only_models_and_their_values_can_be_made(tmp_path: Path) -> None:
    for payload in (pickle.dumps(os.system), pickle.dumps(Path.touch), pickle.dumps(eval), b"cposix\nsystem\n."):
        with pytest.raises(pickle.UnpicklingError):
            cache._Reader(io.BytesIO(payload)).load()
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("shelf")
def test_a_name_gives_only_what_was_kept_as_that(root: Path) -> None:
    loader.load(root, DAY)
    key = digest_of(root)

    assert isinstance(cache.fetch(key, Checked), Checked)
    assert isinstance(cache.fetch(key, Inventory), Inventory)
    assert cache.fetch("0" * 64, Inventory) is None
    assert cache.fetch(None, Inventory) is None
