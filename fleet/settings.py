# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Where edufleet keeps its state: a directory its owner alone can read, and the database beside the captures."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inventories.errors import BadInput

_ELSEWHERE = "set EDUFLEET_STATE to a directory of your own"
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Settings:
    """The state directory, made and private, and which database holds the history."""

    state: Path
    database: str | None = None
    """SQLAlchemy URL; None means the SQLite file in the state directory."""

    @property
    def captures(self) -> Path:
        """Directory of the capture store."""
        return self.state / "captures"

    @property
    def database_file(self) -> Path:
        """The SQLite file used when no URL is set."""
        return self.state / "history.sqlite"


def settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Find the state directory, make it private, and read which database is wanted.

    The directory is ``EDUFLEET_STATE``, else ``$XDG_STATE_HOME/edufleet``, else ``~/.local/state/edufleet``.

    Raises:
        BadInput: the directory cannot be made, belongs to another user, or is one that others have a use for.

    """
    return Settings(_private(_state_directory(environ)), environ.get("EDUFLEET_DATABASE") or None)


def _state_directory(environ: Mapping[str, str]) -> Path:
    if chosen := environ.get("EDUFLEET_STATE"):
        return Path(chosen).absolute()
    base = Path(environ.get("XDG_STATE_HOME", ""))
    if base.is_absolute():  # the XDG specification: a relative path is invalid and to be ignored
        return base / "edufleet"
    try:
        return Path(environ.get("HOME") or Path.home()) / ".local/state/edufleet"
    except RuntimeError:
        raise BadInput("no home directory to keep the state in", hint=_ELSEWHERE) from None


def _private(directory: Path) -> Path:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.stat()
        if found.st_uid != os.geteuid():
            raise BadInput(
                f"the state directory belongs to user {found.st_uid}, not to you ({os.geteuid()})",
                where=str(directory),
                hint=_ELSEWHERE,
            )
        if found.st_mode & _OPEN_TO_OTHERS and not _is_ours(directory):
            # EDUFLEET_STATE=/tmp must not take /tmp away from everybody.
            raise BadInput(
                "other users can enter this directory, and it holds other things than edufleet's state",
                where=str(directory),
                hint=f"{_ELSEWHERE}, or chmod 700 this one",
            )
        directory.chmod(0o700)
    except OSError as problem:
        raise BadInput(f"cannot keep state here: {problem.strerror}", where=str(directory), hint=_ELSEWHERE) from None
    return directory


def _is_ours(directory: Path) -> bool:
    names = {entry.name for entry in directory.iterdir()}
    return not names or bool(names & {"captures", "history.sqlite"})
