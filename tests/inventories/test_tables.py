# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Tables out and in again: what nobody has changed is no edit, what somebody has changed is exactly one."""

import re
import shutil
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import inventories
from inventories.editing.edits import Edit, apply, write
from inventories.editing.splice import Value, flow
from inventories.importer import Proposal
from inventories.loader import load, read
from inventories.model import Device, Host, Inventory, Listed, Site
from inventories.tables.columns import tables
from tests.inventories.filled import FILES, FORMATS, exported, problems, proposal, rewritten, setting
from tests.inventories.trees import write as lay_out


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "inventory", FILES)


@pytest.mark.parametrize("form", FORMATS)
def test_the_reference_authority_comes_back_without_an_edit(form: str, tmp_path: Path) -> None:
    reference = load(Path(inventories.__file__).parent / "reference")

    assert proposal(exported(form, reference, tmp_path), reference) == Proposal((), (), ())


def test_every_column_is_explained_in_both_languages() -> None:
    titles = [column.title for table in tables() for column in (*table.keys, *table.columns)]

    assert all(re.search("[a-z]", title.en) and re.search("[\u4e00-\u9fff]", title.zh) for title in titles)


# Texts that spreadsheets, CSV readers or YAML take for something else.
nasty = st.sampled_from(
    ["=1+1", "+8610", "-5", "@sum", "'quoted", "''", "=cmd|' /C calc'!A0", "0012", "1e5", "true", "null", "~", "[a]",
     '["a"]', '"', '"x"', "a,b", "a，b", "a;b", " lead", "trail ", "\ttab", "line\nbreak", "2026-11-01", "#N/A",
     "#REF!", "_x0041_", "\u3000", "\u2028", "甲🙂", "\ufeff", "5", "5.10", "是", "=", "'=", "[", "{}", "\xa0"]
)  # fmt: skip
texts = nasty | st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12)
scalars = texts | st.integers(-(10**19), 10**19) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
variables = st.dictionaries(
    st.sampled_from(["zone", "size", "note"]), scalars | st.lists(scalars, max_size=3), min_size=1, max_size=3
)


@st.composite
def hosts(draw: st.DrawFn) -> dict[str, Value]:
    entry: dict[str, Value] = {"address": f"10.1.0.{draw(st.integers(1, 250))}", "vars": draw(variables)}
    entry |= {key: draw(texts) for key in draw(st.sets(st.sampled_from(["serial"])))}
    entry["time_sources"] = draw(st.lists(texts, max_size=2))
    entry["power_w"] = draw(st.floats(0.1, 1e5))
    entry["last_verified"] = str(draw(st.dates()))
    entry["hardware"] = {"disks_gb": draw(st.dictionaries(texts, st.floats(0, 1e6), max_size=2))}
    return entry


def nothing_but_what_the_rules_forbid(root: Path) -> Inventory:
    """Return the inventory even where a rule finds fault: a table has to hold what a file can say."""
    book = read(root)
    assert book.authority is not None
    assert book.authority.model is not None
    assert all(record.model is not None for record in book.of(Host))
    return book.inventory(book.authority.model)


@settings(max_examples=40, deadline=None)
@given(st.lists(hosts(), min_size=1, max_size=3))
@pytest.mark.parametrize("form", FORMATS)
def test_whatever_a_file_can_say_comes_back_without_an_edit(
    form: str, tmp_path_factory: pytest.TempPathFactory, drawn: Sequence[dict[str, Value]]
) -> None:
    root = tmp_path_factory.getbasetemp() / f"round-{form}"
    shutil.rmtree(root, ignore_errors=True)
    text = "hosts:\n" + "".join(f"  h{n}: {flow(entry)}\n" for n, entry in enumerate(drawn))
    there = nothing_but_what_the_rules_forbid(lay_out(root / "in", {**FILES, "qinghe/hosts.yml": text}))

    assert proposal(exported(form, there, root / "out"), there) == Proposal((), (), ())


