# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Sheets as people fill them in: exported, changed cell by cell, and read again."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from inventories.importer import Proposal, importers
from inventories.model import Inventory
from tests.inventories.emitters.emitted import written
from tests.inventories.trees import AUTHORITY, PROVINCE

HOSTS = """\
hosts:
  web1:  # main
    address: 10.1.0.1
    rack: R01
    u_position: 1
    serial: "0012"
    groups: [web]
    last_verified: 2026-10-01
    hardware: {memory_gib: 64, disks_gb: {sda: 480}}
    vars: {zone: a, size: 5}
    interfaces: {eth0: {mac: "02:00:00:00:00:01", addresses: [10.1.0.1/24]}}
  web2: {address: 10.1.0.2, groups: [web, db], owner: ops}
"""
CALENDAR = """\
calendars:
  exams:
    name: {en: Exams, zh: 考试}
    windows: {gaokao: {kind: exam, start: 2026-06-07, end: 2026-06-10}}
"""
FILES = {
    "authority.yml": AUTHORITY,
    "qinghe/region.yml": PROVINCE,
    "qinghe/hosts.yml": HOSTS,
    "qinghe/calendars.yml": CALENDAR,
}
FORMATS = ("csv", "xlsx")


def exported(form: str, inventory: Inventory, directory: Path) -> Path:
    """Return the file or directory that ``inventory import`` is given after an export."""
    shutil.rmtree(directory, ignore_errors=True)
    out = written(form, inventory, directory)
    return out / "inventory.xlsx" if form == "xlsx" else out


def proposal(source: Path, inventory: Inventory) -> Proposal:
    (importer,) = [one for one in importers().values() if one.takes(source)]
    return importer.propose(source, inventory)


def rewritten(source: Path, sheet: str, change: Callable[[list[list[Any]]], object]) -> None:
    """Change the rows of a sheet, as somebody does in a spreadsheet."""
    if source.is_dir():
        file = source / f"{sheet}.csv"
        rows: list[list[Any]] = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
        change(rows)
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        file.write_text(text.getvalue(), encoding="utf-8", newline="")
        return
    book = load_workbook(source)
    page = book[sheet]
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    change(rows)
    page.delete_rows(1, page.max_row)
    for row in rows:
        page.append(row)
    book.save(source)


def setting(entry: str, header: str, value: object) -> Callable[[list[list[Any]]], None]:
    """Return the change of one cell, found by the entry in the first column and the header."""

    def change(rows: list[list[Any]]) -> None:
        next(row for row in rows if row[0] == entry)[rows[0].index(header)] = value

    return change


def problems(source: Path, inventory: Inventory) -> list[str]:
    return [str(problem) for problem in proposal(source, inventory).problems]
