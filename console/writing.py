# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Writes made files to a directory: whole or not at all, only those that changed, and nothing else there is touched."""

import os
from collections.abc import Mapping
from pathlib import Path

from inventories.base import Frozen
from inventories.errors import CouldNotFinish


class Written(Frozen):
    """One file: its path below the directory, its size in bytes, and whether its content is new."""

    path: str
    bytes: int
    changed: bool


def write_changed(directory: Path, files: Mapping[str, bytes]) -> tuple[Written, ...]:
    """Write each of ``files`` below ``directory`` unless it is there with that content; report on all of them.

    Whoever reads a file meanwhile sees the old or the new one, never a part. Raises CouldNotFinish when that fails.
    """
    return tuple(
        Written(path=name, bytes=len(content), changed=_write(directory / name, content))
        for name, content in files.items()
    )


def _write(path: Path, content: bytes) -> bool:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("xb") as file:
                if path.is_file():
                    draft.chmod(path.stat().st_mode)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise CouldNotFinish(f"cannot be written: {problem.strerror}", where=str(path)) from None
    return True
