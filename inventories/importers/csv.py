# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""CSV files, one per kind of entry, as they were exported or as a spreadsheet has written them since."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from inventories.base import Text
from inventories.emitters.csv import GUARDED
from inventories.errors import BadInput, CouldNotFinish
from inventories.importer import Importer, Proposal
from inventories.model import Inventory
from inventories.tables.sheets import Sheet, propose

MAX_BYTES = 100_000_000


def _takes(path: Path) -> bool:
    return path.suffix.lower() == ".csv" or (path.is_dir() and any(path.glob("*.csv")))


def _propose(path: Path, inventory: Inventory) -> Proposal:
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    return propose([Sheet(file.name[: -len(".csv")], list(_rows(file))) for file in files], inventory)


def _rows(path: Path) -> Iterator[list[str]]:
    text = _text(path)
    zero = text.find("\0")
    if zero >= 0:
        line = text.count("\n", 0, zero) + 1
        raise BadInput("has a NUL character", where=f"{path}:{line}", hint="export the file again")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            yield [_unguarded(cell) for cell in row]
    except csv.Error as problem:
        raise BadInput(f"is not CSV: {problem}", where=f"{path}:{reader.line_num}", hint="export it again") from problem


def _text(path: Path) -> str:
    """Return what a file says: UTF-16 if its byte order mark says so, else UTF-8, else GB 18030 as Chinese Excel."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"is larger than {MAX_BYTES:,} bytes", where=str(path), hint="import it in parts")
        data = path.read_bytes()
    except OSError as problem:
        raise CouldNotFinish(f"cannot be read: {problem.strerror}", where=str(path)) from problem
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("is neither UTF-8 nor GB 18030 text", where=str(path), hint="save it as CSV UTF-8")


def _delimiter(text: str) -> str:
    """Return what separates the cells of the first line; where a comma is the decimal sign, Excel writes semicolons."""
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell


IMPORTER = Importer(
    id="csv",
    title=Text(en="CSV files, one per kind of entry", zh="CSV 文件，每类条目一个"),
    takes=_takes,
    propose=_propose,
)
