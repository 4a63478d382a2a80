# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Compares what the inventory says of a host with what was seen of it, and proposes the edits that would agree."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from inventories.editing.edits import Edit
from inventories.model import Host
from inventories.platforms import known_platforms

if TYPE_CHECKING:
    from inventories.editing.splice import Value
    from inventories.model.base import Interfaced

Verdict = Literal["agrees", "differs", "not_stated", "unknown"]

KERNEL_KEEPS = 0.08
"""Share of the memory that a kernel may not show: firmware, its own image, crash dumps."""
DISK_TOLERANCE = 0.02
"""Share by which the size of a disk may be off: type plates round."""

_GIB, _GB = 2**30, 10**9
_PASSING = ("br-", "cali", "cni", "docker", "flannel", "lxc", "lxd", "podman", "tap", "tun", "veth", "virbr", "vnet")
"""What the names of interfaces begin with that containers, virtual machines and tunnels bring along."""
_WHO = frozenset({"hostname", "platform", "address"})


@dataclass(frozen=True, slots=True)
class SeenInterface:
    """A network interface as the kernel has it."""

    name: str
    mac: str | None
    addresses: "tuple[Interfaced, ...]"


@dataclass(frozen=True, slots=True)
class Observed:
    """What one look at a host showed; None: it was not seen, which says nothing about whether it is there."""

    name: str
    """Of the asset it was taken for."""
    at: datetime
    hostname: str | None = None
    platform: str | None = None
    """Id in platforms.yml; where no platform there is meant, what the host calls its system, e.g. ``centos 7``."""
    serial: str | None = None
    interfaces: tuple[SeenInterface, ...] | None = None
    cpus: int | None = None
    """Logical processors online."""
    memory_bytes: int | None = None
    """As the kernel counts it."""
    disks: Mapping[str, int] | None = None
    """Size in bytes by device name."""
    unseen: Mapping[str, str] = field(default_factory=dict)
    """Why a field was not seen, by its name here."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value as the inventory states it and as it was seen."""

    asset: str
    field: str
    """As in a file, with dots: ``hardware.cpus``."""
    stated: str | None
    seen: str | None
    """None with ``differs``: it is not there. None with ``unknown``: see ``why``."""
    verdict: Verdict
    proposal: Edit | None = None
    """The edit after which both agree."""
    why: str = ""
    """Why it was not seen."""


def compare(host: Host, seen: Observed) -> tuple[Difference, ...]:
    """Return every value that is stated or was seen, in the order of a file; what is neither is left out.

    - ``hostname``: up to its first dot, against the entry's name, whatever the case. Where it differs another machine
      may have answered, so nothing at all is proposed.
    - ``address``: any interface has it; it is never proposed, for the host may be reached through a translation.
    - ``serial``: whatever the case.
    - ``hardware.memory_gib``: the kernel shows at most 8 % less than stated, and at most 1 % more.
    - ``hardware.disks_gb``: each disk by its name within 2 %. A disk that is gone is not proposed to be forgotten.
    - ``interfaces``: each by its name; loopback and link-local addresses do not count. An address more than stated is
      ``not_stated``; interfaces of containers and tunnels, told by their names, are passed over unless stated.
    """
    found = tuple(difference for part in _PARTS for difference in part(host, seen))
    if any(one.field == "hostname" and one.verdict == "differs" for one in found):
        return tuple(replace(one, proposal=None) for one in found)
    return found


def verification(host: Host, found: tuple[Difference, ...], seen: Observed) -> Edit | None:
    """Return the edit that dates the entry as verified on the day of the look (UTC), None where it must not be.

    Hostname, platform and address must have been seen, and all that was seen must be stated and agree.
    """
    agreeing = {one.field for one in found if one.verdict == "agrees"}
    day = seen.at.date()
    if not agreeing >= _WHO or any(one.verdict in {"differs", "not_stated"} for one in found):
        return None
    if host.last_verified is not None and host.last_verified >= day:
        return None
    return _edit(host, ("last_verified",), day.isoformat())


def _hostname(host: Host, seen: Observed) -> Iterator[Difference]:
    same = seen.hostname is not None and seen.hostname.partition(".")[0].lower() == host.name
    yield from _compared(host, seen, ("hostname",), host.name, seen.hostname, agrees=same)


def _platform(host: Host, seen: Observed) -> Iterator[Difference]:
    value = seen.platform if seen.platform in known_platforms().hosts else None
    same = seen.platform == host.platform
    yield from _compared(host, seen, ("platform",), host.platform, seen.platform, agrees=same, value=value)


def _serial(host: Host, seen: Observed) -> Iterator[Difference]:
    same = (host.serial or "").lower() == (seen.serial or "").lower()
    yield from _compared(host, seen, ("serial",), host.serial, seen.serial, agrees=same, value=seen.serial)


def _address(host: Host, seen: Observed) -> Iterator[Difference]:
    there = [address for interface in seen.interfaces or () for address in interface.addresses]
    same = any(address.ip == host.address for address in there)
    text = str(host.address) if same else _listed(address for address in there if _counts(address)) or None
    yield from _compared(host, seen, ("address",), str(host.address), text, agrees=same, source="interfaces")


