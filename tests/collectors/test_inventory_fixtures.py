# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The collectors by which an inventory is held against its hosts: every shell asks them, and nonsense is refused."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.collector import UnparsableError, catalogue
from fleet.collectors import disks, interfaces
from tests.collectors.recorded import FIXTURES, RECORDED

NAMES = ("disks", "interfaces")
SHELLS = {"dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"]}
WITHOUT_IP = (FIXTURES / "interfaces" / "debian12_without_ip.txt").read_text("utf-8")


def ask(name: str, shell: str = "dash", path: str = os.defpath) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which(SHELLS[shell][0]) or shell, *SHELLS[shell][1:], "-c", catalogue()[name].question],
        env={"LC_ALL": "C", "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("shell", sorted(SHELLS))
@pytest.mark.parametrize("name", NAMES)
def test_every_shell_asks_the_same(name: str, shell: str) -> None:
    done = ask(name, shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert catalogue()[name].parse(done.stdout) == catalogue()[name].parse(ask(name).stdout)


def test_without_ip_the_same_addresses_are_found(tmp_path: Path) -> None:
    for tool in ("awk", "grep", "sed", "sort"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)

    def addresses(path: str) -> set[str]:
        facts = interfaces.parse(ask("interfaces", path=path).stdout)
        return {f"{one.name} {address}" for one in facts.interfaces for address in one.addresses}

    assert addresses(str(tmp_path)) == addresses(f"{os.defpath}:/usr/sbin:/sbin")


def test_an_interface_that_had_to_be_guessed_is_not() -> None:
    second = WITHOUT_IP.replace("ef_links", "route eth1 000200C0 00000000 00FFFFFF\nef_links")
    with pytest.raises(UnparsableError, match=r"which interface has 192\.0\.2\.2"):
        interfaces.parse(second)
    with pytest.raises(UnparsableError, match=r"which interface has 10\.9\.9\.9"):
        interfaces.parse(WITHOUT_IP.replace("local 192.0.2.2", "local 10.9.9.9"))


def test_a_host_without_disks_has_none() -> None:
    assert disks.parse("ef_end\n").disks == ()


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_cut_anywhere_is_no_answer(name: str) -> None:
    answer = next(answer for answer in RECORDED if answer.parent.name == name).read_text("utf-8")
    for length in range(len(answer) - 1):
        with pytest.raises(UnparsableError):
            catalogue()[name].parse(answer[:length])


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_spoilt_answer_gives_facts_or_unparsable(name: str, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from([answer for answer in RECORDED if answer.parent.name == name]))
    text = answer.read_text("utf-8")
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    noise = data.draw(st.text(max_size=20) | st.text("-0123456789abcdefinet.,:/= \n", max_size=40))
    collector = catalogue()[name]
    try:
        facts = collector.parse(text[:begin] + noise + text[end:])
    except UnparsableError:
        return
    assert isinstance(facts, collector.facts)
