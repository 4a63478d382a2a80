# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory init``: by options, by asking, and what it refuses."""

import json
import os
import pty
import subprocess

import pytest

from inventories.loader import load, read
from inventories.validate import validate
from tests.console.program import EDUFLEET, Program

OPTIONS = {
    "--name-en": "Test: authority", "--name-zh": "测试机构", "--domain": "edu.example", "--region": "qinghe",
    "--region-en": "Qinghe", "--region-zh": "清河省", "--level": "province", "--site": "qinghe-dc",
    "--address-prefix": "10.16.0.0/16",
}  # fmt: skip


def start(edufleet: Program, *more: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    options = {**OPTIONS, **{f"--{name.replace('_', '-')}": value for name, value in changed.items()}}
    given = [part for option, value in options.items() if value is not None for part in (option, value)]
    return edufleet.run("inventory", "init", "new", *given, *more)


def test_what_it_writes_is_valid_and_commented(edufleet: Program) -> None:
    done = start(edufleet)

    root = edufleet.home / "new"
    loaded = load(root)
    assert (done.returncode, "edufleet inventory validate new" in done.stdout) == (0, True)
    assert (loaded.authority.name.en, loaded.authority.name.zh) == ("Test: authority", "测试机构")
    assert [(region.path, region.level) for region in loaded.regions] == [("qinghe", "province")]
    assert [str(prefix) for prefix in loaded.site("qinghe-dc").prefixes] == ["10.16.0.0/16"]
    for file in root.rglob("*.yml"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert "SPDX" not in text
        assert "$" not in text


def test_its_first_host_is_a_mark_away(edufleet: Program) -> None:
    start(edufleet)
    hosts = edufleet.home / "new/qinghe/hosts.yml"

    said, first = hosts.read_text(encoding="utf-8").split("hosts: {}")
    hosts.write_text(said + "hosts:" + first.replace("\n#", "\n"), encoding="utf-8")

    assert not [f for f in validate(read(edufleet.home / "new")) if f.severity == "error"]
    assert str(load(edufleet.home / "new").host("web1").address) == "10.16.0.2"


@pytest.mark.parametrize("prefix", ["10.16.0.0/24", "192.0.2.0/29", "2001:db8:10::/48", "2001:db8::/63"])
def test_any_prefix_with_room_for_two_vlans_will_do(edufleet: Program, prefix: str) -> None:
    done = start(edufleet, "--json", address_prefix=prefix)

    assert done.returncode == 0
    assert json.loads(done.stdout)["files"] == ["authority.yml", "qinghe/region.yml", "qinghe/hosts.yml"]


def test_without_a_terminal_all_that_is_missing_is_one_error(edufleet: Program) -> None:
    done = start(edufleet, name_zh=None, site=None)

    assert (done.returncode, "missing: --name-zh, --site" in done.stderr) == (2, True)
    assert not (edufleet.home / "new").exists()


def test_all_that_is_wrong_is_told_at_once(edufleet: Program) -> None:
    done = start(
        edufleet, domain="Edu", region="../q", level="provnce", address_prefix="10.16.0.1/16", name_en=" ", site="a b"
    )

    assert done.returncode == 2
    for option in ("--domain", "--region", "--level", "--address-prefix", "--name-en", "--site"):
        assert f"{option}: " in done.stderr
    assert not (edufleet.home / "new").exists()


def test_a_time_zone_that_is_none_is_answered_with_what_was_meant(edufleet: Program) -> None:
    assert "did you mean 'Asia/Shanghai'" in start(edufleet, timezone="Asia/Shangai").stderr


def test_a_directory_that_is_in_use_is_left_alone(edufleet: Program) -> None:
    root = edufleet.home / "new"
    (root / ".git").mkdir(parents=True)
    (root / "notes.txt").write_text("mine", encoding="utf-8")

    assert "is not an empty directory" in start(edufleet).stderr
    assert sorted(path.name for path in root.iterdir()) == [".git", "notes.txt"]

    (root / "notes.txt").unlink()
    assert start(edufleet).returncode == 0


def test_on_a_terminal_it_asks_and_asks_again(edufleet: Program) -> None:
    ours, theirs = pty.openpty()
    answers = [*OPTIONS.values()]
    answers[6:6] = ["provnce"]
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())

    done = subprocess.run(
        [EDUFLEET, "inventory", "init", "new"],
        stdin=theirs, capture_output=True, text=True, timeout=60, check=True, cwd=edufleet.home, env=edufleet.environ,
    )  # fmt: skip

    os.close(ours)
    os.close(theirs)
    assert "'provnce' is none of ministry, province" in done.stdout
    assert load(edufleet.home / "new").regions[0].level == "province"
