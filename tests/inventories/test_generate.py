# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A made-up province: of the size asked for, without a finding, the same again from the same seed."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from console.cli.inventory import app
from inventories.errors import BadInput
from inventories.generate.files import files
from inventories.generate.names import stems
from inventories.generate.plan import FEWEST_HOSTS, FEWEST_SITES, Size, plan
from inventories.loader import load
from tests.inventories.trees import found, write


def province(root: Path, size: Size, seed: int = 1) -> Path:
    return write(root, dict(files(size, seed)))


sizes = st.builds(
    Size, sites=st.integers(FEWEST_SITES, 60), hosts=st.integers(FEWEST_HOSTS, 120), devices=st.integers(0, 300)
)


@settings(max_examples=20, deadline=None)
@given(sizes, st.integers(0, 1000))
def test_a_province_of_any_size_has_that_size_and_no_finding(
    tmp_path_factory: pytest.TempPathFactory, size: Size, seed: int
) -> None:
    root = province(tmp_path_factory.mktemp("province"), size, seed)

    assert found(root) == []
    loaded = load(root)
    assert (len(loaded.sites), len(loaded.hosts), len(loaded.devices)) == (size.sites, size.hosts, size.devices)


def test_a_larger_province_has_every_level_and_kind_of_line(tmp_path: Path) -> None:
    root = province(tmp_path, Size(sites=600, hosts=800, devices=4000))

    assert found(root) == []
    loaded = load(root)
    levels = Counter(region.level for region in loaded.regions)
    assert levels.keys() == {"province", "city", "county", "school"}
    assert levels["school"] > 500
    assert {site.link for site in loaded.sites} == {"fiber", "leased", "lte", "satellite"}
    assert {service.mlps_level for service in loaded.services} == {2, 3}
    assert {device.platform for device in loaded.devices} >= {"huawei", "hp_comware", "ruijie_os", "hillstone_stoneos"}
    assert any(host.virtual_on for host in loaded.hosts)
    assert loaded.rotas
    assert loaded.calendars
    assert loaded.certificates
    assert loaded.backups


def test_the_same_seed_gives_the_same_files_and_another_one_others() -> None:
    size = Size(sites=20, hosts=30, devices=100)

    assert list(files(size, 7)) == list(files(size, 7))
    assert list(files(size, 7)) != list(files(size, 8))


def test_files_are_small_and_lie_in_the_directory_of_their_region() -> None:
    made = dict(files(Size.of(300, None, None), 1))

    assert sorted(len(text) for text in made.values())[len(made) // 2] < 2500
    assert all(path.count("/") <= 4 for path in made)
    assert len(made) > 2 * 290


def test_the_size_that_is_not_stated_is_as_usual() -> None:
    assert Size.of(7200, None, None) == Size(sites=7200, hosts=10_000, devices=50_000)
    assert Size.of(3, 5, 0) == Size(sites=3, hosts=5, devices=0)


@settings(max_examples=20, deadline=None)
@given(st.integers(FEWEST_SITES, 20_000), st.integers(0, 1000))
def test_places_are_distinct(sites: int, seed: int) -> None:
    places = [place for place, _ in plan(Size.of(sites, None, None), Random(seed))]  # noqa: S311 - for variety

    assert len(places) == sites - 1  # the neighbour's stands beside them
    assert len({place.id for place in places}) == len({place.path for place in places}) == len(places)
    assert len({place.block for place in places}) == len(places)


def test_names_of_places_are_distinct_in_both_languages() -> None:
    names = list(stems(Random(1)))  # noqa: S311 - for variety
    assert len({name.en for name in names}) == len({name.zh for name in names}) == len(names)


@pytest.mark.parametrize(
    ("size", "hint"),
    [
        (Size(sites=2, hosts=4, devices=0), "--sites 3"),
        (Size(sites=3, hosts=3, devices=0), "--hosts 4"),
        (Size(sites=3, hosts=5, devices=-1), "--devices 0"),
        (Size(sites=3, hosts=5, devices=90_000), "more sites"),
        (Size(sites=90_000, hosts=5, devices=0), "20,000"),
    ],
)
def test_what_is_no_province_is_refused_at_once(size: Size, hint: str) -> None:
    with pytest.raises(BadInput) as caught:
        files(size, 1)

    assert hint in str(caught.value)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["generate", *arguments])


def test_the_command_writes_a_province_and_says_so(tmp_path: Path) -> None:
    result = run(str(tmp_path / "new"), "--sites", "3", "--hosts", "5", "--devices", "10")

    assert result.exit_code == 0
    assert "3 sites, 5 hosts, 10 devices in" in result.stdout.replace("\n", " ")
    assert found(tmp_path / "new") == []


def test_the_command_as_json(tmp_path: Path) -> None:
    result = run(str(tmp_path), "--sites", "3", "--hosts", "5", "--json")

    assert json.loads(result.stdout) == {"directory": str(tmp_path), "files": len(list(tmp_path.rglob("*.yml")))}


def test_the_command_leaves_alone_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("")

    assert isinstance(run(str(tmp_path), "--sites", "3").exception, BadInput)
    assert isinstance(run(str(tmp_path / "file"), "--sites", "3").exception, BadInput)
    assert isinstance(run(str(tmp_path / "new"), "--sites", "1").exception, BadInput)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "mine.txt"]
