# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How the host came up and would come up again: kernel parameters, boot loader, trust anchors, consoles, limits."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen, Text

WATCHED = """
1 S amd_iommu apparmor audit audit_backlog_limit emergency enforcing ima_appraise ima_policy init init_on_alloc
init_on_free intel_iommu iommu kaslr kpti l1tf lockdown mds mitigations module.sig_enforce nokaslr noexec nopti
nosmap nosmep nospectre_v1 nospectre_v2 page_alloc.shuffle page_poison pti randomize_kstack_offset rd.break rescue
s security selinux single slab_merge slab_nomerge slub_debug spec_store_bypass_disable spectre_v2
systemd.confirm_spawn systemd.debug-shell systemd.debug_shell systemd.unit tsx_async_abort vsyscall
""".split()  # noqa: SIM905 - a table
"""Kernel parameters that leave the target; any other may hold secrets."""

OPTIONS = """
ACPI_CUSTOM_METHOD COMPAT_BRK DEVKMEM FORTIFY_SOURCE HARDENED_USERCOPY INIT_ON_ALLOC_DEFAULT_ON INIT_ON_FREE_DEFAULT_ON
MODULE_SIG_FORCE RANDOMIZE_BASE RANDOMIZE_KSTACK_OFFSET_DEFAULT SLAB_FREELIST_HARDENED
SLAB_FREELIST_RANDOM SLAB_MERGE_DEFAULT STACKPROTECTOR_STRONG STRICT_DEVMEM STRICT_KERNEL_RWX STRICT_MODULE_RWX
""".split()  # noqa: SIM905 - a table
"""Options the kernel was built with of which is told whether they are set."""

UNITS = (
    "rescue.service", "emergency.service", "ctrl-alt-del.target", "default.target", "user-1000.slice",
    "getty@tty1.service", "serial-getty@ttyS0.service", "console-getty.service",
)  # fmt: skip

# The state of a password of the boot loader leaves the target, not its hash. The flags of the first processor stand
# for all; reading on would make the kernel print every other.
QUESTION = rf"""
read -r release </proc/sys/kernel/osrelease || exit 69
while read -r key rest; do
case $key in flags) case " $rest " in *" nx "*) echo "nx yes" ;; *) echo "nx no" ;; esac; break ;; esac
done 2>/dev/null </proc/cpuinfo
set --
for file in /proc/cmdline "/boot/config-$release" "/lib/modules/$release/config" /boot/grub/grub.cfg \
/boot/grub2/grub.cfg /boot/grub2/grubenv /boot/grub2/user.cfg /boot/efi/EFI/*/grub.cfg /boot/efi/EFI/*/user.cfg \
/boot/loader/entries/*.conf /proc/self/maps /sys/bus/thunderbolt/devices/domain*/security \
/sys/module/module/parameters/sig_enforce /sys/kernel/security/ima/runtime_measurements_count; do
if [ -r "$file" ]; then set -- "$@" "$file"; elif [ -e "$file" ]; then echo "denied $file"; fi
done
[ -e /sys/kernel/security/tpm0/binary_bios_measurements ] && echo eventlog
if [ -d /sys/firmware/efi ]; then
echo efi
for file in /sys/firmware/efi/efivars/SecureBoot-*; do [ -r "$file" ] && echo "secureboot $(od -An -tu1 "$file")"; done
fi
awk 'function words(kind, first, i) {{
for (i = first; i <= NF; i++)
if ($i ~ /^({"|".join(word.replace(".", "[.]") for word in WATCHED)})(=|$)/) print kind, $i }}
FILENAME == "/proc/cmdline" {{ words("parameter", 1); next }}
FILENAME == "/proc/self/maps" {{ if ($NF == "[vsyscall]") print "vsyscall", $2; next }}
FILENAME ~ /config/ {{ if (/^CONFIG_/) {{ config = 1
if (/^CONFIG_({"|".join(OPTIONS)})=/) print "option", substr($0, 8) }}
next }}
FILENAME ~ /[.]cfg$/ {{
if (!(FILENAME in seen)) {{ seen[FILENAME]; print "loader", FILENAME }}
if ($1 ~ /^linux(16|efi)?$/ && !/ (single|recovery)( |$)/) words("entry", 3)
if ($1 == "set" && $2 ~ /^superusers=/) print "superusers", $2
if ($1 == "password") print "password plain"
if ($1 == "password_pbkdf2" && $3 ~ /^grub[.]/) print "password hashed"
if (/^GRUB2_PASSWORD=grub[.]/) print "password hashed"
next }}
FILENAME ~ /entries|grubenv/ {{
if ($1 == "options" || $1 ~ /^kernelopts=/) {{ print "bls"; words("entry", 2) }}
next }}
FILENAME ~ /thunderbolt/ {{ print "thunderbolt", $1; next }}
FILENAME ~ /sig_enforce/ {{ print "sig_enforce", $1; next }}
{{ print "ima", $1 }}
END {{ if (config) print "config" }}' "$@"
if [ -d /run/systemd/system ]; then
systemctl show -p CtrlAltDelBurstAction,DefaultLimitCORE,DefaultTasksMax | sed 's/^/manager /'
systemctl show -p Id,LoadState,ExecStart,Environment,TasksMax {" ".join(UNITS)} | awk '
/^Environment=/ {{ if (/SYSTEMD_SULOGIN_FORCE=(1|y|t|on)/) print "unit Forced=yes"; next }}
/^ExecStart=/ {{ if (match($0, /argv\[\]=[^;]*/)) print "unit Exec=" substr($0, RSTART + 7, RLENGTH - 7); next }}
{{ print "unit", $0 }}'
fi
echo end
"""

