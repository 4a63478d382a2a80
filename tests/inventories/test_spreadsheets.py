# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Files as spreadsheets write them: encodings, formulas, merged cells, damage; and files made for spreadsheets."""

import csv
import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from inventories.editing.splice import flow
from inventories.emitter import emitters
from inventories.errors import BadInput, CouldNotFinish
from inventories.importer import Proposal
from inventories.loader import load
from inventories.tables.columns import tables
from tests.inventories.filled import FILES, exported, problems, proposal
from tests.inventories.trees import write as lay_out


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "inventory", FILES)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", ","), ("utf-16", "\t")]
)
def test_csv_is_read_as_spreadsheets_write_it(tree: Path, tmp_path: Path, encoding: str, delimiter: str) -> None:
    there = load(tree)
    source = exported("csv", there, tmp_path / "out")
    for file in source.iterdir():
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerows(rows)
        file.write_bytes(text.getvalue().encode(encoding))

    assert proposal(source, there) == Proposal((), (), ())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"name,region\r\nweb1,\0\r\n", "hosts.csv:2: has a NUL character"),
        (b'name,region\r\n"web1,qinghe\r\n', "is not CSV"),
        (b"name,region\r\n\xff\xff\xff\r\n", "neither UTF-8 nor GB 18030"),
    ],
)
def test_csv_that_cannot_be_read_is_one_clear_error(tree: Path, tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "hosts.csv").write_bytes(data)

    with pytest.raises(BadInput, match=said):
        proposal(tmp_path / "hosts.csv", load(tree))


def test_merged_cells_are_told(tree: Path, tmp_path: Path) -> None:
    there = load(tree)
    source = exported("xlsx", there, tmp_path / "out")
    book = load_workbook(source)
    book["hosts"].merge_cells("B2:B3")
    book.save(source)

    assert problems(source, there) == ["hosts!B2:B3: these cells are merged (unmerge them and fill in each)"]


def test_a_cell_far_out_and_rows_that_are_only_formatted_do_no_harm(tree: Path, tmp_path: Path) -> None:
    there = load(tree)
    source = exported("xlsx", there, tmp_path / "out")
    book = load_workbook(source)
    book["hosts"]["XFD1048576"] = None
    book["hosts"]["C5000"].number_format = "0"
    book["hosts"]["AZ3"] = "a note beside the table"
    book.save(source)

    assert proposal(source, there) == Proposal((), (), ())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=40), st.booleans())
def test_a_damaged_workbook_is_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes, inside: bool
) -> None:
    root = tmp_path_factory.getbasetemp() / "damaged"
    if not root.exists():
        lay_out(root / "in", FILES)
        exported("xlsx", load(root / "in"), root / "out")
    data = (root / "out/inventory.xlsx").read_bytes()
    source = root / "damaged.xlsx"
    if inside:  # one member of the archive is damaged, the archive is sound
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(source, "w") as new:
            names = old.namelist()
            for index, name in enumerate(names):
                text = old.read(name)
                cut = at % max(len(text), 1)
                new.writestr(name, text[:cut] + noise + text[cut:] if index == at % len(names) else text)
    else:
        cut = at % len(data)
        source.write_bytes(data[:cut] + noise + data[cut + len(noise) :])

    found = Proposal((), (), ())
    with suppress(BadInput, CouldNotFinish):  # any other exception than these fails the test
        found = proposal(source, load(root / "in"))
    assert all(one.where and one.what for one in found.problems)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = exported("xlsx", load(tree), tmp_path / "out")
    monkeypatch.setattr("inventories.importers.xlsx.MAX_UNPACKED", 10_000)

    with pytest.raises(BadInput, match="unpacks to more than"):
        proposal(source, load(tree))


def test_the_workbook_is_made_for_people(tree: Path, tmp_path: Path) -> None:
    source = exported("xlsx", load(tree), tmp_path / "out")
    book = load_workbook(source)
    page = book["hosts"]

    assert (page.freeze_panes, page["A1"].font.bold) == ("B2", True)
    assert page.auto_filter.ref is not None
    assert page.auto_filter.ref.startswith("A1:")
    assert "管理地址" in page["C1"].comment.text
    assert "Management address" in page["C1"].comment.text
    rules = {rule.formula1 for rule in page.data_validations.dataValidation}
    assert '"low,normal,high,critical"' in rules
    header = [cell.value for cell in page[1]]
    assert page.cell(2, header.index("last_verified") + 1).value == datetime.combine(date(2026, 10, 1), time())
    assert page.cell(2, header.index("serial") + 1).number_format == "@"


def test_no_cell_can_become_a_formula(tmp_path: Path) -> None:
    hosts = f"hosts: {{web1: {flow({'address': '10.1.0.1', 'serial': '=1+1', 'vars': {'note': '@x', 'n': '-1+2'}})}}}\n"
    there = load(lay_out(tmp_path / "in", {**FILES, "qinghe/hosts.yml": hosts}))

    files = emitters()["csv"].emit(there, there.assets)
    cells = next(csv.reader(io.StringIO(files["hosts.csv"].decode("utf-8-sig").split("\r\n")[1])))
    assert {"'=1+1", "'@x", "'-1+2"} <= set(cells)

    with zipfile.ZipFile(exported("xlsx", there, tmp_path / "out")) as archive:
        pages = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == len(tables())
    assert not any(b"<f>" in page or b't="f"' in page for page in pages)


def test_a_workbook_from_elsewhere_without_our_sheets_is_explained(tree: Path, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "host"
    book.save(tmp_path / "other.xlsx")

    assert problems(tmp_path / "other.xlsx", load(tree)) == ["host: is no kind of entry (did you mean 'hosts'?)"]
