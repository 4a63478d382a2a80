# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``inventory diff``: changes by what they mean, with a risk; directories and git revisions."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import inventories
from console.cli.inventory import app
from inventories.diff.changes import Change, Comparison, risks
from inventories.diff.compare import compare
from inventories.errors import BadInput
from inventories.loader import load
from inventories.model import KINDS, Authority, Entry, Region
from tests.inventories.trees import AUTHORITY, HOSTS, PROVINCE, SOUND, write

REFERENCE = Path(inventories.__file__).parent / "reference"
SERVICE = "services: {portal: {name: {en: Portal, zh: 门户}, mlps_level: 2, hosts: [web1]}}\n"
BEFORE = {**SOUND, "qinghe/services.yml": SERVICE}


def changes(tmp_path: Path, files: dict[str, str]) -> Comparison:
    old, new = write(tmp_path / "old", BEFORE), write(tmp_path / "new", {**BEFORE, **files})
    return compare(load(old), load(new), (old, new))


def told(found: Comparison) -> list[tuple[str, str, str, str]]:
    return [(change.meaning, change.kind, change.id, change.path) for change in found.changes]


def test_the_same_in_two_places_has_not_changed(tmp_path: Path) -> None:
    found = changes(tmp_path, {})

    assert (found.changes, found.score, found.band) == ((), 0, "none")


def test_how_it_is_written_does_not_matter(tmp_path: Path) -> None:
    moved = {"qinghe/hosts.yml": "# nothing here any more\n", "qinghe/renamed.yml": "# moved\n" + HOSTS}

    assert changes(tmp_path, moved).changes == ()


@pytest.mark.parametrize(
    ("file", "before", "after", "meant"),
    [
        ("qinghe/hosts.yml", "10.1.0.1,", "10.1.0.9,", ("re-addressed", "host", "web1", "address")),
        ("qinghe/hosts.yml", "[web]}\n", "[web], rack: R01}\n", ("moved", "host", "web1", "rack")),
        ("qinghe/hosts.yml", "[web]}\n", "[web], importance: high}\n", ("raised", "host", "web1", "importance")),
        ("qinghe/hosts.yml", "[web]}\n", "[web], vars: {a: 1}}\n", ("added", "host", "web1", "vars.a")),
        ("qinghe/hosts.yml", "[web]}\n", "[web], ssh: {port: 22}}\n", ("added", "host", "web1", "ssh.port")),
        ("qinghe/hosts.yml", "[web]}\n", "[db]}\n", ("changed", "host", "web1", "groups")),
        ("qinghe/services.yml", "level: 2", "level: 3", ("raised", "service", "portal", "mlps_level")),
        ("qinghe/services.yml", "level: 2", "level: 1", ("lowered", "service", "portal", "mlps_level")),
        ("qinghe/region.yml", "it_kw: 8", "it_kw: 9", ("changed", "site", "dc", "rooms.dc1.it_kw")),
        ("qinghe/region.yml", "R01..R03", "R01..R04", ("added", "site", "dc", "rooms.dc1.racks.R04")),
        ("qinghe/region.yml", "10.1.0.0/16", "10.1.0.0/17", ("re-addressed", "site", "dc", "prefixes")),
        ("authority.yml", "Test authority", "Other", ("changed", "authority", "authority", "name")),
    ],
)
def test_one_change_is_told_once_by_what_it_means(
    tmp_path: Path, file: str, before: str, after: str, meant: tuple[str, str, str, str]
) -> None:
    assert before in BEFORE[file]
    found = changes(tmp_path, {file: BEFORE[file].replace(before, after, 1)})

    assert told(found) == [meant]


def test_a_default_that_changes_is_told_of_everything_that_inherits_it(tmp_path: Path) -> None:
    files = {"authority.yml": AUTHORITY.replace("platform: debian12", "platform: debian13")}

    assert told(changes(tmp_path, files)) == [
        ("changed", "host", "web1", "platform"),
        ("changed", "host", "web2", "platform"),
    ]


def test_a_renamed_entry_is_the_same_entry_and_who_names_it_did_not_change(tmp_path: Path) -> None:
    files = {
        "qinghe/hosts.yml": HOSTS.replace("web1", "front1"),
        "qinghe/services.yml": SERVICE.replace("web1", "front1"),
        "qinghe/region.yml": PROVINCE.replace("dc:", "centre:").replace("site: dc", "site: centre"),
    }
    found = changes(tmp_path, files)

    assert told(found) == [("renamed", "host", "front1", ""), ("renamed", "site", "centre", "")]
    assert "web1" in found.changes[0].say().en


