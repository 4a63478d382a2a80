# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet baseline list``: the rules of a profile."""

import os
import sys
from typing import Annotated

import typer
from rich.table import Column, Table

from console.cli.baseline.options import ProfileOption
from console.cli.common import JsonFlag, LangOption, emit, language, out
from inventories.base import Frozen, Lang, Text
from security import profile as profiles
from security.profile import Profile
from security.rule import Rule
from security.verdict import Severity


class RuleEntry(Frozen):
    """One rule, as ``baseline list --json`` prints it."""

    id: str
    title: Text
    severity: Severity
    needs: tuple[str, ...]
    clauses: tuple[str, ...]


class RuleEntries(Frozen):
    """What ``baseline list --json`` prints."""

    profile: str
    rules: tuple[RuleEntry, ...]


def command(
    profile: ProfileOption = profiles.DEFAULT,
    covers: Annotated[
        str | None,
        typer.Option(
            metavar="CLAUSE",
            help="Only rules that give evidence for this clause, or for the clauses under it: 8.1.4.1.b or 8.1.4.1.",
            autocompletion=lambda: [clause.id for clause in profiles.load().clauses],
        ),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Print the number of rules alone.")] = False,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """List the rules of a profile with the clauses they give evidence for."""
    chosen = profiles.load(profile)
    rules = chosen.rules if covers is None else chosen.rules_for(covers)
    if count:
        sys.stdout.write(f"{len(rules)}\n")
    elif as_json:
        emit(RuleEntries(profile=chosen.id, rules=tuple(_entry(rule, chosen) for rule in rules)))
    else:
        out.print(_table(chosen, rules, language(lang, os.environ)))


def _entry(rule: Rule, profile: Profile) -> RuleEntry:
    return RuleEntry(
        id=rule.id,
        title=rule.title,
        severity=rule.severity,
        needs=tuple(sorted(rule.needs)),
        clauses=profile.clauses_of(rule.id),
    )


def _table(profile: Profile, rules: tuple[Rule, ...], lang: Lang) -> Table:
    table = Table(Column("rule", no_wrap=True), "severity", "title", "clauses", box=None, pad_edge=False)
    for rule in rules:
        table.add_row(rule.id, rule.severity, rule.title.say(lang), " ".join(profile.clauses_of(rule.id)))
    return table
