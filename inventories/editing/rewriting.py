# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Replaces files by new texts, and shows people what would change."""

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

from inventories.errors import CouldNotFinish

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def text_of(file: Path) -> str:
    """Return what a file says, line ends as they are; nothing when it is not there."""
    return file.read_bytes().decode() if file.exists() else ""


def write(texts: Mapping[Path, str]) -> None:
    """Write the files, each at once or not at all, with the mode and owner they had; CouldNotFinish when one cannot."""
    ready: list[tuple[str, Path]] = []
    path = Path()
    try:
        for path, text in texts.items():
            target = path.resolve()
            handle, name = tempfile.mkstemp(prefix=".edufleet-", dir=target.parent)
            ready.append((name, target))
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                _take_over(handle, target)
                file.write(text)
                file.flush()
                os.fsync(handle)
        for name, target in ready:
            Path(name).replace(target)
    except OSError as problem:
        raise CouldNotFinish(f"cannot be written: {problem.strerror}", where=str(path)) from problem
    finally:
        for name, _ in ready:
            Path(name).unlink(missing_ok=True)


def difference(directory: Path, texts: Mapping[Path, str]) -> str:
    """Return what would change as a unified diff; file names count from ``directory``."""
    lines: list[str] = []
    for path, text in texts.items():
        name = path.relative_to(directory).as_posix()
        before = f"a/{name}" if path.exists() else os.devnull
        for line in unified_diff(_LINE.findall(text_of(path)), _LINE.findall(text), before, f"b/{name}"):
            lines += [line] if line.endswith("\n") else [line, "\n\\ No newline at end of file\n"]
    return "".join(lines)


def _take_over(handle: int, target: Path) -> None:
    """Give an open file the mode and owner of the one it replaces; of a new one, those of any new file."""
    if target.exists():
        status = target.stat()
        os.fchmod(handle, status.st_mode & 0o7777)
        with suppress(PermissionError):
            os.fchown(handle, status.st_uid, status.st_gid)
    else:
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
