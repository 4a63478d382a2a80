# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The changes between two states of an inventory, and how risky they are."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal

from pydantic import Field

from inventories.base import Frozen, Text
from inventories.findings import Report
from inventories.model import Importance
from inventories.reading.source import read_source

Meaning = Literal["added", "removed", "renamed", "moved", "re-addressed", "raised", "lowered", "reassigned", "changed"]


class Change(Frozen):
    """One difference, by what it means."""

    meaning: Meaning = Field(description="What happened.")
    kind: str = Field(description="Kind of the entry, e.g. host.")
    id: str = Field(description="Id of the entry, in the new state unless it was removed.")
    region: str = Field(description="Path of its region.")
    path: str = Field(default="", description="Dotted path of the value; empty for the whole entry.")
    old: Any = Field(default=None, description="Value before; None: there was none.")
    new: Any = Field(default=None, description="Value after; None: there is none.")
    risk: float = Field(ge=0, description="Points, see risk.yml.")

    def say(self) -> Text:
        """Return the change as a sentence."""
        old, new = _said(self.old), _said(self.new)
        entry = f"{self.kind} {self.id}"
        match self.meaning:
            case "added" | "removed" if not self.path:
                en, zh = {"added": ("is new", "新增"), "removed": ("is gone", "移除")}[self.meaning]
                return Text(en=f"{entry} {en}", zh=f"{zh} {entry}")
            case "renamed":
                return Text(en=f"{self.kind} {old} is now called {new}", zh=f"{self.kind} {old} 更名为 {new}")
            case "added":
                return Text(en=f"{entry}: {self.path} {new} is new", zh=f"{entry}：新增 {self.path} {new}")
            case "removed":
                return Text(en=f"{entry}: {self.path} {old} is gone", zh=f"{entry}：移除 {self.path} {old}")
        en, zh = _VERBS[self.meaning]
        return Text(en=f"{entry} {en}: {self.path} {old} -> {new}", zh=f"{entry} {zh}：{self.path} {old} → {new}")


_VERBS: Mapping[Meaning, tuple[str, str]] = {
    "moved": ("moves", "迁移"),
    "re-addressed": ("is re-addressed", "变更地址"),
    "raised": ("is raised", "提升"),
    "lowered": ("is lowered", "降低"),
    "reassigned": ("is reassigned", "变更责任"),
    "changed": ("changes", "变更"),
}


class Comparison(Frozen):
    """All changes between two states, the riskiest first."""

    score: float = Field(description="Sum of the risks, points.")
    band: Literal["none", "low", "medium", "high"] = Field(description="none: 0, low: under 5, medium: under 20, high.")
    changes: tuple[Change, ...] = Field(description="Changes, the riskiest first.")


class Risk(Frozen):
    """How much changes weigh: the content of risk.yml."""

    added: float
    removed: float
    renamed: float
    importance: Mapping[Importance, float]
    fields: Mapping[str, Mapping[str, float]]

    def of(self, kind: str, field: str) -> float:
        """Return the weight of a change of ``field``."""
        return self.fields.get(kind, {}).get(field, 1)


@cache
def risks() -> Risk:
    """Return the weights edufleet ships."""
    with as_file(files("inventories.diff") / "risk.yml") as path:
        node = read_source(path, Report())
    return Risk.model_validate(node.plain() if node else {})


def comparison(changes: list[Change]) -> Comparison:
    """Return the changes in order, with their score."""
    score = round(sum(change.risk for change in changes), 1)
    band: Literal["none", "low", "medium", "high"] = (
        "none" if score == 0 else "low" if score < 5 else "medium" if score < 20 else "high"  # noqa: PLR2004
    )
    ordered = sorted(changes, key=lambda change: (-change.risk, change.kind, change.id, change.path))
    return Comparison(score=score, band=band, changes=tuple(ordered))


def _said(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "-"
    if isinstance(value, dict):
        if set(value) == {"en", "zh"}:
            return f"{value['en']} {value['zh']}"
        return ", ".join(f"{key} {_said(inner)}" for key, inner in value.items() if inner not in (None, [], {}))
    return str(value)