def _hardware(host: Host, seen: Observed) -> Iterator[Difference]:
    cpus, gib = host.hardware.cpus, host.hardware.memory_gib
    path = ("hardware", "cpus")
    yield from _compared(
        host, seen, path, _text(cpus), _text(seen.cpus), agrees=cpus == seen.cpus, value=seen.cpus, source="cpus"
    )
    shown = seen.memory_bytes / _GIB if seen.memory_bytes is not None else None
    yield from _compared(
        host,
        seen,
        ("hardware", "memory_gib"),
        f"{gib:g} GiB" if gib is not None else None,
        f"{shown:.1f} GiB" if shown is not None else None,
        agrees=gib is not None and shown is not None and _is_memory_of(gib, shown),
        value=_installed(shown) if shown is not None else None,
        source="memory_bytes",
    )


def _disks(host: Host, seen: Observed) -> Iterator[Difference]:
    stated = host.hardware.disks_gb
    for name in sorted(stated.keys() | (seen.disks or {}).keys()):
        gb, size = stated.get(name), (seen.disks or {}).get(name)
        yield from _compared(
            host,
            seen,
            ("hardware", "disks_gb", name),
            f"{gb:g} GB" if gb is not None else None,
            f"{size / _GB:.4g} GB" if size is not None else None,
            agrees=gb is not None and size is not None and abs(size / _GB - gb) <= gb * DISK_TOLERANCE,
            value=float(f"{size / _GB:.3g}") if size is not None else None,
            source="disks",
        )


def _interfaces(host: Host, seen: Observed) -> Iterator[Difference]:
    there = {interface.name: interface for interface in seen.interfaces or ()}
    stated = {interface.id: interface for interface in host.interfaces}
    for name, entry in stated.items():
        path = ("interfaces", name)
        if name not in there:
            said = _listed((*([entry.mac] if entry.mac else []), *entry.addresses)) or name
            yield from _compared(host, seen, path, said, None, agrees=False)
            continue
        mac, counted = there[name].mac, [address for address in there[name].addresses if _counts(address)]
        yield from _compared(host, seen, (*path, "mac"), entry.mac, mac, agrees=entry.mac == mac, value=mac)
        kept = [address for address in entry.addresses if address in counted]
        in_order = [str(address) for address in (*kept, *(a for a in counted if a not in kept))]
        yield from _compared(
            host,
            seen,
            (*path, "addresses"),
            _listed(entry.addresses) or None,
            _listed(counted) or None,
            agrees=len(kept) == len(entry.addresses) == len(counted),
            value=in_order or None,
            more=len(kept) == len(entry.addresses) < len(counted),
        )
    for name in sorted(there.keys() - stated.keys()):
        routed = [str(address) for address in there[name].addresses if _counts(address)]
        if routed and not name.startswith(_PASSING):
            mac = there[name].mac
            value: Value = {"mac": mac, "addresses": routed} if mac else {"addresses": routed}
            text = _listed((*([mac] if mac else []), *routed))
            yield from _compared(host, seen, ("interfaces", name), None, text, agrees=False, value=value)


_PARTS: tuple[Callable[[Host, Observed], Iterator[Difference]], ...] = (
    _hostname, _platform, _serial, _address, _hardware, _disks, _interfaces,
)  # fmt: skip


def _compared(
    host: Host,
    seen: Observed,
    path: tuple[str, ...],
    stated: str | None,
    text: str | None,
    *,
    agrees: bool,
    value: "Value" = None,
    source: str | None = None,
    more: bool = False,
) -> Iterator[Difference]:
    """Yield the difference at ``path``, if there is anything to say.

    ``source`` is the field of ``seen`` that shows it (default: of the same name), ``value`` what an edit would write,
    ``more`` whether what was seen holds what is stated and something besides.
    """
    source = source or path[0]
    verdict: Verdict
    if getattr(seen, source) is None:
        verdict = "unknown"
    elif agrees:
        verdict = "agrees"
    else:
        verdict = "not_stated" if stated is None or more else "differs"
    if stated is None and text is None:
        return
    proposal = _edit(host, path, value) if value is not None and verdict in {"differs", "not_stated"} else None
    why = seen.unseen.get(source, "") if verdict == "unknown" else ""
    yield Difference(host.name, ".".join(path), stated, text, verdict, proposal, why)


def _edit(host: Host, path: tuple[str, ...], value: "Value") -> Edit:
    return Edit(Host, host.name, host.region, path, value)


def _counts(address: "Interfaced") -> bool:
    return not (address.is_loopback or address.is_link_local)


def _is_memory_of(gib: float, shown: float) -> bool:
    """Tell whether a kernel that shows ``shown`` GiB may have ``gib`` GiB.

    >>> _is_memory_of(128, 125.6), _is_memory_of(128, 117), _is_memory_of(128, 256)
    (True, False, False)
    """
    return gib * (1 - KERNEL_KEEPS) <= shown <= gib * 1.01


def _installed(shown: float) -> float:
    """Return the memory to state where a kernel shows ``shown`` GiB: the next round size, if it is near enough.

    >>> [_installed(shown) for shown in (0.95, 3.8, 125.6, 755.3, 65.0)]
    [1.0, 4.0, 128.0, 768.0, 65.0]
    """
    step = max(0.5, 2.0 ** (math.floor(math.log2(shown)) - 3))
    round_size = math.ceil(shown / step) * step
    return round_size if _is_memory_of(round_size, shown) else float(f"{shown:.3g}")


def _listed(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
