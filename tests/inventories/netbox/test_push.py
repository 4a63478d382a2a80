# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a NetBox has after a push, a second one, one of a changed inventory, and one that prunes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventories.errors import BadInput, CouldNotFinish
from inventories.model import Inventory
from inventories.netbox.client import NetBox
from inventories.netbox.items import items
from inventories.netbox.objects import KINDS, TAG, Item, Ref
from inventories.netbox.plan import Operation, Plan, plan, plan_with_pruning
from inventories.netbox.push import push, snapshot
from inventories.netbox.snapshot import Snapshot
from tests.inventories.netbox.sample import sample, wanted
from tests.inventories.netbox.server import TOKEN, Server

SERVER_1U = Ref("dcim.devicetype", (("unspecified",), "unspecified-1u"))


def there(netbox: NetBox) -> Snapshot:
    return snapshot(netbox, lambda _: None)


def pushed(netbox: NetBox, items: Sequence[Item], *, prune: bool = False) -> Plan:
    """Push and return what was done."""
    present = there(netbox)
    todo = plan_with_pruning(items, present) if prune else plan(items, present)
    push(netbox, todo, present, lambda _: None)
    return todo


def number(netbox: NetBox, kind: str, *key: object) -> int:
    found = there(netbox).find(Ref(kind, key))
    assert found is not None
    return found.id


def made(netbox: NetBox, kind: str, **body: Any) -> int:
    """Make an object as somebody else would."""
    return netbox.create(KINDS[kind], [body])[0]


def changes(todo: Plan) -> Mapping[str, Mapping[str, tuple[object, object]]]:
    """Return what is updated, by object and field."""
    assert all(operation.action == "update" for operation in todo.operations)
    return {
        operation.ref.label: {change.field: (change.before, change.after) for change in operation.changes}
        for operation in todo.operations
    }


def test_a_second_push_has_nothing_to_do(netbox: NetBox, tmp_path: Path) -> None:
    objects = wanted(sample(tmp_path))

    first = pushed(netbox, objects)
    second = pushed(netbox, objects)

    assert {operation.ref for operation in first.operations} == {item.ref for item in objects}
    assert second.operations == ()


def test_everything_that_is_made_bears_the_tag(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path)))

    assert {one.kind.id for one in there(netbox).all() if not one.ours} == {"extras.tag", "extras.customfield"}
    assert {one.tags for one in there(netbox).all() if one.ours} == {(TAG,)}


def test_what_changed_is_updated_and_nothing_else(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path / "old")))
    new = sample(tmp_path / "new", ("rack: R01, u_position: 3, u_height: 2, serial: S-2", "rack: R02, importance: low"))

    todo = pushed(netbox, wanted(new))

    assert changes(todo) == {
        "dcim.device web2": {
            "device_type": (Ref("dcim.devicetype", (("unspecified",), "unspecified-2u")), SERVER_1U),
            "serial": ("S-2", ""),
            "rack": (
                Ref("dcim.rack", (("dc",), (("dc",), "dc1"), "R01")),
                Ref("dcim.rack", (("dc",), (("dc",), "dc1"), "R02")),
            ),
            "position": (3.0, None),
            "custom_fields.edufleet_importance": ("normal", "low"),
        }
    }
    assert plan(wanted(new), there(netbox)).operations == ()


def test_a_variable_that_is_no_longer_stated_is_emptied(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path / "old")))
    new = sample(tmp_path / "new", (", memory_gib: 8", ""))

    todo = pushed(netbox, wanted(new))

    assert changes(todo) == {"virtualization.virtualmachine vm1": {"custom_fields.edufleet_memory_gib": (8.0, None)}}


def test_two_hosts_may_swap_their_addresses(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path / "old")))
    swap = (("10.1.10.11", "THE-OTHER"), ("10.1.10.12", "10.1.10.11"), ("THE-OTHER", "10.1.10.12"))
    new = sample(tmp_path / "new", *swap)

    pushed(netbox, wanted(new))

    assert plan(wanted(new), there(netbox)).operations == ()


def test_a_renamed_host_takes_its_address_along(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path / "old")))
    new = sample(
        tmp_path / "new",
        (
            "web2: {address: 10.1.10.12, groups: [web], rack: R01, u_position: 3",
            "web3: {address: 10.1.10.12, groups: [web], rack: R01, u_position: 7",
        ),
    )

    todo = pushed(netbox, wanted(new))

    assert Counter(operation.action for operation in todo.operations)["delete"] == 0
    assert plan(wanted(new), there(netbox)).operations == ()


def test_pruning_deletes_what_the_inventory_no_longer_has(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path / "old")))
    new = sample(tmp_path / "new", ('cables:\n  C-001: {ends: ["core1:exam0", "access1:ge0"], kind: fiber}\n', ""))

    kept = pushed(netbox, wanted(new))
    todo = pushed(netbox, wanted(new), prune=True)

    assert kept.operations == ()
    assert [(operation.action, operation.ref.label) for operation in todo.operations] == [
        ("delete", "dcim.cable C-001")
    ]


def test_pruning_down_to_nothing_leaves_what_others_made(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path)))
    made(netbox, "dcim.region", name="Theirs", slug="theirs")

    todo = pushed(netbox, (), prune=True)

    assert todo.kept == ()
    assert {one.ref.label for one in there(netbox).all() if one.kind.marked} == {"dcim.region theirs"}


def test_a_device_with_an_interface_of_somebody_else_is_kept(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path)))
    made(netbox, "dcim.interface", device=number(netbox, "dcim.device", "web2"), name="theirs", type="other")

    todo = pushed(netbox, (), prune=True)

    assert Ref("dcim.device", ("web2",)) in todo.kept
    assert {one.ref.label for one in there(netbox).of("dcim.device")} == {"dcim.device web2"}
    assert plan_with_pruning((), there(netbox)).operations == ()


