# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory drift``: where the inventory and what was last seen of the hosts disagree."""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self

import typer
from pydantic import Field
from rich.box import SIMPLE
from rich.progress import track
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text as Line

from console.cli.common import JsonFlag, LangOption, counted, emit, err, language, out
from console.cli.inventory.options import InventoryOption, LimitOption
from console.drift import Look, Proposed, State, looks, propose
from console.reports.plain import one_line
from fleet.settings import settings
from fleet.store import CaptureStore
from inventories.base import Frozen, Lang, Text
from inventories.editing.edits import Edit, difference, write
from inventories.editing.splice import flow
from inventories.errors import BadInput, CouldNotFinish
from inventories.loader import find_inventory, load
from inventories.model import Asset, Host
from inventories.quality.drift import Difference, Verdict
from inventories.select import select

_VERDICTS: dict[Verdict, Text] = {
    "differs": Text(en="differs", zh="不一致"),
    "not_stated": Text(en="not stated", zh="未登记"),
    "unknown": Text(en="not seen", zh="未采集到"),
    "agrees": Text(en="agrees", zh="一致"),
}
_STATES: dict[State, Text] = {
    "never_captured": Text(en="never captured", zh="从未采集"),
    "too_old": Text(en="captured too long ago", zh="采集结果过旧"),
    "unreadable": Text(en="capture cannot be read", zh="采集结果无法读取"),
}
_GONE = Text(en="not there", zh="不存在")
_HEADINGS = tuple(Text(en=en, zh=zh) for en, zh in (("field", "字段"), ("stated", "登记"), ("seen", "实际"), ("", "")))
_STYLES: dict[Verdict, str] = {"differs": "bold red", "not_stated": "yellow", "unknown": "dim", "agrees": "green"}
_NAMED = 10


class Value(Frozen):
    """One value as stated and as seen."""

    field: str = Field(description="As in a file, with dots.")
    verdict: Verdict
    stated: str | None
    seen: str | None = Field(description="null with differs: it is not there.")
    why: str = Field(description="Why it was not seen.")
    proposal: str | None = Field(description="The value to write so that both agree, as YAML; null: none is proposed.")


class AssetDrift(Frozen):
    """One asset."""

    asset: str
    kind: str
    region: str
    state: State
    captured: datetime | None = Field(description="Start of the newest capture, UTC.")
    detail: str = Field(description="Why the capture cannot be read.")
    values: tuple[Value, ...]

    @classmethod
    def of(cls, look: Look) -> Self:
        """Make the document of a look."""
        values = tuple(
            Value(
                field=one.field,
                verdict=one.verdict,
                stated=one.stated,
                seen=one.seen,
                why=one.why,
                proposal=flow(one.proposal.value) if one.proposal else None,
            )
            for one in look.differences
        )
        asset = look.asset
        return cls(
            asset=asset.name,
            kind=asset.label,
            region=asset.region,
            state=look.state,
            captured=look.captured,
            detail=look.detail,
            values=values,
        )


class Refused(Frozen):
    """A proposal that the rules of the inventory refuse."""

    asset: str
    field: str
    rule: str
    message: str


class DriftReport(Frozen):
    """What ``inventory drift --json`` prints."""

    assets: tuple[AssetDrift, ...]
    refused: tuple[Refused, ...] = Field(description="Proposals that would break a rule.")
    difference: str = Field(description="The proposed change of the files, as a unified diff.")
    written: bool = Field(description="Whether the files were written.")


