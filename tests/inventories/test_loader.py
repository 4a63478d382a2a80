# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Loading a directory: the resolved model, inheritance, and all errors at once at their places."""

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.errors import BadInput
from inventories.findings import Finding, InventoryErrors
from inventories.loader import load
from inventories.model import KINDS, Authority, Entry, Host, Region, RegionDefaults
from inventories.reading.files import find_inventory
from inventories.reading.inherit import overlay
from inventories.reading.source import Node
from tests.inventories.trees import AUTHORITY, HOSTS, PROVINCE, SOUND, found, write


def host(root: Path, name: str = "web1") -> Host:
    return load(root).host(name)


def test_a_host_comes_resolved(tmp_path: Path) -> None:
    services = "services: {portal: {name: {en: Portal, zh: 门户}, mlps_level: 2, hosts: [web1]}}\n"
    root = write(tmp_path, {**SOUND, "qinghe/services.yml": services})

    web1 = host(root)

    assert (str(web1.address), web1.region, web1.site, web1.link) == ("10.1.0.1", "qinghe", "dc", "fiber")
    assert (web1.platform, web1.owner, web1.groups, web1.services) == ("debian12", "ops", ("web",), ("portal",))
    assert web1.ssh.user == "inspector"


def test_regions_form_a_tree_in_the_order_of_their_paths(tmp_path: Path) -> None:
    city = "region: {level: city, name: {en: C, zh: 市}}\n"
    other = PROVINCE.replace("dc:", "yl:").replace("dc}", "yl}").replace("10.1.", "10.2.").replace("db8:1:", "db8:2:")
    files = {**SOUND, "qinghe/lushan/r.yml": city, "qinghe/baitai/r.yml": city, "alpha/r.yml": other}
    loaded = load(write(tmp_path, files))

    assert [region.path for region in loaded.regions] == ["alpha", "qinghe", "qinghe/baitai", "qinghe/lushan"]
    assert [region.path for region in loaded.children("qinghe")] == ["qinghe/baitai", "qinghe/lushan"]
    assert [region.path for region in loaded.children(None)] == ["alpha", "qinghe"]
    assert [region.path for region in loaded.ancestors("qinghe/lushan")] == ["qinghe"]
    assert [one.name for one in loaded.hosts_in("qinghe")] == ["web1", "web2"]
    assert loaded.hosts_in("qinghe/lushan") == ()


def test_the_root_may_be_a_region_of_its_own(tmp_path: Path) -> None:
    school = "region: {level: school, name: {en: S, zh: 校}}\n"
    flat = PROVINCE.replace("defaults: {site: dc}\n", "") + HOSTS.replace("groups", "site: dc, groups")
    loaded = load(write(tmp_path, {"a.yml": AUTHORITY, "all.yml": flat, "school/r.yml": school}))

    assert [(region.path, region.parent) for region in loaded.regions] == [(".", None), ("school", ".")]
    assert [one.region for one in loaded.hosts_in(".")] == [".", "."]


def test_ssh_paths_count_from_the_root_and_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    asked = "hosts: {web3: {address: 10.1.0.3, ssh: {identity_file: ~/.ssh/id, known_hosts: /etc/known}}}\n"
    access = host(write(tmp_path, {**SOUND, "qinghe/more.yml": asked}), "web3").ssh

    assert access.config == tmp_path / "ssh/config"
    assert access.identity_file == Path("/home/somebody/.ssh/id")
    assert access.known_hosts == Path("/etc/known")


def test_the_nearest_of_authority_region_site_and_host_decides(tmp_path: Path) -> None:
    levels = {
        "authority": ("authority.yml", "owner: ops", "owner: ops\n  importance: low"),
        "region": ("qinghe/region.yml", "defaults: {site: dc}", "defaults: {site: dc, importance: normal}"),
        "site": ("qinghe/region.yml", "    link: fiber", "    link: fiber\n    defaults: {importance: high}"),
        "host": ("qinghe/hosts.yml", "groups: [web]}\n  web2", "importance: critical}\n  web2"),
    }
    files = dict(SOUND)
    decided = []
    for file, before, after in levels.values():
        files[file] = files[file].replace(before, after)
        decided.append(host(write(tmp_path, files)).importance)

    assert decided == ["low", "normal", "high", "critical"]


def test_ssh_and_vars_merge_key_by_key_and_null_takes_away(tmp_path: Path) -> None:
    files = dict(SOUND)
    files["authority.yml"] = AUTHORITY.replace("ssh: {", "vars: {zone: a, tier: 1}\n  ssh: {proxy_jump: jump, ")
    files["qinghe/more.yml"] = (
        "hosts: {web3: {address: 10.1.0.3, vars: {tier: 2}, ssh: {port: 2222, proxy_jump: null}}}\n"
    )
    web3 = host(write(tmp_path, files), "web3")

    assert web3.vars == {"zone": "a", "tier": 2}
    assert (web3.ssh.user, web3.ssh.port, web3.ssh.proxy_jump) == ("inspector", 2222, None)