def test_new_and_gone_entries_are_told_once(tmp_path: Path) -> None:
    found = changes(
        tmp_path,
        {
            "qinghe/hosts.yml": HOSTS.replace(
                "  web2: {address: 10.1.0.2, groups: [web]}\n", "  new: {address: 10.1.0.7}\n"
            )
        },
    )

    assert told(found) == [("removed", "host", "web2", ""), ("added", "host", "new", "")]
    assert found.changes[0].risk > found.changes[1].risk


def test_two_that_look_alike_are_not_guessed_to_be_renamed() -> None:
    base = load(REFERENCE)
    twins = [base.hosts[0].model_copy(update={"name": name}) for name in ("a", "b", "c")]
    before, after = (base.model_copy(update={"hosts": hosts}) for hosts in (tuple(twins[:2]), (twins[2],)))

    found = compare(before, after, (REFERENCE, REFERENCE)).changes
    assert sorted((change.meaning, change.id) for change in found) == [
        ("added", "c"),
        ("removed", "a"),
        ("removed", "b"),
    ]


def test_importance_multiplies_the_risk(tmp_path: Path) -> None:
    critical = {"qinghe/hosts.yml": HOSTS.replace("groups: [web]", "groups: [web], importance: critical")}
    old = write(tmp_path / "a", {**BEFORE, **critical})
    new = write(tmp_path / "b", {**BEFORE, "qinghe/hosts.yml": critical["qinghe/hosts.yml"].replace("0.1,", "0.9,")})
    plain = changes(tmp_path, {"qinghe/hosts.yml": HOSTS.replace("0.1,", "0.9,")})

    assert compare(load(old), load(new), (old, new)).score == 2 * plain.score


def test_every_weight_is_of_a_field_that_exists() -> None:
    every: tuple[type[Entry], ...] = (Authority, Region, *KINDS)
    kinds = {kind.label: kind for kind in every}
    for label, fields in risks().fields.items():
        assert set(fields) <= set(kinds[label].model_fields), label


def test_the_reference_authority_against_itself_has_not_changed() -> None:
    loaded = load(REFERENCE)

    assert compare(loaded, loaded, (REFERENCE, REFERENCE)).changes == ()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(range(100)), unique=True, max_size=12),
    st.lists(st.sampled_from(range(100)), unique=True, max_size=12),
)
def test_added_and_removed_balance(old: list[int], new: list[int]) -> None:
    base = load(REFERENCE)
    hosts = base.hosts[:1] * 100
    named = [
        host.model_copy(update={"name": f"h{n}", "serial": f"s{n}", "interfaces": ()}) for n, host in enumerate(hosts)
    ]
    before, after = (base.model_copy(update={"hosts": tuple(named[n] for n in numbers)}) for numbers in (old, new))
    found = compare(before, after, (REFERENCE, REFERENCE)).changes

    assert {change.id for change in found if change.meaning == "added"} == {f"h{n}" for n in {*new} - {*old}}
    assert {change.id for change in found if change.meaning == "removed"} == {f"h{n}" for n in {*old} - {*new}}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with an inventory, committed once and then changed."""
    inventory = write(tmp_path / "repo" / "inventory", BEFORE)
    monkeypatch.chdir(inventory.parent)
    who = ["-c", "user.name=Test", "-c", "user.email=test@edu.example"]
    for arguments in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "first"], ["tag", "spring"]):
        subprocess.run(["git", *arguments], check=True, capture_output=True)
    write(inventory, {"qinghe/hosts.yml": HOSTS.replace("10.1.0.1,", "10.1.0.9,")})
    return inventory


@pytest.mark.parametrize("revision", ["HEAD", "spring"])
def test_a_git_revision_is_compared_with_the_working_tree(repository: Path, revision: str) -> None:
    result = CliRunner().invoke(app, ["diff", revision, "-i", str(repository), "--lang", "en"])

    assert result.exit_code == 1
    assert "host web1 is re-addressed: address 10.1.0.1 -> 10.1.0.9" in " ".join(result.stdout.split())
    assert "1 change, risk 4: low" in result.stdout


def test_two_revisions_and_json(repository: Path) -> None:
    same = CliRunner().invoke(app, ["diff", "HEAD", "spring", "-i", str(repository), "--json"])
    now = CliRunner().invoke(app, ["diff", "HEAD", "--json", "--inventory", str(repository)])

    assert (same.exit_code, json.loads(same.stdout)["changes"]) == (0, [])
    assert Change.model_validate(json.loads(now.stdout)["changes"][0]).meaning == "re-addressed"


@pytest.mark.parametrize("wrong", ["no-such-revision", "--upload-pack=x", ""])
def test_what_is_neither_directory_nor_revision_is_bad_input(repository: Path, wrong: str) -> None:
    problem = CliRunner().invoke(app, ["diff", "-i", str(repository), "--", wrong]).exception

    assert isinstance(problem, BadInput)
