# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet baseline explain``: one rule or one clause."""

import os
from typing import Annotated

import typer
from rich.text import Text as Line

from console.cli.baseline.options import ProfileOption
from console.cli.common import LangOption, language, out
from inventories.base import Lang
from inventories.errors import BadInput
from inventories.findings import did_you_mean
from security import catalogue
from security import profile as profiles
from security.platforms import RELEASES
from security.profile import Clause, Profile
from security.rule import Rule, plain


def _rule_or_clause(profile: Profile) -> list[str]:
    return [*catalogue.rules(), *(clause.id for clause in profile.clauses)]


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="RULE|CLAUSE",
            help="E.g. ssh.root_login or 8.1.4.1.b.",
            autocompletion=lambda: _rule_or_clause(profiles.load()),
        ),
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
        raise BadInput(f"there is no rule or clause {name!r}", hint=did_you_mean(name, _rule_or_clause(chosen)))
    for label, text in lines:
        out.print(
            Line.assemble((f"{label}: " if label else "", "dim"), (text, "" if label else "bold")), soft_wrap=True
        )


def _rule_lines(rule: Rule, profile: Profile, lang: Lang) -> list[tuple[str, str]]:
    params = profile.params.get(rule.id, rule.params)
    untried = ", ".join(release for release in RELEASES if release not in rule.tried)
    return [
        ("", f"{rule.id}  {rule.title.say(lang)}"),
        ("severity", rule.severity),
        ("why", rule.rationale.say(lang)),
        ("when it fails", rule.say(params).say(lang)),
        ("fix", rule.fix.say(lang)),
        ("parameters", "; ".join(f"{name} = {plain(value)}" for name, value in params.items()) or "none"),
        ("reads", ", ".join(sorted(rule.needs))),
        ("without evidence", rule.on_missing),
        ("tried on", ", ".join(rule.tried) or "none"),
        ("not verified on", untried or "none"),
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