_QUOTED_EMPTY = re.compile(r"superusers=[\"']{0,2}$")
_AUTOLOGIN = re.compile(r" (-a|--autologin)( |=|$)|/login (-\w )*-f|(^| )\S*/(ba|da)?sh( |$)")


class Loader(Frozen):
    """The boot loader's configuration, as far as GRUB's files tell."""

    files: tuple[str, ...]
    protected: bool
    """Whether changing an entry takes the password of a superuser."""
    plain: bool
    """Whether a password is kept in plain text."""


class Console(Frozen):
    """One log-in prompt on a console."""

    unit: str
    automatic: bool
    """Whether it lets somebody in without asking."""


class Systemd(Frozen):
    """What the service manager holds to."""

    default_target: str
    ctrl_alt_del_masked: bool
    burst_action: str | None
    """What seven times Ctrl-Alt-Del in two seconds does; None before systemd told."""
    service_core_limit: str | None
    """Soft and hard limit of core dumps of services, as systemd says it: bytes, or ``infinity``."""
    service_tasks: str | None
    """Most tasks of one service; ``infinity``: no bound."""
    user_tasks: str | None
    """Most tasks of all that one user runs; ``infinity``: no bound."""
    rescue_asks: bool
    """Whether both the rescue and the emergency shell ask for root's password."""
    consoles: tuple[Console, ...]


class Boot(Frozen):
    """How the host came up and would come up again."""

    parameters: tuple[str, ...]
    """Watched parameters of the running kernel, e.g. ``audit=1``."""
    entries: tuple[str, ...] | Missing
    """Watched parameters of the boot loader's entries, those for recovery left out."""
    options: tuple[str, ...] | Missing | None
    """Watched options the kernel was built with; None where it does not tell."""
    loader: Loader | Missing
    secure_boot: bool | None
    """None: not booted by UEFI, or the firmware does not tell."""
    event_log: bool
    """Whether the firmware left a measured-boot log of a TPM."""
    ima_measurements: int
    """Files the kernel's integrity measurement (IMA) has measured; 1 or 0 without a policy."""
    signed_modules_only: bool
    vsyscall: str
    """``none``, ``xonly`` or ``emulate``: what is mapped at the old fixed address of system calls."""
    no_execute: bool | None
    """Whether the processor keeps data from being run; None where its flags do not tell."""
    thunderbolt: tuple[str, ...]
    """Security level of each Thunderbolt domain."""
    systemd: Systemd | None


def parse(text: str) -> Boot:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    tagged: dict[str, list[str]] = {}
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        tagged.setdefault(tag, []).append(rest)
    known = {
        "nx", "denied", "eventlog", "efi", "bls", "secureboot", "parameter", "vsyscall", "option", "config", "loader",
        "entry", "superusers", "password", "thunderbolt", "sig_enforce", "ima", "manager", "unit",
    }  # fmt: skip
    if tagged.keys() - known:
        raise UnparsableError(f"cannot make sense of {min(tagged.keys() - known)[:80]!r}")
    options = frozenset(option.removesuffix("=y") for option in tagged.get("option", []) if option.endswith("=y"))
    return Boot(
        parameters=tuple(dict.fromkeys(tagged.get("parameter", []))),
        entries=_entries(tagged),
        options=tuple(sorted(options)) if "config" in tagged else _unread(tagged, "config"),
        loader=_loader(tagged),
        secure_boot=_secure_boot(tagged.get("secureboot", [])),
        event_log="eventlog" in tagged,
        ima_measurements=_number(tagged.get("ima", ["0"])[0]),
        signed_modules_only=tagged.get("sig_enforce") == ["Y"],
        vsyscall={"r-xp": "emulate", "--xp": "xonly"}.get(tagged.get("vsyscall", [""])[0], "none"),
        no_execute={"yes": True, "no": False}.get(tagged.get("nx", [""])[0]),
        thunderbolt=tuple(tagged.get("thunderbolt", [])),
        systemd=_systemd(tagged.get("manager", []), tagged["unit"]) if "unit" in tagged else None,
    )


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is no number")
    return int(text)


