# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about what must be unique."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from inventories.base import Text
from inventories.book import Book, Record
from inventories.errors import at
from inventories.findings import Finding, Rule
from inventories.model import KINDS, Asset, Device, Group, Host, Site, Vrf
from inventories.model.base import Address, Interfaced
from inventories.registry import rule
from inventories.rules.ranges import number

_MANAGEMENT = ("address",)
_VIRTUAL_ROUTER_MACS = ("00:00:5e:00:01:", "00:00:5e:00:02:")
_NO_MAC = "00:00:00:00:00:00"


@rule(
    "INV-ID-001",
    "error",
    title=Text(en="Names are unique in the whole inventory.", zh="名称在整个清单中唯一。"),
    why=Text(
        en="Everything refers to things by name; two of one name cannot be told apart.",
        zh="一切引用都靠名称；重名就无法区分。",
    ),
    hint="give each its own name",
)
def unique_names(this: Rule, book: Book) -> Iterator[Finding]:
    """Names are unique in the whole inventory: those of each kind, hosts and devices together; groups may recur."""
    spaces: list[Sequence[Record[Any]]] = [book.of(kind) for kind in KINDS if kind not in (Group, Host, Device)]
    spaces.append([*book.of(Host), *book.of(Device)])
    for records in spaces:
        first: dict[str, Record[Any]] = {}
        for record in records:
            other = first.setdefault(record.id, record)
            if other is not record:
                yield this.found(record.place(), f"{record.kind} {record.id!r} is already {_where(other)}")


class _Use(NamedTuple):
    """An address in use; ``vrf`` is that of the interface, and of no matter for a management address."""

    record: Record[Asset]
    asset: Asset
    path: tuple[str | int, ...]
    vrf: str | None

    def meets(self, other: "_Use") -> bool:
        """Tell whether both uses of an address are in each other's way."""
        anywhere = _MANAGEMENT in (self.path, other.path)
        return (
            self.asset is not other.asset
            and not _stacked(self.asset, other.asset)
            and (anywhere or self.vrf == other.vrf)
        )


@rule(
    "INV-ID-002",
    "error",
    title=Text(
        en="No two hosts or devices have the same address in one routing instance.",
        zh="同一路由实例内，任意两台主机或设备的地址不相同。",
    ),
    why=Text(
        en="Packets, and whoever logs in, would reach now one machine and now the other.",
        zh="否则报文和登录会时而到达这一台，时而到达另一台。",
    ),
    hint="give each its own address",
)
def unique_addresses(this: Rule, book: Book) -> Iterator[Finding]:
    """No address is used twice: for management anywhere, at interfaces in one VRF.

    The members of a stack are managed under one address. Link-local and loopback addresses recur.
    """
    uses: dict[int, list[_Use]] = {point: [] for point in _shared(book)}
    for use, address in _uses(book) if uses else ():
        others = uses.get(number(address))
        if others is None or address.is_link_local or address.is_loopback:
            continue
        other = next((other for other in others if other.meets(use)), None)
        if other is None:
            others.append(use)
        else:
            message = f"{address} is already an address of {other.record.id!r}, {_where(other.record)}"
            yield this.found(use.record.place(*use.path), message)


def _shared(book: Book) -> set[int]:
    """Return the numbers of the addresses that two hosts or devices have, for whatever reason."""
    first: dict[int, Asset] = {}
    shared: set[int] = set()
    for _, asset in book.assets():
        for address in chain((asset.address,), *(interface.addresses for interface in asset.interfaces)):
            point = number(address)
            if first.setdefault(point, asset) is not asset:
                shared.add(point)
    return shared


