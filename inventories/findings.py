# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What can be wrong with an inventory: the finding, the rule it comes from, and the error that carries them all."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from pydantic import Field

from inventories.base import Frozen
from inventories.errors import BadInput, at

MOST_FINDINGS = 1000
# Comparing takes microseconds a word: among more than so many, only those that begin alike and are about as long.
_COMPARED = 500
_LONGER = 2

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written; line and column count from 1, in characters."""

    file: str
    line: int
    column: int


class Finding(Frozen):
    """One problem, at one place, with what to do about it."""

    rule: str = Field(description="Stable id of the rule, e.g. INV-HA-001.")
    severity: Severity = Field(
        description="error: the inventory cannot be relied upon, so it is not loaded; warning: a weakness."
    )
    file: str = Field(description="The file, as reached from the directory the user named.")
    line: int = Field(description="Line, from 1.")
    column: int = Field(description="Column in characters, from 1.")
    message: str = Field(description="What is wrong.")
    hint: str = Field(description="What to do about it.")

    def __str__(self) -> str:
        return f"{at(self.file, self.line, self.column)}: {self.message} ({self.hint})"


@dataclass(frozen=True, slots=True)
class Rule:
    """The identity of a rule: ``id`` and ``severity`` never change once published, ``hint`` is its usual remedy."""

    id: str
    severity: Severity
    hint: str

    def found(self, place: Place, message: str, hint: str | None = None) -> Finding:
        """Return the finding that this rule is broken at ``place``; ``hint`` replaces the usual remedy."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            file=_encodable(place.file),
            line=place.line,
            column=place.column,
            message=_encodable(message),
            hint=hint or self.hint,
        )


class TooManyFindingsError(Exception):
    """Reading stops: nobody reads more, and a file of ten million bytes can hold two million errors."""


class Report:
    """Collects what is found while reading; raises ``TooManyFindingsError`` after the thousandth."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def add(self, *findings: Finding) -> None:
        """Add ``findings`` in their order."""
        self.findings += findings
        if len(self.findings) >= MOST_FINDINGS:
            raise TooManyFindingsError


class InventoryErrors(BadInput):
    """The inventory cannot be used; ``findings`` has every reason, in the order of the files."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def _encodable(text: str) -> str:
    """Escape what a file name that is not UTF-8 brings along; it could not be printed."""
    return text.encode(errors="backslashreplace").decode()


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings by file, line and column, without repetitions."""
    distinct = dict.fromkeys(findings)
    return tuple(sorted(distinct, key=lambda f: (f.file, f.line, f.column, f.rule, f.message)))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the question that names the known words nearest to ``word``, or None when none is near.

    >>> did_you_mean("adress", ["address", "site"])
    "did you mean 'address'?"
    """
    names = list(known)
    if len(names) > _COMPARED:
        names = [name for name in names if name[:1] == word[:1] and abs(len(name) - len(word)) <= _LONGER]
    near = get_close_matches(word, names, n=3, cutoff=0.65)
    return f"did you mean {' or '.join(repr(name) for name in near)}?" if near else None
