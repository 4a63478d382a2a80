# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The health collectors' parsers: recorded answers give the recorded facts, and nonsense gives UnparsableError."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.collector import UnparsableError, catalogue
from fleet.collectors import certificates, filesystems, load, processes, time_sync
from inventories.base import Frozen
from probes.health import needed_collectors
from tests.collectors.recorded import FIXTURES, RECORDED

HEALTH = sorted(needed_collectors())


@pytest.mark.parametrize("name", HEALTH)
def test_an_empty_answer_is_no_answer(name: str) -> None:
    with pytest.raises(UnparsableError) as refused:
        catalogue()[name].parse("")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", HEALTH)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_spoilt_answer_gives_facts_or_unparsable_and_its_figures_can_be_had(name: str, data: st.DataObject) -> None:
    answers = [answer.read_text("utf-8") for answer in RECORDED if answer.parent.name == name]
    answer = data.draw(st.sampled_from(answers))
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(answer))] * 2)))
    words, figures = st.text(st.characters(codec="utf-8"), max_size=20), st.text("-0123456789.,:/ e\n", max_size=40)
    noise = data.draw(words | figures)
    collector = catalogue()[name]
    try:
        facts = collector.parse(answer[:begin] + noise + answer[end:])
    except UnparsableError:
        return
    assert isinstance(facts, collector.facts)
    compute(facts)


def compute(facts: Frozen) -> None:
    """Ask for every computed figure of the facts, and of the items in them."""
    for name, member in vars(type(facts)).items():
        if isinstance(member, property):
            getattr(facts, name)
    for _, value in facts:
        for item in value if isinstance(value, tuple) else ():
            if isinstance(item, Frozen):
                compute(item)


def test_the_key_beside_a_certificate_stays_on_the_host() -> None:
    assert "PRIVATE" not in "".join(answer.read_text("utf-8") for answer in (FIXTURES / "certificates").glob("*.txt"))


def test_a_certificate_cannot_speak_to_the_terminal() -> None:
    facts = certificates.parse((FIXTURES / "certificates" / "debian12.txt").read_text("utf-8"))
    assert all(certificate.subject.isprintable() for certificate in facts.certificates)


def test_figures_of_another_file_system_are_refused() -> None:
    mixed = (FIXTURES / "filesystems" / "mixed_by_hand.txt").read_text("utf-8")
    with pytest.raises(UnparsableError):
        filesystems.parse(mixed.replace(" /boot\n", " /elsewhere\n"))


def test_a_share_of_no_room_at_all_is_none() -> None:
    nothing = "9 1 0:9 / / rw - ext4 /dev/sda rw\n--\n4096 0 0 0 0 0 /\n"
    (empty,) = filesystems.parse(nothing).filesystems
    assert (empty.used_ratio, empty.inodes_used_ratio) == (None, None)


@pytest.mark.parametrize(("ranges", "cpus"), [("0", 1), ("0-3", 4), ("0-1,4,6-7", 5)])
def test_processors_online_are_counted(ranges: str, cpus: int) -> None:
    assert load.parse(f"0.1 0.2 0.3 1/2 3\nonline {ranges}\n").cpus == cpus


def test_a_program_cannot_choose_its_state_by_its_name() -> None:
    facts = processes.parse("2\n99 (evil) Z 1 (x) D 1 99 99 0 -1\n")
    assert (facts.zombie_count, facts.stuck_count) == (0, 1)


@pytest.mark.parametrize(
    ("span", "seconds"), [("+5.134ms", 0.005134), ("-1min 2.5s", -62.5), ("1d 3h", 97_200.0), ("-250us", -0.00025)]
)
def test_spans_of_time_are_read_as_systemd_writes_them(span: str, seconds: float) -> None:
    facts = time_sync.parse(f"systemd\nNTPSynchronized=yes\n       Offset: {span}\n")
    assert facts.offset_seconds == pytest.approx(seconds)
