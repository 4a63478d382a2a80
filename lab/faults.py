# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Breaks a lab host on demand and mends it again; each fault is one file of ``lab/faults/``.

A fault's file defines the shell functions ``apply`` and ``clear``; both run as root inside the host, and ``clear`` also
after an ``apply`` that was interrupted.
"""

import subprocess
from pathlib import Path

from inventories.errors import BadInput, CouldNotFinish
from lab.lifecycle import enter
from lab.model import Lab
from lab.tools import locked

FAULTS = Path(__file__).parent / "faults"
PRELUDE = "prelude"


def known() -> tuple[str, ...]:
    """Return the names of the faults there are."""
    return tuple(sorted(path.stem for path in FAULTS.glob("*.sh") if path.stem != PRELUDE))


def apply(lab: Lab, name: str, fault: str) -> None:
    """Put the host into the fault; BadInput for an unknown one, or when another is in force already."""
    if fault not in known():
        raise BadInput(f"no fault {fault!r}", hint=f"there are: {', '.join(known())}")
    command = enter(lab, name)
    with locked(lab.lock):
        record = lab.fault(name)
        if record.exists():
            present = record.read_text(encoding="utf-8")
            raise BadInput(f"{name} already has the fault {present}", hint=f"edufleet lab fault {name} clear")
        record.write_text(fault, encoding="utf-8")
        try:
            _run(command, fault, "apply")
        except CouldNotFinish:
            _run(command, fault, "clear")
            record.unlink()
            raise


def clear(lab: Lab, name: str) -> str | None:
    """Undo the fault of the host and return its name; None when it has none."""
    command = enter(lab, name)
    with locked(lab.lock):
        record = lab.fault(name)
        if not record.exists():
            return None
        fault = record.read_text(encoding="utf-8")
        _run(command, fault, "clear")
        record.unlink()
        return fault


def _run(command: tuple[str, ...], fault: str, function: str) -> None:
    script = "\n".join((FAULTS / f"{part}.sh").read_text(encoding="utf-8") for part in (PRELUDE, fault))
    done = subprocess.run(
        [*command, "/bin/sh", "-eu"],
        input=f"{script}\n{function}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CouldNotFinish(f"fault {fault}: {function} failed: {done.stderr.strip()}")