def command(
    inventory: InventoryOption = None,
    limit: LimitOption = None,
    max_age: Annotated[int, typer.Option(min=1, help="Days after which a capture is not compared any more.")] = 30,
    show: Annotated[bool, typer.Option("--propose", help="Show the edits after which both would agree.")] = False,
    change: Annotated[bool, typer.Option("--apply", help="Write these edits, after asking.")] = False,
    verified: Annotated[
        bool, typer.Option("--verified", help="Date entries with which everything seen agrees as verified, too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    lang: LangOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Compare the inventory with the newest capture of each host.

    For example: edufleet inventory drift -l qinghe --propose

    Exit code 1 when something differs, 3 when nothing could be compared.
    """
    if verified and not (show or change):
        raise BadInput("--verified writes nothing by itself", hint="add --propose to look, or --apply")
    if as_json and change and not yes:
        raise BadInput("--json asks nothing", hint="add --yes to write, or --propose to look")
    spoken = language(lang, os.environ)
    directory = find_inventory(inventory)
    known = load(directory)
    found = _look_at(select(known, limit) if limit is not None else known.assets, timedelta(days=max_age))
    edits = [one.proposal for look in found for one in look.differences if one.proposal] if show or change else []
    edits += [look.verification for look in found if verified and look.verification]
    with err.status("trying the edits"):
        proposed = propose(directory, edits) if edits else Proposed({}, ())
    patch = difference(directory, proposed.texts)
    if not as_json:
        _print(found, spoken)
        _print_proposed(proposed, patch, asked=show or change)
    written = bool(proposed.texts) and change and (yes or _confirmed(len(proposed.texts)))
    if written:
        write(proposed.texts)
    if as_json:
        assets = tuple(AssetDrift.of(look) for look in found)
        refused = tuple(_refused(edit, finding.rule, finding.message) for edit, finding in proposed.refused)
        emit(DriftReport(assets=assets, refused=refused, difference=patch, written=written))
    elif change:
        out.print(f"{counted(len(proposed.texts), 'file')} written" if written else "nothing was written")
    raise typer.Exit(_exit_code(found))


def _look_at(assets: Sequence[Asset], max_age: timedelta) -> list[Look]:
    from fleet.history.history import History  # noqa: PLC0415 - SQLAlchemy: 0.2 s others need not wait

    where = settings()
    with History.open(where) as history:
        captures = history.newest_captures([asset.name for asset in assets if isinstance(asset, Host)])
    found = looks(assets, captures, CaptureStore(where.captures), datetime.now(UTC), max_age)
    quiet = not err.is_terminal
    return list(track(found, "Reading captures", total=len(assets), console=err, transient=True, disable=quiet))


def _exit_code(found: Sequence[Look]) -> int:
    if not any(look.state == "compared" for look in found):
        return CouldNotFinish.exit_code
    return int(any(one.verdict == "differs" for look in found for one in look.differences))


def _refused(edit: Edit, rule: str, message: str) -> Refused:
    return Refused(asset=edit.id, field=".".join(edit.path), rule=rule, message=message)


def _confirmed(files: int) -> bool:
    if not sys.stdin.isatty():
        raise BadInput("there is no terminal to ask on", hint="add --yes to write, or use --propose to look")
    return typer.confirm(f"Write {counted(files, 'file')}?")


def _print(found: Sequence[Look], lang: Lang) -> None:
    for look in found:
        told = [one for one in look.differences if one.verdict != "agrees"]
        if told and look.captured is not None:
            out.print(_table(look, look.captured, told, lang))
    for state, title in _STATES.items():
        names = [look.asset.name for look in found if look.state == state]
        if names:
            more = f" ... (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
            out.print(f"{title.say(lang)}: {len(names)}: {', '.join(names[:_NAMED])}{more}", soft_wrap=True)
    compared = sum(look.state == "compared" for look in found)
    verdicts = Counter(one.verdict for look in found for one in look.differences)
    figures = [f"{verdicts[verdict]} {title.say(lang)}" for verdict, title in _VERDICTS.items() if compared]
    if lang == "en":
        said = ", ".join(figures) or "edufleet inspect captures hosts"
        out.print(f"{counted(compared, 'host')} compared: {said}", soft_wrap=True)
    else:
        said = "，".join(figures) or "请先运行 edufleet inspect 采集主机"
        out.print(f"已核对 {compared} 台主机：{said}", soft_wrap=True)


def _table(look: Look, captured: datetime, told: Sequence[Difference], lang: Lang) -> Table:
    title = Line.assemble((look.asset.name, "bold"), f"  {captured:%Y-%m-%d %H:%M} UTC")
    table = Table(title=title, title_justify="left", title_style="", box=SIMPLE)
    for heading in _HEADINGS:
        table.add_column(heading.say(lang), overflow="fold")
    for one in told:
        verdict = Line(_VERDICTS[one.verdict].say(lang), style=_STYLES[one.verdict])
        if one.why:
            verdict.append(f" ({one_line(one.why)})")
        seen = _GONE.say(lang) if one.verdict == "differs" and one.seen is None else one_line(one.seen or "-")
        table.add_row(one.field, Line(one.stated or "-"), Line(seen), verdict)
    return table


def _print_proposed(proposed: Proposed, patch: str, *, asked: bool) -> None:
    for edit, finding in proposed.refused:
        out.print(Line(f"{edit.title}: not proposed: {finding.message} [{finding.rule}]"), soft_wrap=True)
    if patch:
        out.print(Syntax(patch, "diff", background_color="default", word_wrap=True))
    elif asked:
        out.print("nothing is proposed")
