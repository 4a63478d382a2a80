# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""CSV, one file per kind of entry: UTF-8 with the byte order mark by which spreadsheets know it."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from inventories.base import Text
from inventories.emitter import Emitter, Files
from inventories.model import Asset, Inventory
from inventories.tables.sheets import Unusable, sheets

# A spreadsheet takes what begins like this for a formula (OWASP, "CSV injection"). An apostrophe in front makes it
# text again, and is taken off when the file comes back; so what begins with an apostrophe gets one as well.
GUARDED = ("=", "+", "-", "@", "\t", "\r", "'")


def _emit(inventory: Inventory, assets: Sequence[Asset]) -> Files:
    files: dict[str, bytes] = {}
    for table, _, sheet in sheets(inventory, assets):
        text = io.StringIO(newline="")
        csv.writer(text).writerows([_field(cell) for cell in row] for row in sheet.rows)
        files[f"{table.name}.csv"] = text.getvalue().encode("utf-8-sig")
    return files


def _field(cell: object) -> str:
    if cell is None or isinstance(cell, Unusable):
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds" if cell.second else "minutes")
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(GUARDED) else text


EMITTER = Emitter(
    id="csv",
    title=Text(
        en="CSV files, one per kind of entry; can be edited and imported", zh="CSV 文件，每类条目一个；可编辑后导入"
    ),
    emit=_emit,
)
