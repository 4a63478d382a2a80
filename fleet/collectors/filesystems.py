# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How full the local file systems are, and whether the kernel has stopped writing to one.

Only file systems picked by type from mountinfo are touched, so a dead network mount cannot hang the question.
"""

import re

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Bytes, Count, why
from inventories.base import Frozen, Text

# One line per device, the shortest mount point standing for it: bind mounts and subvolumes share its room. An overlay
# counts only as the root of a container, and what the container's manager binds into it is its host's; a tmpfs counts
# where people and programs keep files (/tmp), not where the system keeps its own. stat(1) asks for nothing but what it
# is given, and its figures need no header taken apart.
QUESTION = r"""
mounts=$(awk '
$5 ~ /^\/(run\/host\/|etc\/(hosts|hostname|resolv\.conf)$)/ { next }
{ for (i = 7; $i != "-"; i++); type = $(i + 1) }
type !~ /^(ext[234]|xfs|btrfs|zfs|f2fs|jfs|bcachefs|ubifs|reiserfs|vfat|exfat|ntfs3?|fuseblk)$/ &&
    !(type == "overlay" && $5 == "/") && !(type == "tmpfs" && $5 !~ /^\/(run|dev|sys|proc)(\/|$)/) { next }
!($3 in best) { order[++n] = $3 }
!($3 in best) || length($5) < length(point[$3]) { best[$3] = $0; point[$3] = $5 }
END { for (i = 1; i <= n; i++) print best[order[i]] }
' /proc/self/mountinfo) || exit
[ "$mounts" ] || exit 69
printf '%s\n--\n' "$mounts"
IFS='
'; set -f; set --
for line in $mounts; do
    point=${line#* * * * }; point=${point%% *}
    case $point in *\\*) point=$(printf '%b' "$(printf '%s' "$point" | sed 's/\\/\\0/g')") ;; esac
    set -- "$@" "$point"
done
stat -f -c '%S %b %f %a %c %d %n' -- "$@"
"""


class Filesystem(Frozen):
    """One local file system."""

    mount: str
    device: str
    type: str
    options: tuple[str, ...]
    """Of the mount and of the file system below it."""
    read_only: bool
    forced_read_only: bool
    """The kernel stopped writing after an error, though it was mounted for writing."""
    used_bytes: Bytes
    available_bytes: Bytes
    """To ordinary users: what is reserved for root is neither used nor available."""
    inodes: Count
    """0 where the file system makes them as needed."""
    inodes_free: Count

    @property
    def size_bytes(self) -> int:
        """Used and available together, which is what df(1) takes its percentage of."""
        return self.used_bytes + self.available_bytes

    @property
    def used_ratio(self) -> float | None:
        """Share in use, 0 to 1, as df(1) counts; None where there is no room at all."""
        return self.used_bytes / self.size_bytes if self.size_bytes else None

    @property
    def inodes_used_ratio(self) -> float | None:
        """Share of inodes in use, 0 to 1; None where they are made as needed."""
        return max(0.0, 1 - self.inodes_free / self.inodes) if self.inodes else None


class Filesystems(Frozen):
    """The local file systems, in the order they were mounted."""

    filesystems: tuple[Filesystem, ...]


def parse(text: str) -> Filesystems:
    """Read mountinfo lines (proc_pid_mountinfo(5)), ``--``, and one line of statfs figures for each."""
    mounts, separator, figures = text.strip().partition("\n--\n")
    if not separator:
        raise UnparsableError("filesystems: the answer has no figures")
    try:
        pairs = zip(mounts.splitlines(), figures.splitlines(), strict=True)
        return Filesystems(filesystems=tuple(_filesystem(mount, figure) for mount, figure in pairs))
    except (ValueError, IndexError) as problem:
        raise UnparsableError(f"filesystems: {why(problem)}") from None


def _filesystem(mountinfo: str, statfs: str) -> Filesystem:
    ahead, _, behind = mountinfo.partition(" - ")
    mount_words, (fstype, device, super_options) = ahead.split(" "), behind.split(" ")
    numbers, mount = statfs.split(" ", 6)[:6], statfs.split(" ", 6)[6]
    if mount != _unescape(mount_words[4]):
        raise ValueError(f"figures of {mount!r} where {mount_words[4]!r} was expected")
    block, blocks, free, available, inodes, inodes_free = (int(number) for number in numbers)
    here, below = set(mount_words[5].split(",")), set(super_options.split(","))
    # emergency_ro: ext4 since Linux 6.15; shutdown: xfs. Older kernels only turn the file system below read-only.
    forced = ("ro" in below and "rw" in here) or bool(below & {"emergency_ro", "shutdown"})
    return Filesystem(
        mount=mount,
        device=_unescape(device),
        type=fstype,
        options=tuple(sorted(here | below)),
        read_only=forced or "ro" in here | below,
        forced_read_only=forced,
        used_bytes=(blocks - free) * block,
        available_bytes=available * block,
        inodes=inodes,
        inodes_free=inodes_free,
    )


def _unescape(word: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), word)


COLLECTOR = Collector(
    id="filesystems",
    title=Text(en="File systems", zh="文件系统"),
    question=QUESTION,
    parse=parse,
    facts=Filesystems,
    root=True,  # a mount point below a closed directory
    seconds=10,
)
