# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the running kernel says of itself: settings, mounts, mandatory access control, modules, hardware protection."""

import re
from collections.abc import Mapping

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen, Text

SYSCTLS = """
fs.protected_fifos fs.protected_hardlinks fs.protected_regular fs.protected_symlinks fs.suid_dumpable
kernel.core_pattern kernel.dmesg_restrict kernel.kptr_restrict kernel.randomize_va_space
kernel.unprivileged_bpf_disabled kernel.yama.ptrace_scope net.ipv4.conf.all.accept_redirects
net.ipv4.conf.all.accept_source_route net.ipv4.conf.all.log_martians net.ipv4.conf.all.rp_filter
net.ipv4.conf.all.send_redirects net.ipv4.conf.default.accept_redirects net.ipv4.conf.default.send_redirects
net.ipv4.icmp_echo_ignore_broadcasts net.ipv4.ip_forward net.ipv4.tcp_syncookies net.ipv6.conf.all.accept_ra
net.ipv6.conf.all.accept_redirects net.ipv6.conf.all.accept_source_route net.ipv6.conf.all.disable_ipv6
net.ipv6.conf.all.forwarding net.ipv6.conf.default.accept_ra net.ipv6.conf.default.accept_redirects
net.ipv6.conf.default.accept_source_route
dev.tty.ldisc_autoload dev.tty.legacy_tiocsti kernel.io_uring_disabled kernel.kexec_load_disabled
kernel.modules_disabled kernel.perf_event_paranoid kernel.sysrq kernel.tainted kernel.unprivileged_userns_clone
kernel.apparmor_restrict_unprivileged_userns net.core.bpf_jit_harden net.ipv4.conf.all.mc_forwarding
net.ipv4.icmp_ignore_bogus_error_responses net.ipv4.tcp_rfc1337 net.ipv6.conf.all.mc_forwarding
net.netfilter.nf_conntrack_helper user.max_user_namespaces vm.mmap_min_addr vm.unprivileged_userfaultfd
""".split()  # noqa: SIM905 - a table
"""The settings read, by the names sysctl(8) gives them."""

MODULE_FILES = """
drivers/bluetooth/btusb drivers/firewire/firewire-core drivers/thunderbolt/thunderbolt drivers/usb/storage/uas
drivers/usb/storage/usb-storage fs/cramfs/cramfs fs/freevxfs/freevxfs fs/hfs/hfs fs/hfsplus/hfsplus fs/jffs2/jffs2
fs/squashfs/squashfs fs/udf/udf net/appletalk/appletalk net/atm/atm net/ax25/ax25 net/bluetooth/bluetooth net/can/can
net/dccp/dccp net/ieee802154/ieee802154_socket net/netrom/netrom net/rds/rds net/rose/rose net/sctp/sctp net/tipc/tipc
net/x25/x25
""".split()  # noqa: SIM905 - a table
"""Where the watched modules lie below ``/lib/modules/RELEASE/kernel``, without ``.ko``."""

WATCHED_MODULES = tuple(path.rpartition("/")[2].replace("-", "_") for path in MODULE_FILES)
"""Modules of which is told whether they are loaded and whether there are such."""

TAINTS = {0: "proprietary", 1: "forced", 3: "forced_removal", 12: "out_of_tree", 13: "unsigned", 15: "live_patch"}
"""What the bits of kernel.tainted say of modules (kernel documentation, admin-guide/tainted-kernels)."""

# One awk over files that exist and can be read; the shell's own tests cost no process. A file that exists and cannot
# be read is named as such: its setting is denied, not absent.
QUESTION = f"""\
cd /proc/sys || exit 69
read -r release <kernel/osrelease
if [ -d "/lib/modules/$release/kernel" ]; then
echo modules
for module in {" ".join(MODULE_FILES)}; do
for file in "/lib/modules/$release/kernel/$module".ko*; do [ -e "$file" ] && echo "available $module"; done
done
fi
set --
for file in {" ".join(name.replace(".", "/") for name in SYSCTLS)} /proc/self/mounts /proc/modules \
/sys/kernel/security/lockdown /sys/module/apparmor/parameters/enabled \
/sys/fs/selinux/enforce /sys/devices/system/cpu/vulnerabilities/* /etc/modprobe.d/*.conf /run/modprobe.d/*.conf \
/usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf /etc/crypto-policies/state/current \
"/lib/modules/$release/modules.builtin" /usr/lib/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /run/sysctl.d/*.conf \
/etc/sysctl.d/*.conf; do
if [ -r "$file" ]; then set -- "$@" "$file"; elif [ -e "$file" ]; then echo "denied $file"; fi
done
[ -d /sys/firmware/efi ] && echo efi
[ -e /sys/class/tpm/tpm0 ] && echo tpm
awk 'FILENAME == "/proc/self/mounts" {{
if ($2 !~ "^/(proc|sys|run/(user|credentials|netns))|/(overlay2?|kubelet|docker|containerd)/")
print "mount", $1, $2, $3, $4
next }}
FILENAME == "/proc/modules" {{ if ($1 ~ /^({"|".join(WATCHED_MODULES)})$/) print "module", $1; next }}
FILENAME ~ /modprobe.d/ {{ if ($1 == "install" || $1 == "blacklist") print "modprobe", $1, $2, $3; next }}
FILENAME ~ /modules.builtin$/ {{
if ($1 ~ "/({"|".join(path.rpartition("/")[2] for path in MODULE_FILES)})[.]ko") print "builtin", $1
next }}
FILENAME ~ /sysctl.d/ {{ if ($1 !~ /^[#;]/ && /=/) print "sysctl", FILENAME, $0; next }}
{{ print "file", FILENAME, $0 }}
END {{ print "end" }}' "$@"
"""

