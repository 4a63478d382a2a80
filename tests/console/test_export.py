# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory export``: where the files go, what is said of them, what is refused."""

import io
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from console.cli.inventory import app, export
from console.writing import write_changed
from inventories.base import Text
from inventories.emitter import Emitter, emitters
from inventories.errors import BadInput, CouldNotFinish
from tests.inventories.trees import SOUND, write

ROOT = Path(__file__).parents[2]
BYTES = b"\x89PNG\0\n"
PICTURE = Emitter(id="picture", title=Text(en="A picture", zh="图片"), emit=lambda _, __: {"a.png": BYTES})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory with ./inventory, and a format of one binary file."""
    write(tmp_path / "inventory", SOUND)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EDUFLEET_INVENTORY", raising=False)
    monkeypatch.setattr(export, "emitters", lambda: {**emitters(), "picture": PICTURE})
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", *arguments])


def refused(*arguments: str) -> str:
    problem = run(*arguments).exception
    assert isinstance(problem, BadInput)
    return str(problem)


@pytest.mark.usefixtures("here")
def test_a_single_file_goes_to_standard_output_as_it_is() -> None:
    result = run("picture")

    assert (result.exit_code, result.stdout_bytes) == (0, BYTES)


def test_bytes_do_not_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", terminal)

    export._print("text", {"a.txt": "门户\n".encode()})
    assert terminal.buffer.getvalue() == "门户\n".encode()
    with pytest.raises(BadInput, match=r"a\.png is no text for a terminal\nhint: use --out DIR"):
        export._print("picture", {"a.png": BYTES})


def test_files_are_written_when_they_changed_and_others_are_left_alone(here: Path) -> None:
    (here / "out").mkdir()
    (here / "out/mine.json").write_text("mine", encoding="utf-8")

    first = run("prometheus", "--out", "out")
    (here / "out/node.json").chmod(0o640)
    (here / "out/node.json").write_text("[]", encoding="utf-8")
    untouched = (here / "out/snmp.json").stat().st_ino
    second = run("prometheus", "--out", "out")

    assert first.stdout.splitlines() == [
        "written    out/node.json", "written    out/snmp.json", "written    out/blackbox.json", "3 files, 3 written",
    ]  # fmt: skip
    assert second.stdout.splitlines() == [
        "written    out/node.json", "unchanged  out/snmp.json", "unchanged  out/blackbox.json", "3 files, 1 written",
    ]  # fmt: skip
    assert (here / "out/snmp.json").stat().st_ino == untouched
    assert (here / "out/node.json").stat().st_mode & 0o777 == 0o640
    assert (here / "out/mine.json").read_text(encoding="utf-8") == "mine"
    assert len(list((here / "out").iterdir())) == 4


def test_json_says_what_was_written(here: Path) -> None:
    run("prometheus", "--out", "out", "--limit", "web1")
    said = json.loads(run("prometheus", "--out", "out", "--json").stdout)

    sizes = {path.name: path.stat().st_size for path in (here / "out").iterdir()}
    assert said == {
        "format": "prometheus",
        "files": [
            {"path": "node.json", "bytes": sizes["node.json"], "changed": True},
            {"path": "snmp.json", "bytes": sizes["snmp.json"], "changed": False},
            {"path": "blackbox.json", "bytes": sizes["blackbox.json"], "changed": False},
        ],
    }


def test_limit_chooses_devices_too(here: Path) -> None:
    devices = "devices: {sw1: {address: 10.1.0.201, vendor: huawei, platform: huawei_vrpv8, role: core}}\n"
    write(here / "inventory", {"qinghe/devices.yml": devices})

    def targets(limit: str) -> list[str]:
        run("prometheus", "--out", "out", "--limit", limit)
        files = [json.loads((here / "out" / name).read_text(encoding="utf-8")) for name in ("node.json", "snmp.json")]
        return [group["labels"]["instance"] for groups in files for group in groups]

    assert targets("sw1") == targets("sw*") == ["sw1"]
    assert targets("qinghe,!web1") == ["web2", "sw1"]
    assert targets("dc,&web") == ["web1", "web2"]


@pytest.mark.usefixtures("here")
def test_what_cannot_be_asked_for_is_refused_with_the_way_out() -> None:
    assert refused("prometeus") == "'prometeus' is no format\nhint: did you mean 'prometheus'?"
    assert "--list" in refused("zzz")
    assert "--list" in refused()
    assert refused("prometheus") == "prometheus is 3 files\nhint: say where they go: --out DIR"
    assert "--out DIR" in refused("picture", "--json")
    assert "sw9" in refused("picture", "--limit", "sw9")


@pytest.mark.usefixtures("here")
def test_formats_are_listed_and_completed_in_both_languages() -> None:
    listed = json.loads(run("--list", "--json").stdout)["formats"]

    assert {"id": "picture", "title": {"en": "A picture", "zh": "图片"}} in listed
    assert "图片" in run("--list").stdout
    assert ("prometheus", emitters()["prometheus"].title.en) in export.complete_format("prom")


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CouldNotFinish, match=r"a: cannot be written: No space left on device"):
        write_changed(tmp_path, {"a": b"new"})

    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("a", "old")]


def test_what_stands_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()

    with pytest.raises(CouldNotFinish, match=r"file/a: cannot be written"):
        write_changed(tmp_path / "file", {"a": b""})
    with pytest.raises(CouldNotFinish, match=r"folder: cannot be written"):
        write_changed(tmp_path, {"folder": b""})