def test_group_defaults_stand_between_site_and_host(tmp_path: Path) -> None:
    files = dict(SOUND)
    files["authority.yml"] = AUTHORITY.replace(
        "groups: {web: {}, db: {}}",
        "groups:\n  web: {defaults: {importance: high, vars: {tier: 1}}}\n  db: {defaults: {importance: critical}}",
    )
    files["qinghe/region.yml"] = PROVINCE.replace("    link: fiber", "    link: fiber\n    defaults: {importance: low}")
    files["qinghe/more.yml"] = """\
groups: {web: {defaults: {vars: {zone: qinghe}}}}
hosts:
  plain: {address: 10.1.0.3}
  both: {address: 10.1.0.4, groups: [web, db], vars: {tier: 2}}
  own: {address: 10.1.0.5, groups: [db], importance: normal}
"""
    loaded = load(write(tmp_path, files))

    importance = {host.name: host.importance for host in loaded.hosts}
    assert importance == {"web1": "high", "web2": "high", "plain": "low", "both": "critical", "own": "normal"}
    assert loaded.host("web1").vars == {"tier": 1, "zone": "qinghe"}
    assert loaded.host("both").vars == {"tier": 2, "zone": "qinghe"}


def test_a_list_replaces_and_with_a_plus_adds(tmp_path: Path) -> None:
    files = dict(SOUND)
    files["authority.yml"] = AUTHORITY.replace("owner: ops", "owner: ops\n  groups: [web]\n  vars: {dns: [a]}")
    files["qinghe/more.yml"] = """\
defaults: {groups+: [db], vars: {dns+: [b]}}
hosts:
  adds: {address: 10.1.0.3, groups+: [web], vars: {dns+: [c]}}
  replaces: {address: 10.1.0.4, groups: [db], vars: {dns: [d]}}
"""
    files["qinghe/region.yml"] = PROVINCE.replace("defaults: {site: dc}\n", "")
    files["qinghe/more.yml"] = files["qinghe/more.yml"].replace("{groups+", "{site: dc, groups+")
    loaded = load(write(tmp_path, files))

    assert loaded.host("adds").groups == ("web", "db", "web")
    assert loaded.host("adds").vars == {"dns": ("a", "b", "c")}
    assert loaded.host("replaces").groups == ("db",)
    assert loaded.host("replaces").vars == {"dns": ("d",)}


def test_a_site_has_the_vlans_it_names_and_the_regions_say_what_they_are(tmp_path: Path) -> None:
    files = dict(SOUND)
    files["authority.yml"] = AUTHORITY.replace(
        "owner: ops", "owner: ops\n  vlans: {mgmt: {vid: 10, purpose: mgmt}, exam: {vid: 60, purpose: exam}}"
    )
    files["qinghe/region.yml"] = PROVINCE.replace(
        "    link: fiber", "    link: fiber\n    vlans: {mgmt: {prefixes: [10.1.0.0/24]}}"
    )
    (vlan,) = load(write(tmp_path, files)).site("dc").vlans

    assert (vlan.id, vlan.vid, vlan.purpose, [str(prefix) for prefix in vlan.prefixes]) == (
        "mgmt", 10, "mgmt", ["10.1.0.0/24"],
    )  # fmt: skip


def test_racks_are_written_as_ranges_and_single_ones_refine_them(tmp_path: Path) -> None:
    racks = "racks: {R02: {kw: 8}, R01..R03: {kw: 5, units: 47}}"
    files = {**SOUND, "qinghe/region.yml": PROVINCE.replace("racks: {R01..R03: {}}", racks)}
    (room,) = load(write(tmp_path, files)).site("dc").rooms

    assert [(rack.id, rack.kw, rack.units) for rack in room.racks] == [
        ("R01", 5, 47), ("R02", 8, 47), ("R03", 5, 47),
    ]  # fmt: skip


def test_interfaces_are_written_as_ranges_as_well(tmp_path: Path) -> None:
    ports = "hosts: {web3: {address: 10.1.0.3, interfaces: {GE1/0/9..GE1/0/11: {mbps: 1000}}}}\n"
    web3 = host(write(tmp_path, {**SOUND, "qinghe/more.yml": ports}), "web3")

    assert [(port.id, port.mbps) for port in web3.interfaces] == [
        ("GE1/0/9", 1000), ("GE1/0/10", 1000), ("GE1/0/11", 1000),
    ]  # fmt: skip


