# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a value looks like in a cell of a table, and what a cell that somebody has filled in means."""

import json
import math
import re
from collections.abc import Sequence
from datetime import date, datetime

from inventories.editing.splice import Scalar, Value
from inventories.reading.source import plain_scalar
from inventories.tables.columns import Form

Cell = str | int | float | bool | date | datetime | None

_SAFE_INTEGER = 2**53
_SMALLEST, _LARGEST = 1e-307, 9e307
_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?")
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "是": True, "否": False}
_SEPARATOR = re.compile("[,，]")


class BadCell(Exception):
    """A cell cannot mean what its column holds; says why and what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def shown(form: Form, value: object) -> Cell:
    """Return a value of the model as its cell shows it."""
    if isinstance(value, tuple):
        return _listed(value, free=form == "free")
    if form == "free" and isinstance(value, str):
        return value if _is_bare(value) and plain_scalar(value) == value else json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _SAFE_INTEGER:
        return str(value)  # a spreadsheet would round it
    if isinstance(value, float) and value and not _SMALLEST < abs(value) < _LARGEST:
        return repr(value)  # a spreadsheet has no such number
    if form == "number" and isinstance(value, float):
        return value if value % 1 or abs(value) > _SAFE_INTEGER else int(value)
    if isinstance(value, str | int | float | date):
        return value
    return str(value)


def said(form: Form, cell: Cell) -> Value:
    """Return what a cell says as a file would say it, None for an empty one.

    What cannot be read as its form stays the text it is, so that the checks of the inventory tell what is wrong.
    Raises ``BadCell`` where the spreadsheet has turned what was written into something else.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return () if form == "list" else None
    if form == "free":
        return _free(cell)
    if form in {"date", "moment"}:
        return _day(cell) if form == "date" else _moment(cell)
    if isinstance(cell, date):
        raise BadCell("is a date", "format the cell as text and write the value again")
    if form == "flag":
        return _FLAGS.get(str(cell).strip().lower(), cell) if isinstance(cell, str | bool) else cell
    if isinstance(cell, bool):
        raise BadCell("is a truth value", "format the cell as text and write the value again")
    if form in {"integer", "number"}:
        return _number(cell)
    if isinstance(cell, float) and not cell.is_integer():
        raise BadCell(f"is the number {cell}", "format the cell as text and write the value again")
    text = str(int(cell)) if isinstance(cell, int | float) else cell
    return _items(text) if form == "list" else text.strip() if form == "choice" else text


def alike(one: Value, other: Value) -> bool:
    """Tell whether two cells say the same; numbers may differ by what spreadsheets round."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return numbers and math.isclose(float(one), float(other), rel_tol=1e-14)  # type: ignore[arg-type]
    return one == other


def _is_bare(text: str) -> bool:
    return bool(text) and text == text.strip() and text[0] not in '"['


def _listed(items: Sequence[object], *, free: bool) -> str:
    texts = [str(item) for item in items]
    split = not free and all(_is_bare(text) and not _SEPARATOR.search(text) for text in texts)
    return ", ".join(texts) if split else json.dumps(list(items) if free else texts, ensure_ascii=False)


def _items(text: str) -> tuple[Scalar, ...]:
    return _json_list(text) or tuple(item.strip() for item in _SEPARATOR.split(text) if item.strip())


def _json_list(text: str) -> tuple[Scalar, ...] | None:
    """Return the scalars of a list in brackets, None when it is something else."""
    if not text.lstrip().startswith("["):
        return None
    try:
        items = json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return None
    plain = isinstance(items, list) and all(isinstance(item, str | int | float) for item in items)
    return tuple(items) if plain else None


def _refuse_constant(name: str) -> Scalar:
    """Refuse what Python reads and JSON does not have."""
    raise ValueError(name)


def _free(cell: Cell) -> Value:
    if not isinstance(cell, str):
        return str(_moment(cell)) if isinstance(cell, date) else cell
    items = _json_list(cell)
    if items is not None:
        return items
    if cell.startswith('"'):
        try:
            return str(json.loads(cell))
        except ValueError:
            return cell
    value = plain_scalar(cell)
    return cell if value is None else value


def _number(cell: str | float) -> Value:
    if isinstance(cell, str):
        value = plain_scalar(cell.strip())
        return cell if value is None else value
    return int(cell) if float(cell).is_integer() and abs(cell) <= _SAFE_INTEGER else cell


def _day(cell: Cell) -> str:
    moment = _moment(cell)
    return moment.removesuffix(" 00:00") if isinstance(cell, datetime) else moment


def _moment(cell: Cell) -> str:
    """Return a date or a time as ISO text; other text stays as it is."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds" if cell.second else "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        raise BadCell(f"is the number {cell}", "format the cell as a date")
    found = _DATE.fullmatch(cell.strip())
    if found is None:
        return cell
    year, month, day, hour, minute, second = found.groups()
    text = f"{year}-{int(month):02}-{int(day):02}"
    if hour is None:
        return text
    return f"{text} {int(hour):02}:{minute}" + (f":{second}" if second not in {None, "00"} else "")
