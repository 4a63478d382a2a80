# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which disks a host has: what there is a device for, not what is made of it (loop, RAM, mapper, RAID)."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Positive, why
from inventories.base import Frozen, Text

QUESTION = """\
[ -d /sys/block ] || exit 69
set --
for device in /sys/block/*/device; do
disk=${device%/device}
set -- "$@" "$disk/size" "$disk/queue/rotational" "$disk/hidden" "$device/model"
done
grep -sH '' "$@"
echo ef_end
"""

_SECTOR = 512  # what the kernel counts sizes in, whatever the disk's own sectors are
_NOT_A_DISK = re.compile(r"sr\d+|fd\d+|mmcblk\d+(boot\d+|rpmb)|mtdblock\d+")
"""Optical and floppy drives, boot areas of memory cards, raw flash."""


class Disk(Frozen):
    """One disk, real or a virtual machine's."""

    name: str
    """As the kernel has it, e.g. ``sda``; the order of disks may change with a boot."""
    size_bytes: Positive
    model: str | None
    rotational: bool
    """Whether it turns, as far as the controller in front of it says."""


class Disks(Frozen):
    """The disks, by name; a container sees its host's."""

    disks: tuple[Disk, ...]


def parse(text: str) -> Disks:
    """Read ``path:value`` of /sys/block; a drive without a medium, and a path of a multipath NVMe disk, is no disk."""
    answer, end, _ = text.partition("ef_end\n")
    if not end:
        raise UnparsableError("disks: the answer is not complete")
    held: dict[str, dict[str, str]] = {}
    try:
        for line in answer.splitlines():
            path, _, value = line.partition(":")
            name, key = path.split("/")[3], path.rpartition("/")[2]
            held.setdefault(name, {})[key] = value.strip()
        disks = (_disk(name, values) for name, values in sorted(held.items()))
        return Disks(disks=tuple(disk for disk in disks if disk is not None))
    except KeyError as problem:
        raise UnparsableError(f"disks: no {problem.args[0]} in the answer") from None
    except (ValueError, IndexError) as problem:
        raise UnparsableError(f"disks: {why(problem)}") from None


def _disk(name: str, values: dict[str, str]) -> Disk | None:
    size = int(values["size"]) * _SECTOR
    if not size or values.get("hidden") == "1" or _NOT_A_DISK.fullmatch(name):
        return None
    model, rotational = values.get("model") or None, values.get("rotational") == "1"
    return Disk(name=name.replace("!", "/"), size_bytes=size, model=model, rotational=rotational)


COLLECTOR = Collector(
    id="disks",
    title=Text(en="Disks", zh="磁盘"),
    question=QUESTION,
    parse=parse,
    facts=Disks,
)