def test_so_is_one_with_a_cable_of_somebody_else(netbox: NetBox, tmp_path: Path) -> None:
    pushed(netbox, wanted(sample(tmp_path)))
    site, role = number(netbox, "dcim.site", "dc"), number(netbox, "dcim.devicerole", "server")
    type_ = number(netbox, SERVER_1U.kind, *SERVER_1U.key)
    theirs = made(netbox, "dcim.device", name="theirs", site=site, role=role, device_type=type_)
    port = made(netbox, "dcim.interface", device=theirs, name="eth0", type="other")
    ours = number(netbox, "dcim.interface", ("web2",), "mgmt")
    ends = [[{"object_type": "dcim.interface", "object_id": end}] for end in (ours, port)]
    cable = made(netbox, "dcim.cable", label="theirs", a_terminations=ends[0], b_terminations=ends[1])

    todo = pushed(netbox, (), prune=True)

    assert {Ref("dcim.device", ("web2",)), Ref("dcim.interface", (("web2",), "mgmt"))} <= set(todo.kept)
    assert [one.id for one in there(netbox).of("dcim.cable")] == [cable]


def test_what_somebody_else_made_is_taken_over_by_name_but_never_pruned(netbox: NetBox, tmp_path: Path) -> None:
    theirs = made(netbox, "dcim.manufacturer", name="HUAWEI", slug="huawei", description="by hand")

    pushed(netbox, wanted(sample(tmp_path)))
    there_now = there(netbox).find(Ref("dcim.manufacturer", ("huawei",)))
    pushed(netbox, (), prune=True)

    assert there_now is not None
    assert (there_now.id, there_now.record["name"], there_now.record["description"]) == (theirs, "huawei", "by hand")
    assert [one.id for one in there(netbox).of("dcim.manufacturer")] == [theirs]


def test_fields_and_tags_that_are_not_ours_stay(netbox: NetBox, tmp_path: Path) -> None:
    objects = wanted(sample(tmp_path))
    pushed(netbox, objects)
    made(netbox, "extras.tag", name="theirs", slug="theirs")
    device = number(netbox, "dcim.device", "web1")
    theirs = {"comments": "by hand", "asset_tag": "A-7", "tags": [{"slug": TAG}, {"slug": "theirs"}]}
    netbox.update(KINDS["dcim.device"], [{"id": device, "serial": "wrong", **theirs}])

    todo = pushed(netbox, objects)

    after = there(netbox).find(Ref("dcim.device", ("web1",)))
    assert changes(todo) == {"dcim.device web1": {"serial": ("wrong", "S-1")}}
    assert after is not None
    assert (after.record["comments"], after.record["asset_tag"], after.tags) == ("by hand", "A-7", (TAG, "theirs"))


def test_what_the_inventory_does_not_know_may_be_said_in_netbox(netbox: NetBox, tmp_path: Path) -> None:
    objects = wanted(sample(tmp_path))
    pushed(netbox, objects)
    said = {"dcim.device": {"status": "planned", "face": "rear"}, "dcim.interface": {"type": "10gbase-x-sfpp"}}
    netbox.update(KINDS["dcim.device"], [{"id": number(netbox, "dcim.device", "web1"), **said["dcim.device"]}])
    port = number(netbox, "dcim.interface", ("core1",), "exam0")
    netbox.update(KINDS["dcim.interface"], [{"id": port, **said["dcim.interface"]}])

    assert plan(objects, there(netbox)).operations == ()


def test_what_netbox_refuses_is_named_and_the_next_push_goes_on(netbox: NetBox, tmp_path: Path) -> None:
    objects = wanted(sample(tmp_path))
    in_the_way = made(netbox, "dcim.platform", name="Debian 12", slug="somebody-elses")

    with pytest.raises(
        CouldNotFinish, match=r"does not let edufleet create dcim\.platform debian12: .*(already exists|must be unique)"
    ) as stopped:
        pushed(netbox, objects)
    netbox.delete(KINDS["dcim.platform"], [in_the_way])
    pushed(netbox, objects)

    assert "operations are done; correct it and push again" in str(stopped.value)
    assert plan(objects, there(netbox)).operations == ()


def test_two_entries_that_would_be_one_object_are_refused(tmp_path: Path) -> None:
    inventory = sample(tmp_path, ("vendor: h3c", "vendor: Huawei"))

    with pytest.raises(BadInput, match=r"the same NetBox object: dcim\.manufacturer huawei"):
        wanted(inventory)


def test_a_model_of_two_heights_is_two_types(tmp_path: Path) -> None:
    inventory = sample(tmp_path, ("vendor: h3c", "vendor: huawei\n    model: S12700E-8"))

    types = [
        item.values for item in wanted(inventory) if item.kind.id == "dcim.devicetype" and item.values["part_number"]
    ]

    assert [(one["model"], one["u_height"]) for one in types] == [("S12700E-8", 14), ("S12700E-8 1U", 1)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    return sample(tmp_path_factory.mktemp("whole"))


_SOME = st.sets(st.sampled_from(["web1", "web2", "core1", "access1"]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_SOME, after=_SOME)
def test_from_any_state_one_push_reaches_any_other(
    before: set[str], after: set[str], whole: Inventory, server: Server
) -> None:
    netbox = NetBox(server.url, TOKEN)
    for names in (before, after):
        objects = items(whole, [asset for asset in whole.assets if asset.name in names])
        pushed(netbox, objects, prune=True)
        operations: tuple[Operation, ...] = plan_with_pruning(objects, there(netbox)).operations
        assert operations == ()
        assert {one.key[0] for one in there(netbox).of("dcim.device")} == names
