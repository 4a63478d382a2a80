# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What lies under the mounted file systems: encryption, removable media, swap, and what the host exports."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen, Text

# Of crypttab only the names of key files leave the target, and the owner and mode of those; of the device mapper's
# UUIDs only the scheme. etab is what exportfs(8) made of all exports: every option is written out.
QUESTION = r"""
[ -r /proc/self/mounts ] || exit 69
set --
for file in /proc/self/mounts /proc/swaps /etc/fstab /var/lib/nfs/etab /sys/block/dm-*/dm/name /sys/block/dm-*/dm/uuid \
/sys/block/[!lrz]*/removable; do
if [ -r "$file" ]; then set -- "$@" "$file"; elif [ -e "$file" ]; then echo "denied $file"; fi
done
awk 'FILENAME == "/proc/self/mounts" {
if ($2 == "/proc") { print "proc", $4; next }
if ($1 ~ "^/dev/" && $2 !~ "^/(run/host|var/lib/(docker|containers|kubelet))/") print "mount", $1, $2, $3, $4
else other[$2] = $4
next }
FILENAME == "/proc/swaps" { if (FNR > 1) print "swap", $1, $2; next }
FILENAME == "/etc/fstab" {
if ($1 ~ /^#/ || NF < 4) next
print "fstab", $2, $3, $4
if ($2 in other) print "other", $2, other[$2]
next }
FILENAME ~ /etab$/ { print "export", $0; next }
FILENAME ~ /name$/ { print "name", FILENAME, $1; next }
FILENAME ~ /uuid$/ { split($0, part, "-"); print "uuid", FILENAME, (part[1] == "CRYPT") ? part[2] : "other"; next }
$1 == 1 { print "removable", FILENAME }' "$@"
for link in /sys/block/dm-*/slaves/*; do [ -e "$link" ] && echo "below $link"; done
if [ -r /etc/crypttab ]; then
set --
while read -r name device key options; do
case $name in ''|'#'*) continue ;; esac
case $key in /dev/*) ;; /*) set -- "$@" "$key" ;; esac
done </etc/crypttab
for key; do [ -e "$key" ] || echo "gone $key"; done
[ "$#" = 0 ] || stat -c 'key %a %U %n' "$@" 2>/dev/null
fi
echo end
"""


class Disk(Frozen):
    """One mounted file system on a block device."""

    target: str
    source: str
    type: str
    options: tuple[str, ...]
    removable: bool
    encrypted: bool
    """Whether what is written there passes dm-crypt."""


class Swap(Frozen):
    """One area in use that memory is swapped out to."""

    device: str
    safe: bool
    """Whether nothing of it can be read on a disk: encrypted, or itself in memory (zram)."""


class Volume(Frozen):
    """One open encrypted volume."""

    name: str
    scheme: str
    """As the device mapper knows it, e.g. ``LUKS2``, ``LUKS1``, ``PLAIN``."""


class KeyFile(Frozen):
    """One key file that /etc/crypttab names."""

    path: str
    mode: str
    """Octal; empty when the file is not there."""
    owner: str


class Export(Frozen):
    """One directory exported by NFS to some clients, with every option written out."""

    path: str
    clients: str
    options: tuple[str, ...]
    security: tuple[str, ...]
    """Flavours clients may choose among: ``sys``, ``krb5``, ``krb5i``, ``krb5p``."""


class Storage(Frozen):
    """What lies under the mounted file systems."""

    disks: tuple[Disk, ...]
    encrypted: tuple[str, ...]
    """Where encrypted file systems are mounted."""
    volumes: tuple[Volume, ...]
    key_files: tuple[KeyFile, ...]
    swaps: tuple[Swap, ...]
    proc_options: tuple[str, ...]
    """Options of /proc."""
    not_in_force: tuple[str, ...]
    """Restrictions that /etc/fstab asks for and the mounted file system does not have, e.g. ``/home nosuid``."""
    exports: tuple[Export, ...] | Missing


_ENCRYPTING = frozenset({"LUKS1", "LUKS2", "PLAIN", "LOOPAES", "TCRYPT", "BITLK", "FVAULT2"})
"""Schemes of cryptsetup(8) that encrypt; VERITY and INTEGRITY only notice changes."""

_TAGS = frozenset(
    {"mount", "other", "proc", "swap", "fstab", "export", "name", "uuid", "removable", "below", "gone", "key", "denied"}
)
_RESTRICTIONS = ("ro", "nodev", "nosuid", "noexec")


def parse(text: str) -> Storage:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    tagged: dict[str, list[list[str]]] = {}
    for line in lines[:-1]:
        tag, *words = line.split() or [""]
        if tag not in _TAGS:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        tagged.setdefault(tag, []).append(words)
    try:
        return _storage(tagged)
    except (KeyError, ValueError, IndexError) as problem:
        raise UnparsableError(f"cannot make sense of a line: {str(problem)[:80]}") from None


