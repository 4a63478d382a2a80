# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Who a host is: names, kernel, hardware, uptime."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Positive, Seconds, why
from inventories.base import Frozen, Text

QUESTION = """\
echo "arch:$(uname -m)"
set -- /proc/sys/kernel/hostname /proc/sys/kernel/osrelease /proc/sys/kernel/random/boot_id /proc/uptime
set -- "$@" /etc/machine-id /run/systemd/container /sys/devices/system/cpu/online
set -- "$@" /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name /sys/class/dmi/id/product_serial
grep -sH '' "$@"
[ -e /sys/devices/system/cpu/online ] || echo "cpus:$(grep -c ^processor /proc/cpuinfo)"
[ -e /.dockerenv ] && echo container:docker
exit 0
"""

_HYPERVISORS = {
    "qemu": "kvm",
    "kvm": "kvm",
    "openstack": "kvm",
    "vmware": "vmware",
    "virtualbox": "virtualbox",
    "innotek": "virtualbox",
    "xen": "xen",
    "microsoft corporation virtual machine": "hyperv",
    "alibaba cloud": "kvm",
    "huawei cloud": "kvm",
    "tencent cloud": "kvm",
    "amazon ec2": "kvm",
    "google compute engine": "kvm",
}
"""Words of DMI vendor and product, lower case, that betray a virtual machine."""


class Identity(Frozen):
    """What a host says it is."""

    hostname: str
    kernel: str
    """Release, as ``uname -r``."""
    arch: str
    """As ``uname -m``."""
    boot_id: str
    """Random for each boot of the kernel, or of the container where its manager makes one."""
    uptime_seconds: Seconds
    """Since the kernel was booted."""
    cpus: Positive
    """Logical processors online."""
    machine_id: str | None
    virtualization: str | None
    """Container manager or hypervisor, as far as the host shows it; None on what looks like hardware."""
    vendor: str | None
    product: str | None
    serial: str | None
    """Of the chassis; readable by root alone."""


def count_online(ranges: str) -> int:
    """Return how many processors a kernel CPU list names.

    >>> count_online("0-3,8")
    5
    """
    count = 0
    for part in ranges.strip().split(","):
        first, _, last = part.partition("-")
        count += int(last or first) - int(first) + 1
    return count


def parse(text: str) -> Identity:
    """Read ``path:first line`` pairs, later answers winning."""
    pairs = (line.partition(":") for line in text.splitlines())
    values = {key.rpartition("/")[2]: value.strip() for key, _, value in pairs}
    try:
        return Identity(
            hostname=values["hostname"],
            kernel=values["osrelease"],
            arch=values["arch"],
            boot_id=values["boot_id"],
            uptime_seconds=float(values["uptime"].split()[0]),
            cpus=count_online(values["online"]) if "online" in values else int(values["cpus"]),
            machine_id=values.get("machine-id") or None,
            virtualization=values.get("container") or _hypervisor(values),
            vendor=values.get("sys_vendor") or None,
            product=values.get("product_name") or None,
            serial=values.get("product_serial") or None,
        )
    except KeyError as problem:
        raise UnparsableError(f"identity: no {problem.args[0]} in the answer") from None
    except (ValueError, IndexError) as problem:
        raise UnparsableError(f"identity: {why(problem)}") from None


def _hypervisor(values: dict[str, str]) -> str | None:
    dmi = re.sub(r"\s+", " ", f"{values.get('sys_vendor', '')} {values.get('product_name', '')}".lower())
    return next((kind for word, kind in _HYPERVISORS.items() if word in dmi), None)


COLLECTOR = Collector(
    id="identity",
    title=Text(en="Identity", zh="主机标识"),
    question=QUESTION,
    parse=parse,
    facts=Identity,
    size=8_192,
)
