# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Shows what an inventory would be with other texts in some of its files, before anything is written."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from inventories.errors import CouldNotFinish


@contextmanager
def trial(directory: Path, texts: Mapping[Path, str]) -> Iterator[Path]:
    """Lay out a copy of ``directory`` in which the files in ``texts`` say something else; it vanishes afterwards."""
    with tempfile.TemporaryDirectory(prefix="edufleet-trial-") as around:
        root = Path(around) / "inventory"
        try:
            shutil.copytree(
                directory.absolute(),
                root,
                symlinks=True,
                ignore=shutil.ignore_patterns(".*"),
                copy_function=os.symlink,
            )
            for path, text in texts.items():
                copy = root / path.relative_to(directory)
                copy.unlink(missing_ok=True)
                copy.write_text(text, encoding="utf-8", newline="")
        except OSError as problem:
            raise CouldNotFinish(f"cannot be copied to try a change: {problem}", where=str(directory)) from problem
        yield root


def in_place(file: str, root: Path, directory: Path) -> str:
    """Return the name that a file of the copy at ``root`` has in ``directory``."""
    return str(directory / Path(file).relative_to(root))
