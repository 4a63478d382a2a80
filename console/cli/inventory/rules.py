# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory explain``: what a rule asks for, why, and what to do about a violation."""

import os
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, LangOption, emit, language, out
from inventories.base import Frozen, Lang
from inventories.catalogue import Described, catalogue
from inventories.errors import BadInput
from inventories.findings import Severity, did_you_mean

_STYLES = {"error": "bold red", "warning": "yellow"}


class RuleText(Frozen):
    """One rule, in one language."""

    id: str
    severity: Severity
    title: str
    why: str
    hint: str


class RuleTexts(Frozen):
    """What ``inventory explain --json`` prints."""

    rules: tuple[RuleText, ...]


def complete_rule(incomplete: str) -> list[str]:
    """Complete the id of a rule."""
    return [rule for rule in catalogue() if rule.startswith(incomplete.upper())]


def command(
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="Id of a rule; all without.", autocompletion=complete_rule)
    ] = None,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Explain a rule by which an inventory is checked, or list all of them.

    For example: edufleet inventory explain INV-NET-001
    """
    spoken = language(lang, os.environ)
    known = catalogue()
    if rule is not None and rule.upper() not in known:
        raise BadInput(
            f"no rule is called {rule!r}", hint=did_you_mean(rule.upper(), known) or "list them all without an id"
        )
    chosen = [known[rule.upper()]] if rule is not None else list(known.values())
    texts = tuple(_text(one, spoken) for one in chosen)
    if as_json:
        emit(RuleTexts(rules=texts))
    elif rule is None:
        table = Table("id", "severity", Column(overflow="fold"), box=None, show_header=False, pad_edge=False)
        for text in texts:
            table.add_row(Line(text.id, style="bold"), Line(text.severity, style=_STYLES[text.severity]), text.title)
        out.print(table)
    else:
        (text,) = texts
        out.print(Line.assemble((text.id, "bold"), " ", (text.severity, _STYLES[text.severity])))
        out.print(f"{text.title}\n{text.why}\n", soft_wrap=True)
        out.print(f"-> {text.hint}", soft_wrap=True)


def _text(one: Described, lang: Lang) -> RuleText:
    rule = one.rule
    return RuleText(
        id=rule.id, severity=rule.severity, title=one.title.say(lang), why=one.why.say(lang), hint=rule.hint
    )