def test_what_an_unreadable_file_may_declare_is_not_called_missing(tmp_path: Path) -> None:
    broken = PROVINCE.replace("sites:\n", "sites: [\n")
    told = found(write(tmp_path, {**SOUND, "qinghe/region.yml": broken, "qinghe/more.yml": "hosts: {web3: {}}\n"}))

    assert [(finding.rule, Path(finding.file).name) for finding in told] == [("INV-YAML-001", "region.yml")]


class Nowhere:
    line = 0
    column = 0


def layer_of(values: dict[str, int | None]) -> dict[str, Node]:
    return {name: Node(value, "file", Nowhere()) for name, value in values.items()}


keys = st.sampled_from(["site", "owner", "platform"])
layers = st.lists(st.dictionaries(keys, st.none() | st.integers()), max_size=5)


@settings(deadline=None)
@given(layers)
def test_inheritance_takes_each_key_from_the_last_layer_that_has_it(given_layers: list[dict[str, int | None]]) -> None:
    merged: dict[str, Node] = {}
    for layer in given_layers:
        merged = overlay(merged, layer_of(layer))

    wanted: dict[str, int | None] = {}
    for layer in given_layers:
        wanted.update(layer)
    assert {name: node.value for name, node in merged.items()} == wanted


@settings(deadline=None)
@given(layers)
def test_inheritance_does_not_depend_on_how_the_layers_are_grouped(given_layers: list[dict[str, int | None]]) -> None:
    nested = {"ssh": "ssh"}
    wrapped = [{nested["ssh"]: Node(layer_of(layer), "file", Nowhere())} for layer in given_layers]
    from_left: dict[str, Node] = {}
    for layer in wrapped:
        from_left = overlay(from_left, layer)
    from_right: dict[str, Node] = {}
    for layer in reversed(wrapped):
        from_right = overlay(layer, from_right)

    assert {k: n.plain() for k, n in from_left.items()} == {k: n.plain() for k, n in from_right.items()}


def test_all_errors_are_told_at_once_each_at_its_place(tmp_path: Path) -> None:
    broken = """\
hosts:
  web3: {adress: 10.1.0.3}
  web4: {address: 10.1.0.400, rack: 7, u_position: top}
  Web5: {address: 10, importance: crucial}
  web6: {address: 10.1.0.6, site: dx, name: other, ssh: {usr: x}, vars: {a: {b: 1}}}
hots: {}
"""
    root = write(tmp_path, {**SOUND, "qinghe/broken.yml": broken, "qinghe/tab.yml": "services: 7\n"})

    with pytest.raises(InventoryErrors) as caught:
        load(root)

    told = [(f.rule, Path(f.file).name, f.line, f.column) for f in caught.value.findings]
    assert told == [
        ("INV-KEY-002", "broken.yml", 2, 3),  # address is missing
        ("INV-KEY-001", "broken.yml", 2, 10),  # adress
        ("INV-KEY-003", "broken.yml", 3, 19),  # 10.1.0.400
        ("INV-KEY-003", "broken.yml", 3, 37),  # rack: 7
        ("INV-KEY-003", "broken.yml", 3, 52),  # u_position
        ("INV-KEY-003", "broken.yml", 4, 3),  # Web5
        ("INV-KEY-003", "broken.yml", 4, 19),  # 10 is no address
        ("INV-KEY-003", "broken.yml", 4, 35),  # crucial
        ("INV-KEY-001", "broken.yml", 5, 39),  # name
        ("INV-KEY-001", "broken.yml", 5, 58),  # usr
        ("INV-KEY-003", "broken.yml", 5, 74),  # vars.a
        ("INV-KEY-001", "broken.yml", 6, 1),  # hots
        ("INV-KEY-003", "tab.yml", 1, 11),  # services: 7
    ]
    lines = str(caught.value).splitlines()
    assert lines[1] == f"{root}/qinghe/broken.yml:2:10: unknown key 'adress' in host 'web3' (did you mean 'address'?)"
    assert len(lines) == len(told)


def test_a_wrong_default_is_told_once_not_for_everything_under_it(tmp_path: Path) -> None:
    wrong = AUTHORITY.replace("owner: ops", "owner: ops\n  importance: urgent").replace("user:", "usr:")

    told = found(write(tmp_path, {**SOUND, "authority.yml": wrong}))

    assert [(f.rule, f.line) for f in told] == [("INV-KEY-003", 6), ("INV-KEY-001", 7)]


