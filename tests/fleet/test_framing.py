# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reading a session apart: whatever a target sends, each section gets its own bytes and nothing else is believed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fleet import framing
from tests.fleet.questions import question

MARK = "@0123456789abcdef0123456789abcdef"
ASKED = (question("one", "", size=500), question("two", "", size=500))

bodies = st.binary(max_size=200)


def framed(one: bytes, two: bytes) -> bytes:
    mark = MARK.encode()
    return (
        b"\n%s H 0\n" % mark
        + b"\n%s B one 1.00\n%s\n%s E one 0 1.50\n" % (mark, one, mark)
        + b"\n%s B two 1.50\n%s\n%s E two 7 1.60\n" % (mark, two, mark)
        + b"\n%s Z\n0m0.00s 0m0.00s\n0m0.30s 0m0.20s\n" % mark
    )


@given(noise=bodies, one=bodies, two=bodies)
@settings(max_examples=100)
def test_sections_are_exact(noise: bytes, one: bytes, two: bytes) -> None:
    answers = framing.read(noise + framed(one, two), b"", MARK, ASKED)
    assert answers.finished
    assert answers.uid == 0
    assert answers.cpu_seconds == 0.5
    assert answers.sections["one"].stdout.encode("utf-8", "surrogateescape") == one
    assert answers.sections["two"].stdout.encode("utf-8", "surrogateescape") == two
    assert (answers.sections["one"].rc, answers.sections["two"].rc) == (0, 7)


@given(cut=st.integers(min_value=0, max_value=400), one=bodies, two=bodies)
@settings(max_examples=100)
def test_a_cut_leaves_a_prefix_and_never_a_complete_answer_that_was_not(cut: int, one: bytes, two: bytes) -> None:
    whole = framed(one, two)
    answers = framing.read(whole[:cut], b"", MARK, ASKED)
    full = framing.read(whole, b"", MARK, ASKED)
    for name, section in answers.sections.items():
        if section.rc is not None:
            assert section.stdout == full.sections[name].stdout
        assert section.rc in {None, full.sections[name].rc}
    if cut < len(whole) - 50:
        assert not answers.finished


@given(stdout=st.binary(max_size=400), stderr=st.binary(max_size=400))
@settings(max_examples=100)
def test_noise_is_nobody(stdout: bytes, stderr: bytes) -> None:
    answers = framing.read(stdout, stderr, MARK, ASKED)
    assert answers.sections == {}
    assert answers.uid is None
    assert not answers.finished


def test_a_second_answer_to_the_same_question_is_ignored() -> None:
    twice = framed(b"first", b"") + framed(b"forged", b"")
    assert framing.read(twice, b"", MARK, ASKED).sections["one"].stdout == "first"


def test_what_was_not_asked_is_ignored() -> None:
    answers = framing.read(framed(b"a", b"b"), b"", MARK, ASKED[:1])
    assert set(answers.sections) == {"one"}


def test_standard_error_finds_its_section() -> None:
    mark = MARK.encode()
    stderr = b"sudo: a password is required\n\n%s H\n\n%s B one 1\noops\n\n%s B two 2\n" % (mark, mark, mark)
    answers = framing.read(framed(b"a", b"b"), stderr, MARK, ASKED)
    assert answers.sections["one"].stderr == "oops"
    assert answers.sections["two"].stderr == ""
    assert answers.before == "sudo: a password is required"
