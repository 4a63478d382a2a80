# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""One Excel workbook, a sheet per kind of entry, made to be edited and imported again."""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from inventories.base import Text
from inventories.emitter import Emitter, Files
from inventories.errors import BadInput
from inventories.model import Asset, Inventory
from inventories.tables import cells
from inventories.tables.columns import Column, Table
from inventories.tables.sheets import Unusable, letters, sheets

Page = Any
"""A write-only worksheet; the published types of it lack most of what it has."""
Filled = cells.Cell | Unusable

NAME = "inventory.xlsx"

_MOST_ROWS = 1_048_576
_LONGEST = 32_767
_WIDEST = 40
# Excel counts days from 1900 and takes that for a leap year; earlier days are written as text.
_FIRST_YEAR = 1901
# What XML cannot hold (XML 1.0, "Char"); a carriage return becomes a line feed in it.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = PatternFill("solid", fgColor="FFDDEBF7")
_FIXED = PatternFill("solid", fgColor="FFEDEDED")
_FORMATS = {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "integer": "0", "number": "General", "free": "General"}


def _emit(inventory: Inventory, assets: Sequence[Asset]) -> Files:
    book = Workbook(write_only=True)
    for table, columns, sheet in sheets(inventory, assets):
        rows = list(sheet.rows)
        if len(rows) > _MOST_ROWS:
            raise BadInput(f"{table.name} has more rows than a sheet can", hint="export a part of it with --limit")
        _fill(book.create_sheet(table.name), table, columns, rows)
    file = io.BytesIO()
    book.save(file)
    return {NAME: file.getvalue()}


def _fill(page: Page, table: Table, columns: Sequence[Column], rows: Sequence[Sequence[Filled]]) -> None:
    page.freeze_panes = f"{letters(len(table.keys))}2"
    page.auto_filter.ref = f"A1:{letters(len(columns) - 1)}{len(rows)}"
    for index, column in enumerate(columns):
        longest = max(_width(str(row[index])) for row in rows[:1000] if row[index] is not None)
        page.column_dimensions[letters(index)].width = min(longest + 4, _WIDEST)
        choices = ("TRUE", "FALSE") if column.form == "flag" else column.choices
        if choices:
            rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            rule.error = f"{column.header}: {', '.join(choices)}"
            rule.add(f"{letters(index)}2:{letters(index)}{_MOST_ROWS}")
            page.data_validations.append(rule)
    page.append([_header(page, column) for column in columns])
    for row in rows[1:]:
        page.append([_cell(page, table, column, value) for column, value in zip(columns, row, strict=True)])


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _header(page: Page, column: Column) -> Cell:
    cell = WriteOnlyCell(page, column.header)
    cell.font = Font(bold=True)
    cell.fill = _FIXED if column.derived else _HEAD
    cell.comment = Comment(f"{column.title.zh}\n{column.title.en}", "edufleet", height=90, width=320)
    return cell


def _cell(page: Page, table: Table, column: Column, value: Filled) -> Cell:
    if isinstance(value, date) and value.year < _FIRST_YEAR:
        value = value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat()
    if not isinstance(value, str):
        cell = WriteOnlyCell(page)
        cell.value = None if isinstance(value, Unusable) else value
        cell.number_format = _FORMATS.get(column.form, "@")
    else:
        if len(value) > _LONGEST or _NOT_XML.search(value):
            raise BadInput(
                f"a workbook cannot hold a value of {column.header}", where=table.name, hint="export it as csv"
            )
        cell = WriteOnlyCell(page, value)
        cell.data_type = "s"  # or "=1+1" would become a formula
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text="\n" in value)
    if column.derived:
        cell.fill = _FIXED
    return cell


EMITTER = Emitter(
    id="xlsx",
    title=Text(
        en="Excel workbook, a sheet per kind; can be edited and imported", zh="Excel 工作簿，每类一张表；可编辑后导入"
    ),
    emit=_emit,
)
