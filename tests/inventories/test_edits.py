# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Editing files: the value is there afterwards, and nothing else has changed, not even a comment."""

import re
import shutil
import stat
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.editing import splice
from inventories.editing.edits import Edit, EditErrors, apply, difference, write
from inventories.editing.splice import Value
from inventories.errors import BadInput, CouldNotFinish
from inventories.findings import Report
from inventories.loader import load
from inventories.model import Contact, Group, Host, Listed, Site
from inventories.reading.source import read_source
from tests.inventories.trees import AUTHORITY, PROVINCE
from tests.inventories.trees import write as lay_out

HOSTS = """\
# SPDX: kept
hosts:   # the fleet
  # the first
  web1:  # main
    address: 10.1.0.1   # v4
    rack: 'R01'
    groups:
    - web   # front
    - db
    ssh:
      port: 2222  # odd
    vars: {zone: a, note: "x: y",   wide: [1,  2]}

  web2: {address: 10.1.0.2, groups: [web], importance: low}  # flow
  web3:
      address: "10.1.0.3"
      # above
      serial: >-
        folded
        text
      groups+: [db]

# the end
"""
CITY = """\
region: {level: city, name: {en: Lushan, zh: 庐山市}}
defaults: {site: hall, owner: city, platform: ubuntu2204}
sites: {hall: {name: {en: Hall, zh: 大厅}, link: lte}}
contacts:
  city: {name: {en: City, zh: 市}}
"""
FILES = {
    "authority.yml": AUTHORITY,
    "qinghe/region.yml": PROVINCE.replace(
        "{site: dc}", "{site: dc, importance: high, vars: {zone: b}, groups: [web]}"
    ).replace("link: fiber", "link: fiber\n    defaults: {room: dc1}"),
    "qinghe/hosts.yml": HOSTS,
    "qinghe/lushan/region.yml": CITY,
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path, FILES)


def edit(entry: str, path: str, value: Value, kind: type[Listed] = Host, region: str = "qinghe") -> Edit:
    return Edit(kind, entry, region, tuple(path.split(".")) if path else (), value)


def edited(tree: Path, *edits: Edit) -> dict[str, str]:
    """Return the texts that change, by file name."""
    return {path.relative_to(tree).as_posix(): text for path, text in apply(tree, edits).items()}


def lines(tree: Path, *edits: Edit) -> list[str]:
    """Return the lines that go and come."""
    shown = difference(tree, apply(tree, edits)).splitlines()
    return [line for line in shown if line[:1] in "+-" and not line.startswith(("+++", "---"))]


@pytest.mark.parametrize(
    ("path", "value", "changed"),
    [
        ("address", "10.1.0.9", ["-    address: 10.1.0.1   # v4", "+    address: 10.1.0.9   # v4"]),
        ("rack", "R02", ["-    rack: 'R01'", "+    rack: 'R02'"]),
        ("rack", None, ["-    rack: 'R01'"]),
        ("groups", ("web", "db"), []),
        ("groups", ["db"], ["-    - web   # front"]),
        ("groups", ("db", "web"), ["-    - db", "+    - db"]),
        ("ssh.port", 22, ["-      port: 2222  # odd", "+      port: 22  # odd"]),
        ("ssh.port", None, ["-    ssh:", "-      port: 2222  # odd"]),
        ("ssh.user", "root", ["+      user: root"]),
        ("hardware.memory_gib", 16.5, ["+    hardware: {memory_gib: 16.5}"]),
        ("hardware.disks_gb", {"sda": 960}, ["+    hardware: {disks_gb: {sda: 960}}"]),
        ("vars.zone", "010", ['-    vars: {zone: a, note: "x: y",   wide: [1,  2]}',
                             '+    vars: {zone: "010", note: "x: y",   wide: [1,  2]}']),
        ("vars.wide", (1, 2, 3), ['-    vars: {zone: a, note: "x: y",   wide: [1,  2]}',
                                  '+    vars: {zone: a, note: "x: y",   wide: [1,  2, 3]}']),
    ],
)  # fmt: skip
def test_only_the_value_changes(tree: Path, path: str, value: Value, changed: list[str]) -> None:
    assert sorted(lines(tree, edit("web1", path, value))) == sorted(changed)


