# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How figures and states are put to people, in English and Chinese."""

import math

from fleet.facts import Missing, Reason
from inventories.base import Lang, Text
from probes.check import Check, Unit
from probes.verdict import State

_WHY: dict[Reason, Text] = {
    "absent": Text(en="not on this host", zh="该主机上没有"),
    "denied": Text(en="root is needed to read this", zh="需要 root 权限才能读取"),
    "timeout": Text(en="the host did not answer in time", zh="主机未在时限内应答"),
    "truncated": Text(en="the answer was too long", zh="应答超出长度限制"),
    "failed": Text(en="the question failed on the host", zh="采集命令在主机上执行失败"),
    "unparsable": Text(en="the answer makes no sense", zh="应答内容无法解析"),
    "cut": Text(en="the session ended first", zh="会话提前中断"),
    "not_asked": Text(en="it was not asked", zh="本次未采集"),
}
_YES_NO = {True: Text(en="yes", zh="是"), False: Text(en="no", zh="否")}
_STATES: dict[State, str] = {"warning": "警告", "critical": "严重"}
_DIRECTIONS = {"above": "高于", "below": "低于"}
_NAMES_SHOWN = 5


def gap(check: Check, item: str, missing: Missing) -> Text:
    """Say that there was no figure, and why."""
    why = _WHY[missing.reason]
    return Text(
        en=f"{check.title.en}{item and f' {item}'}: no figure: {why.en} ({missing.detail})",
        zh=f"{check.title.zh}{item and f' {item}'}：无数据：{why.zh}（{missing.detail}）",
    )


def message(check: Check, *, value: object, item: str, detail: object, state: State, because: Text | None) -> Text:
    """Fill in what the check says; with the limit when it was crossed, and why a finding does not stand."""

    def say(lang: Lang) -> str:
        said = check.message.say(lang).format(
            value=write(value, check.unit, lang), item=item, detail=_aside(words(detail, lang), lang)
        )
        return said + _crossed(check, state, lang) + _aside(because.say(lang) if because else "", lang)

    return Text(en=say("en"), zh=say("zh"))


def _crossed(check: Check, state: State, lang: Lang) -> str:
    limit = None if check.limits is None else check.limits.of(state)
    if check.limits is None or limit is None:
        return ""
    direction, figure = check.limits.direction, write(limit, check.unit, lang)
    return (
        f"; {state} {direction} {figure}" if lang == "en" else f"，{_DIRECTIONS[direction]} {figure} 即{_STATES[state]}"
    )


def _aside(said: str, lang: Lang) -> str:
    """Put words in brackets; no words, no brackets."""
    if not said:
        return ""
    return f" ({said})" if lang == "en" else f"（{said}）"


def words(found: object, lang: Lang) -> str:
    """Return what is among the facts as people read it; of a list the first few items."""
    match found:
        case Missing():
            return ""
        case bool():
            return _YES_NO[found].say(lang)
        case tuple():
            more = len(found) > _NAMES_SHOWN
            return (", " if lang == "en" else "、").join(found[:_NAMES_SHOWN]) + (" …" if more else "")
        case _:
            return str(found)


def write(value: object, unit: Unit, lang: Lang) -> str:
    """Return a figure as people read it; what is no number by its word.

    >>> write(0.923, "ratio", "en"), write(0.0042, "seconds", "zh"), write(27.9, "days", "en")
    ('92.3%', '4.2 毫秒', '27 days')
    """
    if not isinstance(value, float):
        return words(value, lang)
    match unit:
        case "ratio":
            return f"{value * 100:.3g}%"
        case "seconds":
            number, suffix = (value, ("s", "秒")) if abs(value) >= 1 else (value * 1000, ("ms", "毫秒"))
            return f"{number:.3g} {suffix[lang == 'zh']}"
        case "days":
            return f"{math.floor(value)} {'天' if lang == 'zh' else 'days'}"
        case "count":
            return str(int(value))
        case "":
            return f"{value:.3g}"
