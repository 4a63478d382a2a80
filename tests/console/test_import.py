# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory import``: what it shows, when it asks, what it writes."""

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.console.program import EDUFLEET, Program
from tests.inventories.trees import SOUND, write

HOSTS = "qinghe/hosts.yml"


@pytest.fixture
def tree(tmp_path: Path, edufleet: Program) -> Path:
    root = write(tmp_path / "inventory", {**SOUND, HOSTS: "# kept\n" + SOUND[HOSTS]})
    assert edufleet.run("inventory", "export", "csv", "-i", str(root), "--out", "sheets").returncode == 0
    return root


def change(edufleet: Program, old: str, new: str, sheet: str = "hosts") -> None:
    file = edufleet.home / f"sheets/{sheet}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_without_a_change_nothing_happens(tree: Path, edufleet: Program) -> None:
    done = edufleet.run("inventory", "import", "sheets", "-i", str(tree))

    assert (done.returncode, done.stdout.strip()) == (0, "nothing changes")


def test_a_change_is_shown_and_written_when_it_is_confirmed(tree: Path, edufleet: Program) -> None:
    change(edufleet, "web1,qinghe,10.1.0.1,", "web1,qinghe,10.1.0.9,")

    dry = edufleet.run("inventory", "import", "sheets", "-i", str(tree), "--dry-run")
    assert dry.returncode == 0
    assert "hosts!C2" in dry.stdout
    assert "+  web1: {address: 10.1.0.9, groups: [web]}" in dry.stdout
    assert "nothing was written" in dry.stdout
    unasked = edufleet.run("inventory", "import", "sheets", "-i", str(tree))
    assert (unasked.returncode, "no terminal to ask on" in unasked.stderr) == (2, True)
    assert (tree / HOSTS).read_text(encoding="utf-8") == "# kept\n" + SOUND[HOSTS]

    done = edufleet.run("inventory", "import", "sheets", "-i", str(tree), "--yes")

    assert (done.returncode, "1 file written" in done.stdout) == (0, True)
    assert (tree / HOSTS).read_text(encoding="utf-8") == "# kept\n" + SOUND[HOSTS].replace("10.1.0.1,", "10.1.0.9,")


@pytest.mark.parametrize(("answer", "written"), [("y", True), ("n", False)])
def test_on_a_terminal_it_asks(tree: Path, edufleet: Program, answer: str, written: bool) -> None:
    change(edufleet, "web1,qinghe,10.1.0.1,", "web1,qinghe,10.1.0.9,")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())

    done = subprocess.run(
        [EDUFLEET, "inventory", "import", "sheets", "-i", str(tree)],
        stdin=theirs, capture_output=True, text=True, timeout=60, check=True, cwd=edufleet.home, env=edufleet.environ,
    )  # fmt: skip

    os.close(ours)
    os.close(theirs)
    assert "Write 1 file?" in done.stdout
    assert ("10.1.0.9" in (tree / HOSTS).read_text(encoding="utf-8")) == written


def test_bad_cells_are_named_all_at_once_and_nothing_is_written(tree: Path, edufleet: Program) -> None:
    change(edufleet, "web1,qinghe,10.1.0.1,dc,", "web1,qinghe,10.1.0,dd,")
    change(edufleet, "debian12", "debain12")
    change(edufleet, "web2,qinghe,10.1.0.2,dc,,,", "web2,qinghe,10.1.0.2,dc,,,sixty")
    change(edufleet, "ops,", "ops,.,", "contacts")
    change(edufleet, "dc,dc1,R01,", "dc,dc9,R01,", "sites.rooms.racks")

    done = edufleet.run("inventory", "import", "sheets", "-i", str(tree), "--yes")

    assert done.returncode == 2
    for said in (
        "hosts!C2: host 'web1': address must be an IPv4 or IPv6 address",
        "hosts!G3: host 'web2': u_position must be a whole number, not 'sixty'",
        "sites.rooms.racks!B2: there is no room 'dc9' (did you mean 'dc1'?)",
        "nothing was written",
    ):
        assert said in done.stderr
    assert (tree / HOSTS).read_text(encoding="utf-8") == "# kept\n" + SOUND[HOSTS]


def test_a_name_that_means_nothing_is_found_at_its_cell(tree: Path, edufleet: Program) -> None:
    change(edufleet, "debian12", "debain12")
    change(edufleet, "web2,qinghe,10.1.0.2,dc", "web2,qinghe,10.1.0.2,dd")

    done = edufleet.run("inventory", "import", "sheets", "-i", str(tree), "--dry-run", "--json")

    report = json.loads(done.stdout)
    told = {problem["place"]: (problem["message"], problem["hint"]) for problem in report["problems"]}
    assert done.returncode == 2
    assert "did you mean 'debian12'" in told["hosts!J2"][1]
    assert "'dd'" in told["hosts!D3"][0]
    assert (report["difference"], report["written"]) == ("", False)


def test_an_emptied_cell_does_not_hide_what_is_inherited(tree: Path, edufleet: Program) -> None:
    change(edufleet, "debian12", "")

    done = edufleet.run("inventory", "import", "sheets", "-i", str(tree), "--yes")

    assert done.returncode == 2
    assert "hosts!J2: host 'web1': platform is not its own value" in done.stderr


def test_what_has_no_row_stays_unless_it_is_to_go(tree: Path, edufleet: Program) -> None:
    file = edufleet.home / "sheets/hosts.csv"
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(rows[:-1]), encoding="utf-8")

    kept = edufleet.run("inventory", "import", "sheets/hosts.csv", "-i", str(tree))
    gone = edufleet.run("inventory", "import", "sheets/hosts.csv", "-i", str(tree), "--prune", "--yes")

    assert "left alone for want of a row: 1; --prune takes them out" in kept.stdout
    assert gone.returncode == 0
    assert (tree / HOSTS).read_text(encoding="utf-8") == "# kept\nhosts:\n  web1: {address: 10.1.0.1, groups: [web]}\n"


def test_json_says_what_is_done(tree: Path, edufleet: Program) -> None:
    change(edufleet, "web1,qinghe,10.1.0.1,", "web1,qinghe,10.1.0.9,")

    silent = edufleet.run("inventory", "import", "sheets", "-i", str(tree), "--json")
    done = edufleet.run("inventory", "import", "sheets", "-i", str(tree), "--json", "--yes")

    assert (silent.returncode, "add --yes" in silent.stderr) == (2, True)
    report = json.loads(done.stdout)
    assert report["changes"] == [
        {"kind": "host", "id": "web1", "path": ["address"], "value": "10.1.0.9", "place": "hosts!C2"}
    ]
    assert (report["written"], report["problems"]) == (True, [])


@pytest.mark.parametrize(("source", "said"), [("missing.xlsx", "is not there"), ("state.txt", "in no format")])
def test_what_is_no_source_is_explained(tree: Path, edufleet: Program, source: str, said: str) -> None:
    (edufleet.home / "state.txt").touch()

    done = edufleet.run("inventory", "import", source, "-i", str(tree))

    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)