def test_what_would_be_inherited_is_not_written(tree: Path) -> None:
    assert lines(tree, edit("web1", "importance", "high")) == []
    assert lines(tree, edit("web1", "ssh.user", "inspector")) == []
    assert lines(tree, edit("web1", "vars.zone", "b"))[1] == '+    vars: {note: "x: y",   wide: [1,  2]}'
    assert lines(tree, edit("web2", "importance", "high"))[1] == "+  web2: {address: 10.1.0.2, groups: [web]}  # flow"
    assert lines(tree, edit("web2", "groups", ["web"]))[1] == "+  web2: {address: 10.1.0.2, importance: low}  # flow"


def test_a_list_that_adds_goes_on_adding_while_it_can(tree: Path) -> None:
    assert lines(tree, edit("web3", "groups", ["web", "db"])) == []
    assert lines(tree, edit("web3", "groups", ["web"])) == ["-      groups+: [db]"]
    assert lines(tree, edit("web3", "groups", ["db"])) == ["-      groups+: [db]", "+      groups: [db]"]


def test_a_new_entry_is_written_where_its_kind_is_and_as_the_last_one_is(tree: Path) -> None:
    new: Value = {
        "address": "10.1.0.4",
        "importance": "high",
        "ssh": {"user": "inspector", "port": 22},
        "serial": "0012",
    }

    assert lines(tree, edit("web4", "", new)) == [
        "+  web4:", "+    address: 10.1.0.4", '+    serial: "0012"', "+    ssh: {port: 22}",
    ]  # fmt: skip
    contact = edit("desk", "", {"name": {"en": "Desk", "zh": "服务台"}}, Contact, "qinghe/lushan")
    assert lines(tree, contact) == ["+  desk: {name: {en: Desk, zh: 服务台}}"]


def test_the_first_entry_of_a_kind_makes_its_section(tree: Path) -> None:
    new = {"address": "10.1.0.4", "site": "dc"}
    city = edited(tree, edit("web4", "", new, region="qinghe/lushan"))
    assert city == {"qinghe/lushan/region.yml": CITY + "\nhosts:\n  web4:\n    address: 10.1.0.4\n    site: dc\n"}

    group = edit("exam", "", {}, Group)
    assert edited(tree, group) == {"qinghe/groups.yml": "groups:\n  exam: {}\n"}


def test_an_entry_moves_to_another_region_with_its_comments(tree: Path) -> None:
    texts = edited(tree, edit("web1", "region", "qinghe/lushan"), edit("web1", "site", "dc"))

    gone = HOSTS.index("  # the first"), HOSTS.index("\n  web2")
    assert texts["qinghe/hosts.yml"] == HOSTS[: gone[0]] + HOSTS[gone[1] :]
    came = HOSTS[gone[0] : gone[1]].replace("10.1.0.1   # v4", "10.1.0.1   # v4")
    assert texts["qinghe/lushan/region.yml"] == CITY + "\nhosts:\n" + came.replace(
        "[1,  2]}\n", "[1,  2]}\n    site: dc\n"
    )


def test_an_entry_moves_from_and_to_braces(tree: Path) -> None:
    lay_out(tree, {"qinghe/lushan/hosts.yml": "hosts: {c1: {address: 10.1.0.7, site: dc}}  # all\n"})
    moves = [edit("web2", "region", "qinghe/lushan"), edit("web2", "site", "dc"), edit("c1", "region", "qinghe")]

    texts = edited(tree, *moves)

    last = "  web2: {address: 10.1.0.2, groups: [web], importance: low, site: dc}  # flow\n"
    assert texts["qinghe/lushan/hosts.yml"] == "hosts:  # all\n" + last
    assert "      groups+: [db]\n  c1: {address: 10.1.0.7, site: dc}\n" in texts["qinghe/hosts.yml"]


def test_an_entry_goes_with_the_comments_above_it(tree: Path) -> None:
    text = edited(tree, edit("web1", "", None))["qinghe/hosts.yml"]

    assert text == HOSTS[: HOSTS.index("  # the first")] + HOSTS[HOSTS.index("\n  web2") :]
    everything = [edit(f"web{n}", "", None) for n in (1, 2, 3)]
    assert edited(tree, *everything)["qinghe/hosts.yml"] == "# SPDX: kept\nhosts: {}   # the fleet\n\n\n# the end\n"


