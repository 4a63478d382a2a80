# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a capture shows of that which an inventory states. Pure: no network, no clock."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from fleet import facts
from fleet.capture import Capture
from fleet.collector import AnyCollector, catalogue
from fleet.collectors.disks import Disks
from fleet.collectors.identity import Identity
from fleet.collectors.interfaces import Interfaces
from fleet.collectors.memory import Memory
from fleet.collectors.os_release import OsRelease
from fleet.facts import HostFacts
from inventories.base import Frozen
from inventories.platforms import platform_of
from inventories.quality.drift import Observed, SeenInterface

F = TypeVar("F", bound=Frozen)

_SHOWN_BY: Mapping[str, str] = MappingProxyType(
    {
        "hostname": "identity",
        "platform": "os_release",
        "serial": "identity",
        "interfaces": "interfaces",
        "cpus": "identity",
        "memory_bytes": "memory",
        "disks": "disks",
    }
)
"""Which collector shows which field."""

NEEDED_COLLECTORS = frozenset(_SHOWN_BY.values())

_VIRTUAL_MACHINES = frozenset({"kvm", "vmware", "virtualbox", "xen", "hyperv"})
_OF_THE_KERNEL = ("cpus", "memory_bytes", "disks")
_NO_SERIALS = frozenset(
    {"", "0", "0123456789", "default string", "n/a", "none", "not applicable", "not specified", "system serial number"}
    | {"to be filled by o.e.m.", "unknown"}
)
"""What firmware says, in lower case, where nobody wrote a serial number."""


def observe(capture: Capture) -> Observed:
    """Return what ``capture`` shows; the time of its start stands for all of it.

    A virtual machine's serial number is its hypervisor's invention and not taken. A container shows the processors,
    memory and disks of the machine below it: they are not its own, so they were not seen.
    """
    seen = facts.read(capture, _collectors())
    identity, system = _fact(seen, Identity), _fact(seen, OsRelease)
    memory, disks, interfaces = _fact(seen, Memory), _fact(seen, Disks), _fact(seen, Interfaces)
    unseen = {field: _why(seen, collector) for field, collector in _SHOWN_BY.items() if collector not in seen.facts}
    contained = identity is not None and identity.virtualization not in {None, *_VIRTUAL_MACHINES}
    if identity is None or contained:
        reason = "a container shows its host's" if contained else "it is not known whether this is a container"
        unseen |= {field: reason for field in _OF_THE_KERNEL if field not in unseen}
    if system is not None and not system.version_id:
        unseen["platform"] = "os-release states no version"
    serial = _serial(identity) if identity is not None else None
    if identity is not None and serial is None:
        unseen["serial"] = "a virtual machine has none" if identity.virtualization else "none shown; root may be needed"
    return Observed(
        name=capture.target,
        at=datetime.fromisoformat(capture.started),
        hostname=identity.hostname if identity is not None else None,
        platform=_platform(system) if system is not None and "platform" not in unseen else None,
        serial=serial,
        interfaces=_interfaces(interfaces) if interfaces is not None else None,
        cpus=identity.cpus if identity is not None and "cpus" not in unseen else None,
        memory_bytes=memory.total_bytes if memory is not None and "memory_bytes" not in unseen else None,
        disks={disk.name: disk.size_bytes for disk in disks.disks}
        if disks is not None and "disks" not in unseen
        else None,
        unseen=unseen,
    )


def _collectors() -> dict[str, AnyCollector]:
    return {name: collector for name, collector in catalogue().items() if name in NEEDED_COLLECTORS}


def _fact(seen: HostFacts, kind: type[F]) -> F | None:
    return next((fact for fact in seen.facts.values() if isinstance(fact, kind)), None)


def _why(seen: HostFacts, collector: str) -> str:
    missing = seen.missing.get(collector)
    if missing is None:
        return "it was not asked yet; inspect the host again"
    return f"{missing.reason}: {missing.detail}"


def _serial(identity: Identity) -> str | None:
    serial = (identity.serial or "").strip()
    return None if identity.virtualization or serial.lower() in _NO_SERIALS else serial


def _platform(system: OsRelease) -> str:
    return platform_of(system.id, system.version_id) or f"{system.id} {system.version_id}"


def _interfaces(seen: Interfaces) -> tuple[SeenInterface, ...]:
    return tuple(SeenInterface(one.name, one.mac, one.addresses) for one in seen.interfaces)