_BOOTED = re.compile(r"\[(\w+)\]")


class Mount(Frozen):
    """One mounted file system."""

    target: str
    source: str
    type: str
    options: tuple[str, ...]


class Vulnerability(Frozen):
    """What the kernel says of one weakness of the processor."""

    name: str
    state: str
    """As the kernel words it: ``Not affected``, ``Mitigation: ...`` or ``Vulnerable...``."""


class Kernel(Frozen):
    """The running kernel's state."""

    sysctl: dict[str, int | str | Missing]
    """Effective settings by sysctl(8) name; whole numbers as such. A key the kernel does not have is not there."""
    mounts: tuple[Mount, ...]
    """The last mounted where several lie on one another; without those of containers and of the kernel itself."""
    modules: tuple[str, ...]
    """Loaded modules among the watched ones."""
    blocked_modules: tuple[str, ...]
    """Modules that modprobe is told never to load (``install NAME /bin/false`` or ``true``), with ``_`` for ``-``."""
    apparmor: bool
    selinux: str | None
    """``enforcing``, ``permissive``, or None where the kernel has none."""
    mac_enforced: bool
    """AppArmor enabled or SELinux enforcing."""
    lockdown: str | None
    """``none``, ``integrity`` or ``confidentiality``."""
    vulnerabilities: tuple[Vulnerability, ...]
    available_modules: tuple[str, ...] | None
    """Watched modules there are, built in or not; None where the kernel's modules cannot be looked at."""
    builtin_modules: tuple[str, ...]
    """Watched modules that are part of the kernel itself: nothing can keep them out."""
    drifted: tuple[str, ...] | Missing
    """Settings that sysctl.d(5) will change at the next boot, with both values; patterns left out."""
    crypto_policy: str | None
    """System-wide policy of the Red Hat families."""
    efi: bool
    tpm: bool

    @property
    def usable_modules(self) -> tuple[str, ...] | Missing:
        """Watched modules that are in use or can be: loaded, built in, or there and not blocked.

        A container does not see which modules its host has; then all are taken to be there.
        """
        closed = self.sysctl.get("kernel.modules_disabled")
        if self.available_modules is None and closed is None:
            return Missing("absent", "the kernel loads no modules")
        there = WATCHED_MODULES if self.available_modules is None else self.available_modules
        loadable = () if closed == 1 else (name for name in there if name not in self.blocked_modules)
        return tuple(sorted({*self.modules, *self.builtin_modules, *loadable}))

    @property
    def taints(self) -> tuple[str, ...] | Missing:
        """What kernel.tainted tells of the modules loaded since boot, as named in :data:`TAINTS`."""
        tainted = self.sysctl.get("kernel.tainted")
        if not isinstance(tainted, int):
            return tainted if isinstance(tainted, Missing) else Missing("absent", "kernel.tainted is not told")
        return tuple(name for bit, name in TAINTS.items() if tainted >> bit & 1)