def _uses(book: Book) -> Iterator[tuple[_Use, Address | Interfaced]]:
    """Yield every management address, then those of the interfaces whose VRF is known."""
    for record, asset in book.assets():
        yield _Use(record, asset, _MANAGEMENT, None), asset.address
    vrfs = {site.id: {vlan.id: vlan.vrf for vlan in site.vlans} for _, site in book.valid(Site)}
    for record, asset in book.assets():
        if asset.site not in vrfs:
            continue
        of_vlan = vrfs[asset.site]
        for position, interface in enumerate(asset.interfaces):
            vrf = of_vlan.get(interface.vlans[0]) if interface.vlans else None
            for index, address in enumerate(interface.addresses):
                yield _Use(record, asset, ("interfaces", position, "addresses", index), vrf), address


def _stacked(one: Asset, other: Asset) -> bool:
    """Tell whether both are members of one stack, which is one device to the network."""
    return isinstance(one, Device) and isinstance(other, Device) and one.stack is not None and one.stack == other.stack


@rule(
    "INV-ID-003",
    "error",
    title=Text(en="No two hosts or devices have the same serial number.", zh="任意两台主机或设备的序列号不相同。"),
    why=Text(
        en="Warranty, stocktaking and the comparison with captures go by serial number.",
        zh="保修、盘点以及与采集结果的比对都以序列号为准。",
    ),
    hint="read it from the type plate; leave it out where there is none",
)
def unique_serials(this: Rule, book: Book) -> Iterator[Finding]:
    """No serial number is given twice, in whatever case; two vendors may have used the same one."""
    first: dict[tuple[str | None, str], Record[Asset]] = {}
    for record, asset in book.assets():
        if asset.serial is None:
            continue
        vendor = asset.vendor if isinstance(asset, Device) else None
        other = first.setdefault((vendor, asset.serial.strip().upper()), record)
        if other is not record:
            message = f"serial number {asset.serial!r} is already that of {other.id!r}, {_where(other)}"
            yield this.found(record.place("serial"), message)


@rule(
    "INV-ID-004",
    "error",
    title=Text(
        en="No two hosts or devices have the same hardware address.", zh="任意两台主机或设备的 MAC 地址不相同。"
    ),
    why=Text(
        en="Switches send the frames of both to the one that spoke last; access control lets in the wrong one.",
        zh="交换机会把帧送往最后发言的一方，准入控制也会放错设备。",
    ),
    hint="read it from the interface",
)
def unique_macs(this: Rule, book: Book) -> Iterator[Finding]:
    """No hardware address is on two assets; a bond, a stack and a virtual router share one by design."""
    first: dict[str, tuple[Record[Asset], Asset]] = {}
    for record, asset in book.assets():
        for position, interface in enumerate(asset.interfaces):
            mac = interface.mac
            if mac is None or mac == _NO_MAC or mac.startswith(_VIRTUAL_ROUTER_MACS):
                continue
            other, other_asset = first.setdefault(mac, (record, asset))
            if other is not record and not _stacked(asset, other_asset):
                place = record.place("interfaces", position, "mac")
                yield this.found(place, f"{mac} is already a hardware address of {other.id!r}, {_where(other)}")


@rule(
    "INV-ID-005",
    "error",
    title=Text(en="No two VRFs have the same route distinguisher.", zh="任意两个 VRF 的路由标识（RD）不相同。"),
    why=Text(
        en="Routers would mix the routes of networks that are to be kept apart.",
        zh="否则路由器会把本应隔离的网络的路由混在一起。",
    ),
    hint="give each its own route distinguisher",
)
def unique_route_distinguishers(this: Rule, book: Book) -> Iterator[Finding]:
    """No route distinguisher is given to two VRFs."""
    first: dict[str, Record[Vrf]] = {}
    for record, vrf in book.valid(Vrf):
        if vrf.rd is not None and first.setdefault(vrf.rd, record) is not record:
            other = first[vrf.rd]
            yield this.found(record.place("rd"), f"{vrf.rd} is already that of VRF {other.id!r}, {_where(other)}")


def _where(record: Record[Any]) -> str:
    place = record.place()
    return f"at {at(place.file, place.line)}"
