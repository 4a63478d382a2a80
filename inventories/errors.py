# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Errors meant for people: what is wrong, where, and what to do about it."""

from pathlib import Path


class EdufleetError(Exception):
    """An error the command line prints without a traceback.

    ``exit_code`` follows the documented table: 0 fine, 1 findings, 2 usage or bad input, 3 could not finish.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.hint:
            parts.append(f"hint: {self.hint}")
        return "\n".join(parts)


class BadInput(EdufleetError):
    """Something the user wrote (a file, an option, a pattern) cannot be used."""


class CouldNotFinish(EdufleetError):
    """The work was understood but could not be completed."""

    exit_code = 3


def at(path: Path | str, line: int | None = None, column: int | None = None) -> str:
    """Return ``path[:line[:column]]``, the form editors and terminals jump to; lines and columns count from 1.

    >>> at("regions/a.yml", 3)
    'regions/a.yml:3'
    """
    return ":".join(str(part) for part in (path, line, column) if part is not None)
