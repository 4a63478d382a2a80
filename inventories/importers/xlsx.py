# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""An Excel workbook as it was exported and edited since."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException

from inventories.base import Text
from inventories.errors import BadInput, CouldNotFinish
from inventories.importer import Importer, Problem, Proposal
from inventories.model import Inventory
from inventories.tables.cells import Cell
from inventories.tables.sheets import Sheet, Unusable, propose

# Bounds of what is unpacked: 60,000 devices are 150 MB.
MAX_UNPACKED = 500_000_000
MAX_COLUMNS = 1000

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:]+)[\"']")
_CHUNK = 1 << 20
# What reading a file that is no workbook, or a damaged one, ends in.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError, NotImplementedError, OverflowError,
)  # fmt: skip


def _takes(path: Path) -> bool:
    return path.suffix.lower() in {".xlsx", ".xlsm"}


def _propose(path: Path, inventory: Inventory) -> Proposal:
    try:
        sheets, merged = _read(path)
    except OSError as problem:
        raise CouldNotFinish(f"cannot be read: {problem.strerror}", where=str(path)) from problem
    except _BROKEN as problem:
        raise BadInput(f"is not an Excel workbook: {problem}", where=str(path), hint="save it as .xlsx") from problem
    if merged:
        return Proposal((), (), tuple(merged))
    return propose(sheets, inventory)


def _read(path: Path) -> tuple[list[Sheet], list[Problem]]:
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
            raise BadInput(f"unpacks to more than {MAX_UNPACKED:,} bytes", where=str(path), hint="import it in parts")
    reader = ExcelReader(path, read_only=True, keep_links=False)
    reader.read()
    book = reader.wb
    sheets: list[Sheet] = []
    merged: list[Problem] = []
    try:
        for page, relation in reader.parser.find_sheets():
            if page.name in book.sheetnames and "chartsheet" not in relation.Type:
                sheets.append(Sheet(page.name, list(_rows(book[page.name]))))
                merged += [
                    Problem(f"{page.name}!{cells}", "these cells are merged", "unmerge them and fill in each")
                    for cells in _merged(reader.archive, relation.target)
                ]
    finally:
        book.close()
    return sheets, merged


def _rows(page: Any) -> Iterator[list[Cell | Unusable]]:  # noqa: ANN401 - openpyxl has two kinds without a common type
    page.reset_dimensions()  # what the file says of its size may be anything
    width = 0
    for number, row in enumerate(page.iter_rows()):
        cells = [_value(cell) for cell in row[: width or MAX_COLUMNS + 1]]
        if number == 0:
            while cells and cells[-1] is None:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                raise BadInput(f"{page.title} has more than {MAX_COLUMNS} columns")
            width = len(cells)
        yield cells


def _value(cell: Any) -> Cell | Unusable:  # noqa: ANN401 - as above
    value = cell.value
    if cell.data_type == "f":
        return Unusable("is a formula", "put its value there")
    if cell.data_type == "e":
        return Unusable(f"is the error {value}", "put a value there")
    if value is None or isinstance(value, str | int | float | datetime | date):
        return value
    return Unusable(f"is {value}, a time without a date", "format the cell as text and write it again")


def _merged(archive: zipfile.ZipFile, member: str) -> Sequence[str]:
    """Return which cells a sheet has merged; openpyxl does not tell when it reads row by row."""
    found: list[str] = []
    before = b""
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            text = before + chunk
            found += [cells.decode() for cells in _MERGED.findall(text)]
            before = text[text.rfind(b"<") :] if b"<" in text else b""
    return list(dict.fromkeys(found))


IMPORTER = Importer(
    id="xlsx",
    title=Text(en="Excel workbook, a sheet per kind of entry", zh="Excel 工作簿，每类条目一张表"),
    takes=_takes,
    propose=_propose,
)