Change = tuple[str, str, str, object, type[Listed], tuple[str, ...], Value]
DAY = datetime.combine(date(2026, 5, 10), time())
CHANGES: list[Change] = [
    ("hosts", "web1", "rack", "R02", Host, ("rack",), "R02"),
    ("hosts", "web1", "rack", None, Host, ("rack",), None),
    ("hosts", "web1", "u_position", "2", Host, ("u_position",), 2),
    ("hosts", "web1", "serial", 12, Host, ("serial",), "12"),
    ("hosts", "web1", "groups", "web，db", Host, ("groups",), ("web", "db")),
    ("hosts", "web1", "groups", None, Host, ("groups",), ()),
    ("hosts", "web1", "last_verified", "2026/11/1", Host, ("last_verified",), "2026-11-01"),
    ("hosts", "web1", "hardware.memory_gib", 128, Host, ("hardware", "memory_gib"), 128),
    ("hosts", "web1", "hardware.disks_gb.sda", 960.5, Host, ("hardware", "disks_gb", "sda"), 960.5),
    ("hosts", "web1", "vars.size", "=1+1", Host, ("vars", "size"), "=1+1"),
    ("hosts", "web1", "vars.zone", '"5"', Host, ("vars", "zone"), "5"),
    ("hosts", "web1", "region", ".", Host, ("region",), "."),
    ("hosts.interfaces", "web1", "mac", "02:00:00:00:00:02", Host, ("interfaces", "eth0", "mac"), "02:00:00:00:00:02"),
    ("sites.rooms", "dc", "it_kw", 9, Site, ("rooms", "dc1", "it_kw"), 9),
    ("sites.rooms.racks", "dc", "kw", 5, Site, ("rooms", "dc1", "racks", "R01", "kw"), 5),
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_cell_is_one_edit(form: str, tree: Path, tmp_path: Path, change: Change) -> None:
    sheet, entry, header, value, kind, path, said = change
    there = load(tree)
    source = exported(form, there, tmp_path / "out")
    guarded = "'" if form == "csv" and value == "=1+1" else ""
    rewritten(source, sheet, setting(entry, header, guarded + value if isinstance(value, str) else value))
    if form == "xlsx" and value == "=1+1":
        return  # openpyxl, which edits here, would make it a formula; the next test has that

    found = proposal(source, there)

    assert [one.edit for one in found.edits] == [Edit(kind, entry, "qinghe", path, said)]
    assert (found.absent, found.problems) == ((), ())
    (place,) = found.edits[0].places.values()
    assert re.fullmatch(rf"{sheet}![A-Z]+2", place)


def test_what_a_spreadsheet_makes_of_cells_is_told_all_at_once(tree: Path, tmp_path: Path) -> None:
    there = load(tree)
    source = exported("xlsx", there, tmp_path / "out")
    for header, value in {
        "rack": "=1+1", "platform": DAY, "serial": 5.1, "last_verified": 46_000, "u_position": True,
        "room": time(8), "groups": "#N/A", "link": "lte",
    }.items():  # fmt: skip
        rewritten(source, "hosts", setting("web1", header, value))

    told = problems(source, there)

    assert [re.sub("^hosts![A-Z]+2: | \\(.*", "", line) for line in told] == [
        "room is 08:00:00, a time without a date", "rack is a formula", "u_position is a truth value",
        "platform is a date", "serial is the number 5.1", "groups is the error #N/A",
        "last_verified is the number 46000", "link follows from the rest",
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_sheets_columns_and_rows_that_make_no_sense_are_told(form: str, tree: Path, tmp_path: Path) -> None:
    there = load(tree)
    source = exported(form, there, tmp_path / "out")
    rewritten(source, "contacts", lambda rows: rows[0].__setitem__(4, "depatment.en"))
    rewritten(source, "groups", lambda rows: [row.pop(0) for row in rows])
    rewritten(source, "hosts", lambda rows: rows.append(["web1"]))
    rewritten(source, "hosts.interfaces", lambda rows: rows.append(["web9", "eth0"]))
    rewritten(source, "sites", lambda rows: rows.append([None, "qinghe"]))
    rewritten(source, "sites.rooms.racks", lambda rows: rows.append(["dc", "dc2", "R01"]))
    rewritten(source, "devices", lambda rows: rows.append(["sw1"]))

    assert problems(source, there) == [
        "hosts!A4: 'web1' is already in row 2 (keep one of the two)",
        "hosts.interfaces!A3: there is no host 'web9' (did you mean 'web2' or 'web1'?)",
        "devices!A2: device 'sw1' is new and has no region (say where it is written)",
        "contacts!E1: unknown column 'depatment.en' (did you mean 'department.en' or 'department.zh'?)",
        "groups!A1: column 'id' is missing (it says which entry a row is about)",
        "sites!A3: id is missing (give it, or empty the row)",
        "sites.rooms.racks!B5: there is no room 'dc2' (did you mean 'dc1'?)",
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_a_new_row_is_a_new_entry_and_its_parts_come_along(form: str, tree: Path, tmp_path: Path) -> None:
    there = load(tree)
    source = exported(form, there, tmp_path / "out")

    def copied(rows: list[list[Any]]) -> None:
        rows.append(["web3", *rows[1][1:]])  # as people do: copy a row, change what differs
        setting("web3", "address", "10.1.0.3")(rows)
        setting("web3", "serial", "0013")(rows)
        setting("web3", "u_position", 3)(rows)

    rewritten(source, "hosts", copied)
    rewritten(source, "hosts.interfaces", lambda rows: rows.append(["web3", "eth0", "02:00:00:00:00:03"]))
    found = proposal(source, there)
    assert [(one.edit.id, one.edit.path) for one in found.edits] == [("web3", ()), ("web3", ("interfaces", "eth0"))]

    write(apply(tree, [one.edit for one in found.edits]))

    web1, web3 = load(tree).host("web1"), load(tree).host("web3")
    same = {"name", "address", "serial", "u_position", "interfaces"}
    assert web3.model_dump(exclude=same) == web1.model_dump(exclude=same)
    assert (web3.serial, web3.interfaces[0].mac) == ("0013", "02:00:00:00:00:03")
    assert "owner: " not in (tree / "qinghe/hosts.yml").read_text(encoding="utf-8").split("web3:")[1]


@pytest.mark.parametrize("form", FORMATS)
def test_a_row_that_is_gone_is_only_absent(form: str, tree: Path, tmp_path: Path) -> None:
    there = load(tree)
    source = exported(form, there, tmp_path / "out")
    rewritten(source, "hosts", lambda rows: rows.pop(1))
    rewritten(source, "hosts.interfaces", lambda rows: rows.pop(1))

    found = proposal(source, there)

    assert (found.edits, found.problems) == ((), ())
    assert found.absent == (Edit(Host, "web1", "qinghe", (), None),)


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_changed_is_what_the_next_export_says(form: str, tree: Path, tmp_path: Path) -> None:
    there = load(tree)
    source = exported(form, there, tmp_path / "out")
    for sheet, entry, header, value, *_ in CHANGES:
        if value not in {"=1+1", "."}:
            rewritten(source, sheet, setting(entry, header, value))

    write(apply(tree, [one.edit for one in proposal(source, there).edits]))

    assert proposal(source, load(tree)) == Proposal((), (), ())


def test_a_device_has_the_columns_of_its_kind(tree: Path, tmp_path: Path) -> None:
    new: dict[str, Value] = {"address": "10.1.0.9", "vendor": "huawei", "platform": "huawei_vrpv8", "role": "core"}
    write(apply(tree, [Edit(Device, "sw1", "qinghe", (), {**new, "management": {"port": 22}})]))
    source = exported("csv", load(tree), tmp_path / "out")

    rewritten(source, "devices", setting("sw1", "management.port", "830"))

    assert [one.edit.path for one in proposal(source, load(tree)).edits] == [("management", "port")]
