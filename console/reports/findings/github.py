# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Findings as workflow commands that GitHub Actions turns into annotations of a change.

Format and escapes: docs.github.com, "Workflow commands for GitHub Actions".
"""

from collections.abc import Sequence

from inventories.findings import Finding

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(findings: Sequence[Finding]) -> str:
    """Return one command per finding.

    >>> print(render([Finding(rule="INV-ID-001", severity="error", file="a,b.yml", line=3, column=5,
    ...                       message="50% wrong", hint="mend it")]), end="")
    ::error file=a%2Cb.yml,line=3,col=5,title=INV-ID-001::50%25 wrong (mend it)
    """
    return "".join(
        f"::{finding.severity} file={finding.file.translate(_PROPERTY)},line={finding.line},col={finding.column},"
        f"title={finding.rule}::{f'{finding.message} ({finding.hint})'.translate(_DATA)}\n"
        for finding in findings
    )
