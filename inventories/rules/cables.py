# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about cables and the interfaces at their ends."""

from collections.abc import Iterator, Mapping

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Rule
from inventories.model import Asset, Cable, Device, Host, Interface
from inventories.registry import rule
from inventories.rules.references import unless_declared


@rule(
    "INV-CAB-001",
    "error",
    title=Text(
        en="Both ends of a cable exist: the host or device, and the interface where it states its interfaces.",
        zh="线缆两端的主机或设备存在；已登记接口的，接口也存在。",
    ),
    why=Text(
        en="Whoever traces the cable ends at a wrong port, or pulls another one.",
        zh="按线缆排查会找错端口，甚至拔错线。",
    ),
    hint="correct the end, or declare the interface",
)
def cable_ends_exist(this: Rule, book: Book) -> Iterator[Finding]:
    """Every end names a host or device, and one of its interfaces where it states some."""
    known = {record.id for kind in (Host, Device) for record in book.of(kind)}
    assets = {asset.name: asset for _, asset in book.assets()}
    for record, cable in book.valid(Cable):
        for position, end in enumerate(cable.ends):
            name, _, port = end.partition(":")
            path = ("ends", position)
            yield from unless_declared(this, book, record, path, name, known, f"host or device {name!r}")
            ports = {interface.id for interface in assets[name].interfaces} if name in assets else set()
            if ports:
                yield from unless_declared(this, book, record, path, port, ports, f"interface {port!r} of {name!r}")


@rule(
    "INV-CAB-002",
    "error",
    title=Text(en="No interface has two cables.", zh="一个接口只接一根线缆。"),
    why=Text(
        en="A port takes one plug: one of the cables ends elsewhere.", zh="一个端口只能插一个插头，另一根必在别处。"
    ),
    hint="correct the end of one of them",
)
def interfaces_have_one_cable(this: Rule, book: Book) -> Iterator[Finding]:
    """No end recurs, be it on another cable or as the other end of the same one."""
    first: dict[str, Record[Cable]] = {}
    for record, cable in book.valid(Cable):
        for position, end in enumerate(cable.ends):
            if end in first:
                message = f"{end} is already an end of cable {first[end].id!r}"
                yield this.found(record.place("ends", position), message)
            else:
                first[end] = record


@rule(
    "INV-CAB-003",
    "warning",
    title=Text(
        en="The interfaces at both ends of a cable have a VLAN in common, where both state theirs.",
        zh="线缆两端接口都登记了 VLAN 时，至少有一个 VLAN 相同。",
    ),
    why=Text(
        en="Otherwise the line is up and nothing passes, or two networks are joined unnoticed.",
        zh="否则链路虽通而业务不通，或两个网络被误接在一起。",
    ),
    hint="correct the VLANs of one of the interfaces",
)
def cable_ends_share_a_vlan(this: Rule, book: Book) -> Iterator[Finding]:
    """Both ends of a cable within one site carry a VLAN in common, where both state VLANs."""
    assets = {asset.name: asset for _, asset in book.assets()}
    interfaces: dict[str, Mapping[str, Interface]] = {}

    def at(end: str) -> tuple[Asset | None, frozenset[str]]:
        name, _, port = end.partition(":")
        asset = assets.get(name)
        if asset is None:
            return None, frozenset()
        if name not in interfaces:
            interfaces[name] = {interface.id: interface for interface in asset.interfaces}
        interface = interfaces[name].get(port)
        return asset, frozenset(interface.vlans if interface else ())

    for record, cable in book.valid(Cable):
        (one, vlans), (other, other_vlans) = at(cable.ends[0]), at(cable.ends[1])
        if one is None or other is None or one.site != other.site:
            continue
        if vlans and other_vlans and not vlans & other_vlans:
            message = f"{cable.ends[0]} is in {', '.join(sorted(vlans))}, {cable.ends[1]} in "
            yield this.found(record.place("ends"), message + ", ".join(sorted(other_vlans)))