@pytest.mark.parametrize(
    ("files", "rule", "file"),
    [
        ({"qinghe/region.yml": PROVINCE}, "INV-KEY-002", ""),
        ({"authority.yml": AUTHORITY, "more.yml": AUTHORITY}, "INV-KEY-004", "more.yml"),
        ({**SOUND, "qinghe/a.yml": "authority: {name: {en: A, zh: 甲}}\n"}, "INV-KEY-005", "qinghe/a.yml"),
        ({**SOUND, "yunling/notes.txt": "nothing yet"}, "INV-DIR-001", "yunling"),
        ({**SOUND, "/".join("abcdefghi") + "/r.yml": ""}, "INV-DIR-002", "/".join("abcdefghi")),
    ],
)
def test_a_tree_that_cannot_be_an_inventory_is_explained(
    tmp_path: Path, files: dict[str, str], rule: str, file: str
) -> None:
    told = [(f.rule, f.file) for f in found(write(tmp_path, files))]

    assert (rule, str(tmp_path / file)) in told


def test_a_misspelt_key_is_answered_with_the_one_that_was_meant(tmp_path: Path) -> None:
    region = PROVINCE.replace("    link: fiber", "    link: fiber\n    default: {room: dc1}")

    (told,) = found(write(tmp_path, {**SOUND, "qinghe/region.yml": region}))

    assert (told.rule, told.line, told.hint) == ("INV-KEY-001", 7, "did you mean 'defaults'?")


@pytest.mark.parametrize("text", ["a: 1\n" * 5000, "hosts:\n" + "".join(f"  h{n}: 1\n" for n in range(5000))])
def test_a_file_of_nothing_but_errors_is_read_until_the_thousandth(tmp_path: Path, text: str) -> None:
    assert 1000 <= len(found(write(tmp_path, {**SOUND, "qinghe/broken.yml": text}))) < 1010


def test_an_empty_directory_is_no_inventory(tmp_path: Path) -> None:
    assert [f.rule for f in found(tmp_path)] == ["INV-DIR-001", "INV-KEY-002"]


def test_links_to_directories_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    (tmp_path / "qinghe/loop").symlink_to(tmp_path)

    assert [f.rule for f in found(tmp_path)] == ["INV-DIR-002"]


def test_a_name_that_is_not_utf8_is_told_in_text_that_can_be_printed(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    (tmp_path / os.fsdecode(b"\xff/r.yml")).write_text(PROVINCE.replace("dc:", "x:"))

    assert all(str(finding).encode() for finding in found(tmp_path))
    assert "INV-KEY-003" in {finding.rule for finding in found(tmp_path)}


def test_the_inventory_is_the_option_or_the_environment_or_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EDUFLEET_INVENTORY", raising=False)
    with pytest.raises(BadInput, match="no inventory is given"):
        find_inventory(None)

    (tmp_path / "inventory").mkdir()
    assert find_inventory(None) == Path("inventory")

    monkeypatch.setenv("EDUFLEET_INVENTORY", str(tmp_path))
    assert find_inventory(None) == tmp_path
    assert find_inventory(Path("inventory")) == Path("inventory")

    with pytest.raises(BadInput, match="named by --inventory"):
        find_inventory(Path("missing"))


# Words that mean something to the loader, so that random trees get past its first checks: every section and field.
_KINDS: tuple[type[Entry], ...] = (Authority, Region, RegionDefaults, *KINDS)
fields = sorted({name for kind in _KINDS for name in kind.model_fields})
sections = ["authority", "region", "defaults", *(kind.section for kind in KINDS)]
names = ["dc", "web1", "web2", "web", "db", "ops", "dc1", "en", "zh", "R01..R03"]
words = st.sampled_from([*fields, *sections, *names, "groups+", "time_sources+", "province", "10.1.0.1", "2026-11-01"])
scalars = words | st.none() | st.booleans() | st.integers() | st.text(max_size=5)
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4), max_leaves=25
)


def problems(root: Path) -> tuple[Finding, ...]:
    """Return why the inventory cannot be loaded; any other exception than that fails the test."""
    try:
        load(root)
    except InventoryErrors as problem:
        return problem.findings
    return ()


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sections), trees, max_size=5), st.dictionaries(words, trees, max_size=5))
def test_no_tree_of_values_makes_the_loader_fail(
    tmp_path_factory: pytest.TempPathFactory, top: dict[str, object], below: dict[str, object]
) -> None:
    root = tmp_path_factory.mktemp("fuzz")
    more = {"top.yml": yaml.safe_dump(top, allow_unicode=True), "qinghe/below.yml": yaml.safe_dump(below)}
    told = problems(write(root, {**SOUND, **more}))
    assert all(finding.line > 0 and finding.column > 0 and str(finding).isprintable() for finding in told)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(st.sampled_from("abc:-[]{},&*!|>'\"%@`#\n\t ~<\\x0u"), max_size=60).map(str.encode)
)
def test_no_bytes_make_the_loader_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    root = write(tmp_path_factory.mktemp("fuzz"), SOUND)
    (root / "qinghe/noise.yml").write_bytes(data)
    assert all(Path(finding.file) == root / "qinghe/noise.yml" for finding in problems(root))
