# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The registry of validation rules: a function that finds violations, under a stable id, with its text for people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inventories.base import Text
from inventories.book import Book
from inventories.findings import Finding, Rule, Severity

Check = Callable[[Rule, Book], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A rule, what it asks for (``title``, one sentence), ``why``, and the function that finds where it is broken."""

    rule: Rule
    title: Text
    why: Text
    check: Check


REGISTRY: dict[str, Registered] = {}


def rule(rule_id: str, severity: Severity, *, title: Text, why: Text, hint: str) -> Callable[[Check], Check]:
    """Register the decorated function under ``rule_id``; its docstring states what it takes for a violation."""

    def register(check: Check) -> Check:
        if rule_id in REGISTRY:
            raise ValueError(f"two rules are called {rule_id}")
        REGISTRY[rule_id] = Registered(Rule(rule_id, severity, hint), title, why, check)
        return check

    return register
