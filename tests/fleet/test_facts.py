# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""From sections to facts: a fact only from a whole, clean, successful answer, and a reason for everything else."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet import facts
from fleet.capture import Capture, Cause, Section
from fleet.collector import AnyCollector, Collector, UnparsableError, catalogue
from fleet.facts import HostFacts, Missing
from inventories.base import Frozen, Text
from tests.fleet.questions import Words, question

PLAIN = question("plain", "", size=100, seconds=3)
SECRET = question("secret", "", root=True)


def section(**given: Any) -> Section:
    return Section(
        **{"rc": 0, "stdout": "fine\n", "stderr": "", "seconds": 0.1, "truncated": False, "timed_out": False, **given}
    )


def read(section: Section | None, collector: AnyCollector = PLAIN, **given: Any) -> HostFacts:
    capture = Capture(
        **{
            "target": "web1",
            "started": "2026-01-01T00:00:00.000+00:00",
            "seconds": 1.0,
            "tool": "test",
            "questions": "",
            "asked": (collector.id,),
            "reached": True,
            "privilege": "user",
            "privilege_detail": "sudo: a password is required",
            "cause": None,
            "target_cpu_seconds": None,
            "sections": {} if section is None else {collector.id: section},
            **given,
        }
    )
    return facts.read(capture, {collector.id: collector})


CUT = Cause("cut", "the connection was lost")


@pytest.mark.parametrize(
    ("answer", "collector", "given", "reason", "detail"),
    [
        pytest.param(None, PLAIN, {"cause": CUT}, "cut", "the connection was lost", id="no section"),
        pytest.param(None, PLAIN, {}, "cut", "ended before", id="no section, no cause"),
        pytest.param(section(rc=None), PLAIN, {"cause": CUT}, "cut", "connection was lost", id="no end"),
        pytest.param(section(stdout="\x1b[31mred"), PLAIN, {}, "unparsable", "control", id="escape"),
        pytest.param(section(stdout="a\0b"), PLAIN, {}, "unparsable", "control", id="NUL"),
        pytest.param(section(stdout="a\x9bb"), PLAIN, {}, "unparsable", "control", id="C1"),
        pytest.param(section(stdout="a\x7fb"), PLAIN, {}, "unparsable", "control", id="DEL"),
        pytest.param(section(stdout="a\udcffb"), PLAIN, {}, "unparsable", "UTF-8", id="not UTF-8"),
        pytest.param(section(stdout="a\udcffb", rc=1), PLAIN, {}, "unparsable", "UTF-8", id="not UTF-8 and failed"),
        pytest.param(section(truncated=True), PLAIN, {}, "truncated", "100 bytes", id="too long"),
        pytest.param(
            section(truncated=True, stdout="中\udce6"), PLAIN, {}, "truncated", "100 bytes", id="cut character"
        ),
        pytest.param(section(truncated=True, rc=141), PLAIN, {}, "truncated", "100 bytes", id="too long, SIGPIPE"),
        pytest.param(section(timed_out=True, rc=124), PLAIN, {}, "timeout", "3 s", id="too slow"),
        pytest.param(section(rc=69), PLAIN, {}, "absent", "plain: not on this host", id="absent"),
        pytest.param(
            section(rc=69, stderr="no chronyc"), PLAIN, {}, "absent", "no chronyc", id="absent, and says what"
        ),
        pytest.param(section(rc=77), PLAIN, {}, "denied", "a password is required", id="denied by exit status"),
        pytest.param(section(rc=1), SECRET, {}, "denied", "a password is required", id="failed without root"),
        pytest.param(section(rc=77), PLAIN, {"privilege_detail": ""}, "denied", "root is needed", id="denied as root"),
        pytest.param(section(rc=1), SECRET, {"privilege": "root"}, "failed", "exit status 1", id="failed as root"),
        pytest.param(section(rc=3), PLAIN, {}, "failed", "exit status 3", id="failed"),
        pytest.param(
            section(rc=3, stderr="no such\nfile"), PLAIN, {}, "failed", "3: no such file", id="failed, says why"
        ),
    ],
)
def test_every_reason_for_a_missing_fact(
    answer: Section | None, collector: AnyCollector, given: dict[str, Any], reason: str, detail: str
) -> None:
    result = read(answer, collector, **given)
    assert result.facts == {}
    assert result.missing[collector.id].reason == reason
    assert detail in result.missing[collector.id].detail


@pytest.mark.parametrize("stdout", ["", "中文\tok\r\n", "\xa0é\u200b😀"])
def test_an_honest_answer_is_a_fact(stdout: str) -> None:
    result = read(section(stdout=stdout))
    assert result.facts == {"plain": Words(text=stdout)}
    assert result.missing == {}


def test_root_is_not_needed_where_the_answer_came_without() -> None:
    assert read(section(), SECRET).missing == {}


def test_what_the_parser_refuses_is_unparsable() -> None:
    def parse(text: str) -> Words:
        raise UnparsableError(f"line 1: {text.strip()!r} is no number")

    strict = Collector(id="strict", title=Text(en="", zh=""), question="", parse=parse, facts=Words)
    assert read(section(), strict).missing["strict"] == Missing("unparsable", "line 1: 'fine' is no number")


def test_a_question_of_another_version_is_not_guessed_at() -> None:
    assert facts.read(Capture(**{**_capture(), "asked": ("gone",)}), {}).missing["gone"].reason == "not_asked"


def _capture() -> dict[str, Any]:
    fields = ("target", "started", "tool", "questions", "privilege_detail")
    rest = {"seconds": 1.0, "asked": (), "reached": True, "privilege": "root", "cause": None}
    return {**dict.fromkeys(fields, ""), **rest, "target_cpu_seconds": None, "sections": {}}


@given(st.text(max_size=400))
@settings(max_examples=100)
def test_words_of_the_target_never_reach_a_terminal_raw(stderr: str) -> None:
    for rc in (1, 69):
        assert read(section(rc=rc, stderr=stderr)).missing["plain"].detail.isprintable()


@given(stdout=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=300))
@settings(max_examples=100)
def test_no_collector_falls_over_an_answer(stdout: str) -> None:
    for name, collector in catalogue().items():
        result = read(section(stdout=stdout), collector, privilege="root")
        assert result.facts.keys() | result.missing.keys() == {name}


class Disk(Frozen):
    used: int | None


class Disks(Frozen):
    root: Disk
    by_mount: dict[str, Disk]


HOST = HostFacts(
    "web1",
    {"disks": Disks(root=Disk(used=7), by_mount={"/srv/a.b": Disk(used=None)})},
    {"secret": Missing("denied", "root is needed")},
)


def test_looking_up_a_path() -> None:
    assert HOST.look("disks.root.used") == 7
    assert HOST.look("disks.by_mount./srv/a.b") == Disk(used=None)
    assert HOST.look("disks.by_mount./absent") == Missing("absent", "disks.by_mount./absent is not set")
    assert HOST.look("secret.anything") == Missing("denied", "root is needed")
    assert HOST.look("other.field") == Missing("not_asked", "other was not asked")
    with pytest.raises(KeyError, match="no field 'size'"):
        HOST.look("disks.root.size")