def _storage(tagged: dict[str, list[list[str]]]) -> Storage:
    tree = _Devices(tagged)
    removable = tuple(path.split("/")[3] for (path,) in tagged.get("removable", []))
    disks = {
        _unescape(target): Disk(
            target=_unescape(target),
            source=source,
            type=kind,
            options=tuple(options.split(",")),
            removable=any(re.fullmatch(rf"/dev/{re.escape(name)}(p?\d+)?", source) for name in removable),
            encrypted=tree.encrypted(source),
        )
        for source, target, kind, options in tagged.get("mount", [])
    }
    if not disks and "proc" not in tagged:
        raise UnparsableError("no mounts")
    keys = [KeyFile(path=" ".join(path), mode=mode, owner=owner) for mode, owner, *path in tagged.get("key", [])]
    gone = [KeyFile(path=" ".join(path), mode="", owner="") for path in tagged.get("gone", [])]
    unread = [path for (path,) in tagged.get("denied", []) if path.endswith("etab")]
    return Storage(
        disks=tuple(disks.values()),
        encrypted=tuple(disk.target for disk in disks.values() if disk.encrypted),
        volumes=tuple(Volume(name=name, scheme=scheme) for name, scheme in tree.volumes()),
        key_files=(*keys, *gone),
        swaps=tuple(_swap(words[0], words[-1], disks, tree) for words in tagged.get("swap", [])),
        proc_options=tuple(tagged["proc"][-1][0].split(",")) if "proc" in tagged else (),
        not_in_force=tuple(_not_in_force(tagged)),
        exports=Missing("denied", "/var/lib/nfs/etab: root is needed to read this")
        if unread
        else tuple(_export(words) for words in tagged.get("export", [])),
    )


class _Devices:
    """The device mapper's devices and what lies below each."""

    def __init__(self, tagged: dict[str, list[list[str]]]) -> None:
        self._names = {path.split("/")[3]: name for path, name in tagged.get("name", [])}
        self._schemes = {path.split("/")[3]: scheme for path, scheme in tagged.get("uuid", [])}
        self._below: dict[str, set[str]] = {}
        for (path,) in tagged.get("below", []):
            _, _, _, device, _, lower = path.split("/")
            self._below.setdefault(device, set()).add(lower)

    def volumes(self) -> list[tuple[str, str]]:
        return [
            (self._names.get(device, device), scheme)
            for device, scheme in self._schemes.items()
            if scheme in _ENCRYPTING
        ]

    def encrypted(self, source: str) -> bool:
        """Whether each way down from ``source`` passes dm-crypt."""
        name = source.rpartition("/")[2]
        return self._passes({name, *(device for device, given in self._names.items() if given == name)}, frozenset())

    def _passes(self, devices: set[str], above: frozenset[str]) -> bool:
        mapped = (devices - above) & (self._schemes.keys() | self._below.keys())
        return bool(mapped) and all(
            self._schemes.get(device) in _ENCRYPTING
            or (device in self._below and all(self._passes({low}, above | mapped) for low in self._below[device]))
            for device in mapped
        )


def _swap(device: str, kind: str, disks: dict[str, Disk], tree: _Devices) -> Swap:
    if kind == "file":
        under = [target for target in disks if device.startswith(target.rstrip("/") + "/")]
        safe = bool(under) and disks[max(under, key=len)].encrypted
    else:
        safe = device.startswith("/dev/zram") or tree.encrypted(device)
    return Swap(device=device, safe=safe)


def _not_in_force(tagged: dict[str, list[list[str]]]) -> list[str]:
    mounted = {words[-3]: words[-1].split(",") for words in tagged.get("mount", [])}
    mounted |= {target: options.split(",") for target, options in tagged.get("other", [])}
    return [
        f"{_unescape(target)} {option}"
        for target, _, options in tagged.get("fstab", [])
        for option in options.split(",")
        if option in _RESTRICTIONS and target in mounted and option not in mounted[target]
    ]


def _export(words: list[str]) -> Export:
    found = re.fullmatch(r"(\S+) ([^\s(]+)\((\S*)\)", " ".join(words))
    if found is None:
        raise ValueError("an export without clients and options")
    path, clients, named = found[1], found[2], found[3].split(",")
    security = [option.removeprefix("sec=").split(":") for option in named if option.startswith("sec=")]
    return Export(
        path=_unescape(path),
        clients=clients,
        options=tuple(named),
        security=tuple(security[-1]) if security else ("sys",),
    )


def _unescape(path: str) -> str:
    r"""Undo the octal escapes of mounts, fstab and etab.

    >>> _unescape(r"/mnt/my\040disk")
    '/mnt/my disk'
    """
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


COLLECTOR = Collector(
    id="storage",
    title=Text(en="Storage", zh="存储"),
    question=QUESTION,
    parse=parse,
    facts=Storage,
)