def test_one_rack_of_a_range_is_refined(tree: Path) -> None:
    changed = lines(tree, edit("dc", "rooms.dc1.racks.R02.kw", 6.5, Site))

    assert changed[1] == "+      dc1: {grade: C, racks: {R01..R03: {}, R02: {kw: 6.5}}, it_kw: 8}"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (edit("web9", "rack", "R01"), "there is no host 'web9'\nhint: did you mean"),
        (edit("web1", "", {"address": "10.1.0.1"}), "host 'web1' is already there"),
        (edit("web1", "rak", "R01"), "no field 'rak' to write\nhint: did you mean 'rack'?"),
        (edit("web1", "link", "lan"), "no field 'link' to write"),
        (edit("web1", "rack.side", "left"), "rack is not a mapping"),
        (edit("web1", "region", "qinghe/lushen"), "there is no region 'qinghe/lushen'\nhint: did you mean"),
        (edit("web4", "", {"address": "10.1.0.4"}, region="../qinghe"), "there is no region"),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(tree: Path, wrong: Edit, said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said).replace(r"did\ you\ mean", ".*")):
        apply(tree, [wrong])


def test_a_result_that_would_not_load_is_refused_and_the_edit_named(tree: Path) -> None:
    wrong = [edit("web1", "u_position", 61), edit("web1", "serial", "x"), edit("web4", "", {"address": "10.1"})]

    with pytest.raises(EditErrors) as told:
        apply(tree, wrong)

    blamed = {told.value.culprits[finding].path for finding in told.value.findings if finding in told.value.culprits}
    assert {("u_position",), ("address",)} <= blamed
    assert {Path(finding.file) for finding in told.value.findings} == {tree / "qinghe/hosts.yml"}
    assert (tree / "qinghe/hosts.yml").read_text(encoding="utf-8") == HOSTS


def test_writing_keeps_mode_line_ends_and_byte_order_mark(tree: Path) -> None:
    file = tree / "qinghe/hosts.yml"
    file.write_bytes(b"\xef\xbb\xbf" + HOSTS.replace("\n", "\r\n").encode())
    file.chmod(0o640)

    write(apply(tree, [edit("web1", "rack", "R02"), edit("web4", "", {"address": "10.1.0.4"})]))

    said = HOSTS.replace("'R01'", "'R02'").replace("[db]\n", "[db]\n  web4:\n    address: 10.1.0.4\n", 1)
    assert file.read_bytes() == b"\xef\xbb\xbf" + said.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(path.name for path in file.parent.iterdir()) == ["hosts.yml", "lushan", "region.yml"]


def test_one_file_that_cannot_be_written_leaves_all_as_they_were(tree: Path) -> None:
    texts = {tree / "qinghe/hosts.yml": "a: 1\n", tree / "gone/hosts.yml": "a: 1\n"}

    with pytest.raises(CouldNotFinish, match="gone"):
        write(texts)

    assert (tree / "qinghe/hosts.yml").read_text(encoding="utf-8") == HOSTS


def test_the_difference_is_what_patch_understands(tree: Path) -> None:
    shown = difference(tree, apply(tree, [edit("exam", "", {}, Group), edit("web1", "rack", "R02")]))

    assert "--- a/qinghe/hosts.yml\n+++ b/qinghe/hosts.yml\n" in shown
    assert "--- /dev/null\n+++ b/qinghe/groups.yml\n" in shown


# Properties, on trees in every way of writing. The plain tree after an edit is worked out here on its own.

names = st.sampled_from(
    ["web", "db", "r-1", "10", "no", "甲🙂", "a b", "x: y", "#", "", " ", "- a", "it's", 'q"', "\u2028"]
)
scalars = names | st.integers(-5, 10**20) | st.booleans() | st.floats(-1e9, 1e9, allow_nan=False)
lists = st.lists(scalars, max_size=4)
values: st.SearchStrategy[Any] = scalars | lists | st.dictionaries(names.filter(bool), scalars | lists, max_size=3)
keys = st.sampled_from(["a", "b", "c", "10"])
paths = st.lists(keys, min_size=1, max_size=2).map(lambda path: ("e", *path))