def _secure_boot(variables: list[str]) -> bool | None:
    """Read the bytes of the variable: four of attributes, then 1 or 0 (UEFI specification, 3.3)."""
    words = variables[0].split() if variables else []
    return words[4] == "1" if len(words) == 5 else None  # noqa: PLR2004 - four of attributes and one


def _unread(tagged: dict[str, list[str]], *kinds: str) -> Missing | None:
    paths = [path for path in tagged.get("denied", []) if any(kind in path for kind in kinds)]
    return Missing("denied", f"{paths[0]}: root is needed to read this") if paths else None


def _entries(tagged: dict[str, list[str]]) -> tuple[str, ...] | Missing:
    unread = _unread(tagged, "grub.cfg", "grubenv", ".conf")
    if unread is not None:
        return unread
    if not tagged.keys() & {"loader", "bls"}:
        return Missing("absent", "no boot entries of GRUB")
    return tuple(dict.fromkeys(tagged.get("entry", [])))


def _loader(tagged: dict[str, list[str]]) -> Loader | Missing:
    unread = _unread(tagged, ".cfg")
    if unread is not None:
        return unread
    if "loader" not in tagged:
        return Missing("absent", "no configuration of GRUB")
    passwords = tagged.get("password", [])
    superusers = any(not _QUOTED_EMPTY.search(word) for word in tagged.get("superusers", []))
    return Loader(
        files=tuple(dict.fromkeys(tagged["loader"])),
        protected=superusers and bool(passwords),
        plain="plain" in passwords,
    )


def _systemd(manager: list[str], lines: list[str]) -> Systemd:
    settings = dict(line.partition("=")[::2] for line in manager)
    blocks: list[dict[str, str]] = [{}]
    for line in lines:
        key, equals, value = line.partition("=")
        if not equals:
            blocks.append({})
        elif key == "Exec":
            blocks[-1][key] = f"{blocks[-1].get(key, '')} {value}".strip()
        else:
            blocks[-1][key] = value
    units = [block for block in blocks if block]
    if len(units) != len(UNITS) or not all({"Id", "LoadState"} <= unit.keys() for unit in units):
        raise UnparsableError(f"systemctl show: {len(units)} units of {len(UNITS)}")
    rescue, emergency, ctrl_alt_del, default, slices, *consoles = units
    return Systemd(
        default_target=default["Id"],
        ctrl_alt_del_masked=ctrl_alt_del["LoadState"] in {"masked", "not-found"},
        burst_action=settings.get("CtrlAltDelBurstAction"),
        service_core_limit=settings.get("DefaultLimitCORE"),
        service_tasks=_tasks(settings.get("DefaultTasksMax")),
        user_tasks=_tasks(slices.get("TasksMax")),
        rescue_asks=all(_asks(unit) for unit in (rescue, emergency)),
        consoles=tuple(
            Console(unit=unit["Id"], automatic=_AUTOLOGIN.search(unit["Exec"]) is not None)
            for unit in consoles
            if unit["LoadState"] == "loaded" and "Exec" in unit
        ),
    )


def _asks(unit: dict[str, str]) -> bool:
    """Whether a shell unit asks for a password: sulogin(8) does, unless told to go on with root locked."""
    if unit["LoadState"] in {"masked", "not-found"}:
        return True
    return "sulogin" in unit.get("Exec", "") and "Forced" not in unit


def _tasks(value: str | None) -> str | None:
    """Return a bound as systemd says it now; before v252 the largest number stood for none.

    >>> _tasks("18446744073709551615"), _tasks("4915")
    ('infinity', '4915')
    """
    return "infinity" if value == str(2**64 - 1) else value or None


COLLECTOR = Collector(
    id="boot",
    title=Text(en="Boot and consoles", zh="启动与控制台"),
    question=QUESTION,
    parse=parse,
    facts=Boot,
)
