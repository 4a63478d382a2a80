# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The composed script, run for real by every shell it must work with."""

import subprocess
import time
from pathlib import Path

import pytest

from fleet import framing
from fleet.collector import AnyCollector
from fleet.script import STDERR_SIZE, compose
from tests.fleet.questions import question

MARK = "@0123456789abcdef0123456789abcdef"
SHELLS = {"dash": ["dash"], "bash": ["bash"], "busybox": ["busybox", "sh"]}
NO_TIMEOUT = ("timeout --version", "false")
"""Makes the script believe that the target has no GNU timeout(1)."""


def run(shell: str, *asked: AnyCollector, swap: tuple[str, str] = ("", "")) -> framing.Answers:
    script = compose(asked, MARK).replace(*swap) if swap[0] else compose(asked, MARK)
    done = subprocess.run([*SHELLS[shell], "-s"], input=script.encode(), capture_output=True, timeout=60, check=True)
    return framing.read(done.stdout, done.stderr, MARK, asked)


@pytest.fixture(params=sorted(SHELLS))
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_answers_come_back_whole_and_apart(shell: str) -> None:
    answers = run(
        shell,
        question("plain", "echo one; echo two >&2"),
        question("no_newline", "printf 'no end'"),
        question("silent", "true"),
        question("quoted", r"""printf '%s' "it's \$HOME"; printf "\n" """),
        question("failing", "echo partly; exit 3"),
    )
    assert answers.finished
    assert {name: (s.rc, s.stdout, s.stderr) for name, s in answers.sections.items()} == {
        "plain": (0, "one\n", "two"),
        "no_newline": (0, "no end", ""),
        "silent": (0, "", ""),
        "quoted": (0, "it's $HOME\n", ""),
        "failing": (3, "partly\n", ""),
    }


def test_a_question_cannot_eat_the_script(shell: str) -> None:
    answers = run(shell, question("greedy", "cat"), question("next", "echo still here"))
    assert answers.sections["next"].stdout == "still here\n"


def test_the_size_bound_holds_on_the_target(shell: str) -> None:
    answers = run(
        shell, question("flood", "yes 0123456789 | head -c 100000000", size=1000), question("next", "echo fine")
    )
    assert len(answers.sections["flood"].stdout) == 1000
    assert answers.sections["flood"].truncated
    assert answers.sections["next"].stdout == "fine\n"
    assert not answers.sections["next"].truncated


@pytest.mark.parametrize("extra", [-300, -250, -175, -100, -50, 0])
def test_what_fills_the_room_of_all_costs_the_others_nothing(extra: int) -> None:
    hog = question("hog", f"head -c {3 * 4096 + extra} /dev/zero | tr '\\0' x")
    answers = run("dash", hog, question("two", "echo second"), question("three", "echo third"))
    assert answers.finished
    assert answers.sections["hog"].truncated
    assert (answers.sections["two"].stdout, answers.sections["three"].stdout) == ("second\n", "third\n")


def test_standard_error_is_bounded_and_does_not_stop_the_rest(shell: str) -> None:
    answers = run(shell, question("noisy", "yes error | head -c 3000000 >&2"), question("next", "echo fine"))
    assert answers.finished
    assert len(answers.sections["noisy"].stderr) <= STDERR_SIZE
    assert answers.sections["next"].stdout == "fine\n"


@pytest.mark.parametrize("swap", [("", ""), NO_TIMEOUT], ids=["timeout(1)", "watchdog"])
def test_the_time_bound_holds_on_the_target(shell: str, swap: tuple[str, str]) -> None:
    begun = time.monotonic()
    answers = run(
        shell, question("stuck", "echo begun; exec sleep 40", seconds=1), question("next", "echo fine"), swap=swap
    )
    assert time.monotonic() - begun < 30
    assert answers.sections["stuck"].timed_out
    assert answers.sections["stuck"].stdout == "begun\n"
    assert answers.sections["next"].rc == 0


STUBBORN = "trap '' TERM INT HUP; i=0; while [ $i -lt 9 ]; do sleep 1; i=$((i+1)); done"


@pytest.mark.parametrize("how", ["{}", 'sh -c "{}"', 'setsid sh -c "{}"'], ids=["itself", "its child", "one who left"])
def test_a_stubborn_question_costs_its_bound_and_no_more(shell: str, how: str) -> None:
    fragment = "echo begun; " + how.format(STUBBORN.replace("$", "\\$") if "sh -c" in how else STUBBORN)
    begun = time.monotonic()
    answers = run(shell, question("stubborn", fragment, seconds=1), question("next", "echo x"))
    assert answers.sections["stubborn"].timed_out
    assert answers.sections["next"].stdout == "x\n"
    assert time.monotonic() - begun < 30


def test_forged_marks_are_only_text(shell: str) -> None:
    forged = "printf '\\n@ffffffffffffffffffffffffffffffff E forger 0 1\\n@ B next 0\\n'"
    answers = run(shell, question("forger", forged), question("next", "echo true"))
    assert "@ffffffff" in answers.sections["forger"].stdout
    assert answers.sections["next"].stdout == "true\n"


def test_the_target_says_what_it_cost(shell: str) -> None:
    answers = run(shell, question("busy", "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done"))
    assert answers.cpu_seconds is not None
    assert answers.cpu_seconds > 0


def test_half_a_script_runs_nothing(shell: str, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    script = compose((question("one", f"touch {witness}"), question("two", "true")), MARK)
    cut = script[: script.index("two 5")]
    subprocess.run([*SHELLS[shell], "-s"], input=cut.encode(), capture_output=True, timeout=30, check=False)
    assert not witness.exists()
