# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Finds the two states to compare: directories, or what a git revision holds of the inventory's directory."""

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from inventories.errors import BadInput, CouldNotFinish

_PATIENCE_S = 60


@contextmanager
def state(named: str, directory: Path | None) -> Iterator[Path]:
    """Yield the directory ``named``; else what the git revision of that name holds of ``directory``, for as long.

    Raises BadInput when it is neither a directory nor a revision that holds the inventory.
    """
    if Path(named).is_dir():
        yield Path(named)
        return
    if directory is None:
        raise BadInput(f"{named!r} is not a directory", hint="a git revision needs the inventory: --inventory DIR")
    top = _git(directory, "rev-parse", "--show-toplevel").decode().strip()
    revision = _git(directory, "rev-parse", "--verify", "--end-of-options", f"{named}^{{commit}}").decode().strip()
    inside = directory.resolve().relative_to(Path(top).resolve()).as_posix()
    archive = _git(Path(top), "archive", "--format=tar", revision, "--", inside)
    with TemporaryDirectory(prefix="edufleet-") as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        yield Path(folder) / inside


def _git(directory: Path, *arguments: str) -> bytes:
    try:
        run = subprocess.run(
            ["git", "-C", str(directory), *arguments], capture_output=True, check=False, timeout=_PATIENCE_S
        )
    except FileNotFoundError as problem:
        raise CouldNotFinish("git is not installed", hint="compare two directories, or install git") from problem
    except subprocess.TimeoutExpired as problem:
        raise CouldNotFinish(f"git {arguments[0]} took over {_PATIENCE_S} s", where=str(directory)) from problem
    if run.returncode:
        said = (run.stderr.decode(errors="replace").strip().splitlines() or ["nothing"])[-1]
        raise BadInput(
            f"neither a directory nor a git revision that holds {directory}; git says: {said}",
            hint="name a directory, or a commit, tag or branch of the repository the inventory is in",
        )
    return run.stdout
