# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the running kernel says of itself: settings, mounts, mandatory access control, modules, hardware protection."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen, Text

SYSCTLS = """
crypto.fips_enabled
dev.tty.ldisc_autoload
fs.protected_fifos fs.protected_hardlinks fs.protected_regular fs.protected_symlinks fs.suid_dumpable
kernel.core_pattern kernel.core_uses_pid kernel.dmesg_restrict kernel.kexec_load_disabled kernel.kptr_restrict
kernel.modules_disabled kernel.perf_event_paranoid kernel.randomize_va_space kernel.sysrq
kernel.unprivileged_bpf_disabled kernel.unprivileged_userns_clone kernel.yama.ptrace_scope
net.core.bpf_jit_harden
net.ipv4.conf.all.accept_redirects net.ipv4.conf.default.accept_redirects
net.ipv4.conf.all.accept_source_route net.ipv4.conf.default.accept_source_route
net.ipv4.conf.all.log_martians net.ipv4.conf.default.log_martians
net.ipv4.conf.all.rp_filter net.ipv4.conf.default.rp_filter
net.ipv4.conf.all.secure_redirects net.ipv4.conf.default.secure_redirects
net.ipv4.conf.all.send_redirects net.ipv4.conf.default.send_redirects
net.ipv4.icmp_echo_ignore_broadcasts net.ipv4.icmp_ignore_bogus_error_responses net.ipv4.ip_forward
net.ipv4.tcp_rfc1337 net.ipv4.tcp_syncookies net.ipv4.tcp_timestamps
net.ipv6.conf.all.accept_ra net.ipv6.conf.default.accept_ra
net.ipv6.conf.all.accept_redirects net.ipv6.conf.default.accept_redirects
net.ipv6.conf.all.accept_source_route net.ipv6.conf.default.accept_source_route
net.ipv6.conf.all.disable_ipv6 net.ipv6.conf.all.forwarding
vm.mmap_min_addr
""".split()  # noqa: SIM905 - a table, grouped as people know it
"""The settings read, by the names sysctl(8) gives them."""

WATCHED_MODULES = (
    "cramfs|freevxfs|hfs|hfsplus|jffs2|udf|usb_storage|uas|firewire_core|firewire_ohci|dccp|sctp|rds|tipc|n_hdlc"
    "|ax25|netrom|rose|can|atm|bluetooth|p8023|psnap|appletalk|ipx|decnet|econet"
)

# One awk over files that exist and can be read; the shell's own tests cost no process. A file that exists and cannot
# be read is named as such: its setting is denied, not absent.
QUESTION = f"""\
cd /proc/sys || exit 69
set --
for file in {" ".join(name.replace(".", "/") for name in SYSCTLS)} /proc/self/mounts /proc/modules /proc/cmdline \
/sys/kernel/security/lsm /sys/kernel/security/lockdown /sys/module/apparmor/parameters/enabled \
/sys/fs/selinux/enforce /sys/devices/system/cpu/vulnerabilities/* /etc/modprobe.d/*.conf /run/modprobe.d/*.conf \
/usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf /sys/block/dm-*/dm/uuid /etc/crypto-policies/state/current; do
if [ -r "$file" ]; then set -- "$@" "$file"; elif [ -e "$file" ]; then echo "denied $file"; fi
done
[ -d /sys/firmware/efi ] && echo efi
[ -e /sys/class/tpm/tpm0 ] && echo tpm
awk 'FILENAME == "/proc/self/mounts" {{ if ($2 !~ "^/(proc|sys|run/(user|credentials|netns))|/overlay2?/|/kubelet/|/docker/|/containerd/") print "mount", $1, $2, $3, $4; next }}
FILENAME == "/proc/modules" {{ if ($1 ~ /^({WATCHED_MODULES})$/) print "module", $1; next }}
FILENAME ~ /modprobe.d/ {{ if ($1 == "install" || $1 == "blacklist") print "modprobe", $1, $2, $3; next }}
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
    lsm: tuple[str, ...]
    """Active security modules; empty where securityfs is not mounted."""
    apparmor: bool
    selinux: str | None
    """``enforcing``, ``permissive``, or None where the kernel has none."""
    mac_enforced: bool
    """AppArmor enabled or SELinux enforcing."""
    lockdown: str | None
    """``none``, ``integrity`` or ``confidentiality``."""
    vulnerabilities: tuple[Vulnerability, ...]
    crypto_policy: str | None
    """System-wide policy of the Red Hat families."""
    encrypted_volumes: int
    """LUKS volumes open."""
    efi: bool
    tpm: bool
    cmdline: tuple[str, ...]


def parse(text: str) -> Kernel:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    sysctl: dict[str, int | str | Missing] = {}
    files: dict[str, str] = {}
    mounts: dict[str, Mount] = {}
    tagged: dict[str, list[list[str]]] = {"module": [], "modprobe": []}
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        words = rest.split()
        if tag == "mount" and len(words) == 4:  # noqa: PLR2004 - source, target, type, options
            source, target, kind, options = words
            target = _unescape(target)
            mounts[target] = Mount(target=target, source=source, type=kind, options=tuple(options.split(",")))
        elif tag in tagged and words:
            tagged[tag].append(words)
        elif tag == "denied":
            sysctl[rest.replace("/", ".")] = Missing("denied", f"{rest}: root is needed to read this")
        elif tag == "file" and words:
            files.setdefault(words[0], " ".join(words[1:]))
        elif tag not in {"efi", "tpm"}:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    sysctl.update({path.replace("/", "."): _number(value) for path, value in files.items() if path[0] != "/"})
    if not mounts or not sysctl:
        raise UnparsableError("no mounts or no settings")
    apparmor = files.get("/sys/module/apparmor/parameters/enabled") == "Y"
    selinux = {"1": "enforcing", "0": "permissive"}.get(files.get("/sys/fs/selinux/enforce", ""))
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
        lsm=tuple(files.get("/sys/kernel/security/lsm", "").replace(",", " ").split()),
        apparmor=apparmor,
        selinux=selinux,
        mac_enforced=apparmor or selinux == "enforcing",
        lockdown=lockdown[1] if lockdown else None,
        vulnerabilities=tuple(
            Vulnerability(name=path.rpartition("/")[2], state=state)
            for path, state in files.items()
            if path.startswith("/sys/devices/system/cpu/vulnerabilities/")
        ),
        crypto_policy=files.get("/etc/crypto-policies/state/current"),
        encrypted_volumes=sum(
            value.startswith("CRYPT-LUKS") for path, value in files.items() if path.endswith("/dm/uuid")
        ),
        efi="efi" in lines,
        tpm="tpm" in lines,
        cmdline=tuple(files.get("/proc/cmdline", "").split()),
    )


def _number(value: str) -> int | str:
    return int(value) if re.fullmatch(r"-?\d{1,18}", value, re.ASCII) else value


def _unescape(path: str) -> str:
    """Undo the octal escapes of /proc/self/mounts.

    >>> _unescape(r"/mnt/my\\040disk")
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
