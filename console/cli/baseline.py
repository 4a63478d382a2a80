# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet baseline``: which rules there are, what they check and why, and which clauses they give evidence for."""

import os
import sys
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, LangOption, emit, language, out
from inventories.base import Frozen, Lang, Text
from inventories.errors import BadInput
from inventories.findings import did_you_mean
from security import catalogue
from security import profile as profiles
from security.profile import Clause, Profile
from security.rule import Rule, plain
from security.verdict import Severity

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="The security baseline: its rules and clauses.",
)


def _rule_or_clause() -> list[str]:
    return [*catalogue.rules(), *(clause.id for clause in profiles.load().clauses)]


NameArgument = Annotated[
    str,
    typer.Argument(metavar="RULE|CLAUSE", help="E.g. ssh.root_login or 8.1.4.1.b.", autocompletion=_rule_or_clause),
]
ProfileOption = Annotated[
    str, typer.Option(help="Security baseline to look into.", autocompletion=lambda: list(profiles.names()))
]


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


@app.command("list")
def list_rules(
    profile: ProfileOption = profiles.DEFAULT,
    count: Annotated[bool, typer.Option("--count", help="Print the number of rules alone.")] = False,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """List the rules of a profile with the clauses they give evidence for."""
    chosen = profiles.load(profile)
    if count:
        sys.stdout.write(f"{len(chosen.rules)}\n")
    elif as_json:
        emit(RuleEntries(profile=chosen.id, rules=tuple(_entry(rule, chosen) for rule in chosen.rules)))
    else:
        out.print(_table(chosen, language(lang, os.environ)))


@app.command()
def explain(
    name: Annotated[
        str,
        typer.Argument(metavar="RULE|CLAUSE", help="E.g. ssh.root_login or 8.1.4.1.b.", autocompletion=_rule_or_clause),
    ],
    profile: ProfileOption = profiles.DEFAULT,
    lang: LangOption = None,
) -> None:
    """Explain a rule (what it checks, why, how to mend it) or a clause (what evidences it, what a person answers)."""
    chosen, tongue = profiles.load(profile), language(lang, os.environ)
    rule = catalogue.rules().get(name)
    clause = next((clause for clause in chosen.clauses if clause.id == name), None)
    if rule is not None:
        lines = _rule_lines(rule, chosen, tongue)
    elif clause is not None:
        lines = _clause_lines(clause, tongue)
    else:
        raise BadInput(f"there is no rule or clause {name!r}", hint=did_you_mean(name, _rule_or_clause()))
    for label, text in lines:
        out.print(
            Line.assemble((f"{label}: " if label else "", "dim"), (text, "" if label else "bold")), soft_wrap=True
        )


def _entry(rule: Rule, profile: Profile) -> RuleEntry:
    return RuleEntry(
        id=rule.id,
        title=rule.title,
        severity=rule.severity,
        needs=tuple(sorted(rule.needs)),
        clauses=profile.clauses_of(rule.id),
    )


def _table(profile: Profile, lang: Lang) -> Table:
    table = Table(Column("rule", no_wrap=True), "severity", "title", "clauses", box=None, pad_edge=False)
    for rule in profile.rules:
        table.add_row(rule.id, rule.severity, rule.title.say(lang), " ".join(profile.clauses_of(rule.id)))
    return table


def _rule_lines(rule: Rule, profile: Profile, lang: Lang) -> list[tuple[str, str]]:
    params = profile.params.get(rule.id, rule.params)
    tried = ", ".join(f"{platform}{'' if seen else ' (not tried yet)'}" for platform, seen in rule.verified.items())
    return [
        ("", f"{rule.id}  {rule.title.say(lang)}"),
        ("severity", rule.severity),
        ("why", rule.rationale.say(lang)),
        ("when it fails", rule.say(params).say(lang)),
        ("fix", rule.fix.say(lang)),
        ("parameters", "; ".join(f"{name} = {plain(value)}" for name, value in params.items()) or "none"),
        ("reads", ", ".join(sorted(rule.needs))),
        ("without evidence", rule.on_missing),
        ("tried on", tried),
        ("clauses", ", ".join(profile.clauses_of(rule.id)) or "none"),
        ("references", ", ".join(rule.references) or "none"),
    ]


def _clause_lines(clause: Clause, lang: Lang) -> list[tuple[str, str]]:
    return [
        ("", f"{clause.id}  {clause.title.say(lang)}"),
        ("status", clause.status),
        ("numbering", "checked against the standard" if clause.verified else "not checked against the standard"),
        ("why", clause.reason.say(lang)),
        ("rules", ", ".join(clause.rules) or "none"),
        ("a person answers", clause.question.say(lang) if clause.question else "nothing"),
    ]
