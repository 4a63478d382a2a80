# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Quality: what ought to be stated is a table, a default does not count as stated, and never verified is not fresh."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

import inventories
from inventories.loader import load
from inventories.model import KINDS, Entry, Host, Region
from inventories.quality.completeness import Completeness, completeness, share, wanted
from inventories.quality.freshness import State, freshness
from tests.inventories.trees import AUTHORITY, PROVINCE, SOUND, write

REFERENCE = Path(inventories.__file__).parent / "reference"
TODAY = date(2026, 11, 23)


def of(root: Path, entry: str, hosts: str) -> Completeness:
    known = load(write(root, {**SOUND, "qinghe/hosts.yml": hosts}))
    return next(one for one in completeness(known) if one.id == entry)


def test_the_table_names_fields_that_there_are() -> None:
    kinds: dict[str, type[Entry]] = {Region.label: Region, **{kind.label: kind for kind in KINDS}}
    for label, fields in wanted().items():
        for path in (*fields, *(one.unless for one in fields.values() if one.unless)):
            model: type[BaseModel] = kinds[label]
            for key in path.split("."):
                assert key in model.model_fields, f"{label}: {path}"
                annotation = model.model_fields[key].annotation
                parts = [annotation, *getattr(annotation, "__args__", ())]
                model = next((one for one in parts if isinstance(one, type) and issubclass(one, BaseModel)), model)


def test_a_full_entry_is_complete(tmp_path: Path) -> None:
    full = of(tmp_path, "web1", """\
rotas: {day: {name: {en: Day, zh: 白天}, shifts: {all: {contacts: [ops]}}}}
hosts:
  web1:
    address: 10.1.0.1
    groups: [web]
    rota: day
    importance: normal
    time_sources: [ntp.edu.example]
    room: dc1
    rack: R01
    u_position: 1
    power_w: 400
    serial: DEMO-1
    hardware: {cpus: 8, memory_gib: 16, disks_gb: {sda: 960}}
    interfaces: {eth0: {}}
""")  # fmt: skip
    assert (full.share, full.missing) == (1.0, ())


def test_a_default_of_the_model_is_not_stated_and_an_inherited_value_is(tmp_path: Path) -> None:
    bare = of(tmp_path, "web1", "hosts: {web1: {address: 10.1.0.1, serial: ''}}")

    assert "importance" in bare.missing
    assert "serial" in bare.missing
    assert "owner" not in bare.missing, "the authority's defaults say it"
    assert bare.missing[:2] == ("rota", "importance"), "the weightiest first"
    assert 0 < bare.share < 0.5


def test_a_virtual_machine_stands_in_no_rack(tmp_path: Path) -> None:
    virtual = of(tmp_path, "vm1", "hosts: {web1: {address: 10.1.0.1}, vm1: {address: 10.1.0.2, virtual_on: web1}}")
    physical = of(tmp_path, "web1", "hosts: {web1: {address: 10.1.0.1}}")

    assert set(physical.missing) - set(virtual.missing) == {"room", "rack", "u_position", "power_w", "serial"}


def test_shares_add_up_by_weight() -> None:
    one, other = Completeness("host", "a", ".", 9, 10, ("x",)), Completeness("host", "b", ".", 0, 2, ("x",))
    assert share([one, other]) == 0.75
    assert share([]) is None


def test_every_kind_that_is_spoken_of_is_measured() -> None:
    measured = {one.kind for one in completeness(load(REFERENCE))}
    assert measured == wanted().keys()


@pytest.mark.parametrize(
    ("last", "days", "state"),
    [
        (None, None, "never"),
        ("2026-11-23", 0, "fresh"),
        ("2025-11-23", 365, "fresh"),
        ("2025-11-22", 366, "stale"),
        ("2026-11-24", -1, "future"),
    ],
)
def test_freshness_counts_from_the_day_of_asking(last: str | None, days: int | None, state: State) -> None:
    entry = {"name": "a", "address": "10.1.0.1", "region": ".", "site": "dc", "link": "lan", "platform": "debian12"}
    known = freshness(Host.model_validate({**entry, "last_verified": last}), TODAY)
    assert (known.days, known.state) == (days, state)


def test_the_threshold_can_be_moved() -> None:
    entry = {"name": "a", "address": "10.1.0.1", "region": ".", "site": "dc", "link": "lan", "platform": "debian12"}
    asset = Host.model_validate({**entry, "last_verified": "2026-10-01"})
    assert [freshness(asset, TODAY, days).state for days in (30, 90)] == ["stale", "fresh"]


def test_the_small_trees_of_these_tests_lack_an_uplink(tmp_path: Path) -> None:
    known = load(write(tmp_path, {"authority.yml": AUTHORITY, "qinghe/region.yml": PROVINCE}))
    (site,) = (one for one in completeness(known) if one.kind == "site")
    assert site.missing == ("uplinks", "vlans")
