# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the running kernel says of itself: settings, mounts, mandatory access control, modules, hardware protection."""

import re

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
""".split()  # noqa: SIM905 - a table
"""The settings read, by the names sysctl(8) gives them."""

WATCHED_MODULES = ("usb_storage", "uas", "dccp", "sctp", "rds", "tipc")
"""Modules of which is told whether they are loaded."""

# One awk over files that exist and can be read; the shell's own tests cost no process. A file that exists and cannot
# be read is named as such: its setting is denied, not absent.
QUESTION = f"""\
cd /proc/sys || exit 69
set --
for file in {" ".join(name.replace(".", "/") for name in SYSCTLS)} /proc/self/mounts /proc/modules \
/sys/kernel/security/lockdown /sys/module/apparmor/parameters/enabled \
/sys/fs/selinux/enforce /sys/devices/system/cpu/vulnerabilities/* /etc/modprobe.d/*.conf /run/modprobe.d/*.conf \
/usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf /etc/crypto-policies/state/current; do
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
    crypto_policy: str | None
    """System-wide policy of the Red Hat families."""
    efi: bool
    tpm: bool


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
        elif tag == "denied" and not rest.startswith("/"):
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
        efi="efi" in lines,
        tpm="tpm" in lines,
    )


def _number(value: str) -> int | str:
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
