# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which clauses of each framework rules give evidence for, and what people must still answer: the published page.

``python -m security.coverage > docs/reference/coverage.md``
"""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import get_args

from security import catalogue
from security.profile import Clause, Framework, Status, framework, frameworks

_HEAD = """\
<!--
SPDX-FileCopyrightText: 2026 edufleet contributors
SPDX-License-Identifier: Apache-2.0
-->

# What the baseline covers

Generated from `security/controls/` by `python -m security.coverage > docs/reference/coverage.md`.
A test keeps it current.

- *automated*: on hosts, rules alone give the evidence.
- *partial*: rules give some of the evidence; a clause is not met before a person has answered the question as well.
- *manual*: nothing that is read from a host can show it; a person answers.
- *inherited*: whoever runs what the host stands on answers.

A rule says something about a host only where its collector found what it looks at: a data base that
rules do not know is not covered by any of them.
"""


def document() -> str:
    """Return ``coverage.md``: totals, and a table for each framework."""
    maps = [framework(name) for name in frameworks()]
    return "\n".join([_HEAD, *_totals(maps), *(line for known in maps for line in _section(known))]) + "\n"


def _totals(maps: list[Framework]) -> Iterator[str]:
    states = get_args(Status)
    yield "## Totals"
    yield ""
    yield f"The catalogue has {len(catalogue.rules())} rules. One rule may give evidence for several clauses."
    yield ""
    yield f"| Framework | Clauses | {' | '.join(state.capitalize() for state in states)} | Rules |"
    yield f"|---|{'---:|' * (len(states) + 2)}"
    for known in maps:
        count = Counter(clause.status for clause in known.clauses)
        rules = {rule for clause in known.clauses for rule in clause.rules}
        counts = " | ".join(str(count[state]) for state in states)
        yield f"| [{known.id}](#{known.id}) | {len(known.clauses)} | {counts} | {len(rules)} |"


def _section(known: Framework) -> Iterator[str]:
    yield ""
    yield f"## {known.id}"
    yield ""
    yield f"{known.title.en} ({known.title.zh})."
    unverified = sum(not clause.verified for clause in known.clauses)
    if unverified:
        yield f"Numbers that were not checked against the standard itself: {unverified} of {len(known.clauses)}."
    yield ""
    yield "| Clause | Title | Status | Rules | What a person must still answer | Why | Which rules |"
    yield "|---|---|---|---:|---|---|---|"
    yield from map(_row, known.clauses)


def _row(clause: Clause) -> str:
    cells = (
        clause.id,
        f"{clause.title.en}<br>{clause.title.zh}",
        clause.status,
        str(len(clause.rules)),
        clause.question.en if clause.question else "nothing",
        clause.reason.en,
        ", ".join(f"`{rule}`" for rule in clause.rules) or "none",
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.write(document())