def parse(text: str) -> Kernel:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    sysctl: dict[str, int | str | Missing] = {}
    files: dict[str, str] = {}
    mounts: dict[str, Mount] = {}
    unread: Missing | None = None
    tagged: dict[str, list[list[str]]] = {"module": [], "modprobe": [], "available": [], "builtin": [], "sysctl": []}
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        words = rest.split()
        if tag == "mount" and len(words) == 4:  # noqa: PLR2004 - source, target, type, options
            source, target, kind, options = words
            target = _unescape(target)
            mounts[target] = Mount(target=target, source=source, type=kind, options=tuple(options.split(",")))
        elif tag in tagged and words:
            tagged[tag].append(words)
        elif tag == "denied" and not rest.startswith("/"):
            sysctl[rest.replace("/", ".")] = Missing("denied", f"{rest}: root is needed to read this")
        elif tag == "denied" and "/sysctl.d/" in rest:
            unread = Missing("denied", f"{rest}: root is needed to read this")
        elif tag == "file" and words:
            files.setdefault(words[0], " ".join(words[1:]))
        elif tag not in {"efi", "tpm", "modules"}:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    sysctl.update({path.replace("/", "."): _number(value) for path, value in files.items() if path[0] != "/"})
    if not mounts or not sysctl:
        raise UnparsableError("no mounts or no settings")
    apparmor = files.get("/sys/module/apparmor/parameters/enabled") == "Y"
    selinux = {"1": "enforcing", "0": "permissive"}.get(files.get("/sys/fs/selinux/enforce", ""))
    builtin = tuple(sorted({_module(words[0]) for words in tagged["builtin"]}))
    available = {*builtin, *(_module(words[0]) for words in tagged["available"])}
    lockdown = _BOOTED.search(files.get("/sys/kernel/security/lockdown", ""))
    return Kernel(
        sysctl=sysctl,
        mounts=tuple(mounts.values()),
        modules=tuple(words[0] for words in tagged["module"]),
        blocked_modules=tuple(
            words[1].replace("-", "_")
            for words in tagged["modprobe"]
            if words[0] == "install" and words[-1].rpartition("/")[2] in {"false", "true"}
        ),
        apparmor=apparmor,
        selinux=selinux,
        mac_enforced=apparmor or selinux == "enforcing",
        lockdown=lockdown[1] if lockdown else None,
        vulnerabilities=tuple(
            Vulnerability(name=path.rpartition("/")[2], state=state)
            for path, state in files.items()
            if path.startswith("/sys/devices/system/cpu/vulnerabilities/")
        ),
        available_modules=tuple(sorted(available)) if "modules" in lines else None,
        builtin_modules=builtin,
        drifted=unread or _drifted(sysctl, [" ".join(words) for words in tagged["sysctl"]]),
        crypto_policy=files.get("/etc/crypto-policies/state/current"),
        efi="efi" in lines,
        tpm="tpm" in lines,
    )


def _module(path: str) -> str:
    """Return the name of a module by its file.

    >>> _module("kernel/drivers/firewire/firewire-core.ko")
    'firewire_core'
    """
    return path.rpartition("/")[2].partition(".ko")[0].replace("-", "_")


_DIRECTORIES = ("/usr/lib/", "/usr/local/lib/", "/run/", "/etc/")
"""Where sysctl.d(5) looks, the least telling first: of files of one name only the last counts."""


def _drifted(now: Mapping[str, int | str | Missing], lines: list[str]) -> tuple[str, ...]:
    """Return which settings differ from what the lines (``FILE KEY = VALUE``) of all sysctl.d directories come to."""
    files: dict[str, tuple[int, list[str]]] = {}
    for line in lines:
        path, _, text = line.partition(" ")
        directory, _, name = path.rpartition("sysctl.d/")
        rank = _DIRECTORIES.index(directory) if directory in _DIRECTORIES else -1
        if name not in files or rank > files[name][0]:
            files[name] = (rank, [])
        if rank == files[name][0]:
            files[name][1].append(text)
    later: dict[str, int | str] = {}
    for name in sorted(files):
        for text in files[name][1]:
            key, _, value = text.partition("=")
            setting = key.strip().removeprefix("-").strip()
            later[setting.replace("/", ".")] = _number(" ".join(value.split()))
    return tuple(
        f"{setting}: {now[setting]} now, {value} at boot"
        for setting, value in later.items()
        if setting in now and not isinstance(now[setting], Missing) and now[setting] != value
    )


def _number(value: str) -> int | str:
    if re.fullmatch(r"0x[0-9a-fA-F]{1,15}", value):
        return int(value, 16)
    return int(value) if re.fullmatch(r"-?\d{1,18}", value, re.ASCII) else value


def _unescape(path: str) -> str:
    r"""Undo the octal escapes of /proc/self/mounts.

    >>> _unescape(r"/mnt/my\040disk")
    '/mnt/my disk'
    """
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


COLLECTOR = Collector(
    id="kernel",
    title=Text(en="Kernel state", zh="内核运行状态"),
    question=QUESTION,
    parse=parse,
    facts=Kernel,
)