@st.composite
def written(draw: st.DrawFn) -> str:
    """Draw one entry ``e`` with up to three fields, in flow and block style, with comments."""
    numbers = count()

    def note() -> str:
        return draw(st.sampled_from(["", f"  # note {next(numbers)}"]))

    text = f"e:{note()}\n"
    for key in draw(st.lists(keys, min_size=1, max_size=3, unique=True)):
        name = f'"{key}"'
        text += draw(st.sampled_from(["", f"  # above {next(numbers)}\n", "\n"]))
        value = draw(st.none() | values)
        if isinstance(value, list) and value and draw(st.booleans()):
            text += f"  {name}:{note()}\n" + "".join(f"{'   '}- {splice.flow(item)}{note()}\n" for item in value)
        elif isinstance(value, dict) and value and draw(st.booleans()):
            text += f"  {name}:{note()}\n"
            text += "".join(f"     {splice.flow(k)}: {splice.flow(item)}{note()}\n" for k, item in value.items())
        elif isinstance(value, list) and value and draw(st.booleans()):
            text += f"  {name}: [\n" + "".join(f"      {splice.flow(item)},{note()}\n" for item in value) + "  ]\n"
        else:
            text += f"  {name}: {splice.flow(value)}{note()}\n" if value is not None else f"  {name}:{note()}\n"
    return text + draw(st.sampled_from(["", "# end\n", "\n\n"]))


def meant(text: str, root: Path) -> Any:
    """Return what the loader understands of a text."""
    file = root / "entry.yml"
    file.write_bytes(text.encode())
    node = read_source(file, report := Report())
    assert not [finding for finding in report.findings if finding.rule != "INV-YAML-006"]
    return node.plain() if node is not None else None


def with_value(tree: Any, path: Sequence[str], value: Any) -> Any:
    inner = with_value((tree or {}).get(path[0]), path[1:], value) if len(path) > 1 else value
    return {**(tree or {}), path[0]: inner}


def comments(text: str) -> list[str]:
    return re.findall(r"# (?:note|above) \d+", text)


@settings(max_examples=100, deadline=None)
@given(written(), paths, values)
def test_a_value_put_is_there_and_all_else_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str, path: tuple[str, ...], value: Any
) -> None:
    root = tmp_path_factory.getbasetemp()
    before = meant(text, root)
    above = before["e"].get(path[1])
    if len(path) > 2 and not isinstance(above, dict | None):
        with pytest.raises(splice.CannotSpliceError):
            splice.put(text, path, value)
        return

    after = splice.put(text, path, value)

    assert meant(after, root) == with_value(before, path, value)
    old = above if len(path) == 2 else (above or {}).get(path[2])
    if not isinstance(old, list | dict):
        assert comments(after) == comments(text)
        assert len(after.split("\n")) - len(text.split("\n")) in {0, 1}
    if old is None and path[1] in before["e"]:
        return  # "nothing" can be written in several ways; which it was is not remembered
    undone = splice.drop(after, path) if old is None else splice.put(after, path, old)
    assert meant(undone, root)["e"].get(path[1]) in ([above] if above is not None else [None, {}])
    plain = isinstance(old, str) and isinstance(value, str) and splice.flow(value)[0] != '"' != splice.flow(old)[0]
    if plain or (old is None and len(path) == 2):
        assert undone == text


@settings(max_examples=100, deadline=None)
@given(written(), st.data())
def test_a_value_dropped_is_gone_and_all_else_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    root = tmp_path_factory.getbasetemp()
    before = meant(text, root)
    key = data.draw(st.sampled_from(sorted(before["e"])))

    after = splice.drop(text, ("e", key))

    assert meant(after, root) == {"e": {name: inner for name, inner in before["e"].items() if name != key}}
    assert [line for line in after.split("\n") if "# above" in line] == [
        line for line in text.split("\n") if "# above" in line
    ]


def test_every_asset_of_the_reference_authority_can_be_edited_and_nothing_else_changes(tmp_path: Path) -> None:
    root = shutil.copytree("inventories/reference", tmp_path / "reference")
    assets = load(root).assets
    edits = [Edit(type(asset), asset.name, asset.region, ("serial",), f"SN{n:04}") for n, asset in enumerate(assets)]

    texts = apply(root, edits)

    for file, text in texts.items():
        rest = re.sub(r"(?m)^ +serial: .*\n|,? ?serial: [^,}]+", "", text)
        assert rest == re.sub(r"(?m)^ +serial: .*\n|,? ?serial: [^,}]+", "", file.read_text(encoding="utf-8"))
    write(texts)
    assert [asset.serial for asset in load(root).assets] == [change.value for change in edits]
