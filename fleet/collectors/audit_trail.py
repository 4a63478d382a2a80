# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a host records of what is done on it, how long it keeps that, and where else it sends it."""

import re
from collections.abc import Mapping, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

QUESTION = r"""
if command -v auditctl >/dev/null; then
echo ef_status; auditctl -s 2>&1 && { echo ef_rules; auditctl -l 2>&1; }
else
echo ef_none
fi
echo ef_files
set --
for file in /etc/audit/auditd.conf /usr/lib/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf \
/etc/systemd/journald.conf.d/*.conf /etc/systemd/journal-upload.conf /etc/rsyslog.conf /etc/rsyslog.d/*.conf \
/etc/logrotate.conf /etc/logrotate.d/*; do
if [ -f "$file" ]; then
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
fi
done
[ -d /etc/audit ] && [ ! -x /etc/audit ] && echo 'denied /etc/audit/auditd.conf'
[ $# -gt 0 ] && awk '/^[ \t]*(#|$)/ { next } { print FILENAME ":" $0 }' "$@"
[ -d /var/log/journal ] && echo journal
echo end
"""

_WATCH = re.compile(r"-w (\S+) -p (\w+)|-F (?:path|dir)=(\S+) .*-F perm=(\w+)|-F perm=(\w+) .*-F (?:path|dir)=(\S+)")
_SYSCALLS = re.compile(r"-S (\S+)")
_ACTION = re.compile(r"""action\s*\(.*type\s*=\s*["']omfwd["'].*""", re.IGNORECASE)
_TARGET = re.compile(r"""target\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_FORWARD = re.compile(r"\S+\s+(@@?)(?:\([^)]*\))?(\[[^\]]+\]|[^:\s;]+)")
_PERIOD = {"hourly": 1 / 24, "daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
_SPAN = re.compile(r"(\d{1,9})\s*([A-Za-z]*)")
_SECONDS = {
    "us": 1e-6, "usec": 1e-6, "ms": 1e-3, "msec": 1e-3,
    "": 1, "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600,
    "d": 86_400, "day": 86_400, "days": 86_400,
    "w": 604_800, "week": 604_800, "weeks": 604_800,
    "M": 2_629_800, "month": 2_629_800, "months": 2_629_800,
    "y": 31_557_600, "year": 31_557_600, "years": 31_557_600,
}  # fmt: skip
"""Units of systemd.time(7); a capital M is a month, a small one a minute."""


class Audit(Frozen):
    """The kernel's audit system."""

    installed: bool
    """Whether auditctl is there."""
    enabled: Count
    """0 off, 1 on, 2 on and locked until the next boot."""
    daemon: Count
    """Process id of who takes the records; 0: nobody."""
    lost: Count
    """Records lost since boot."""
    rules: Count
    watched: tuple[str, ...]
    """Files and directories of which writes are recorded."""
    syscalls: tuple[str, ...]
    """System calls that are recorded."""


class AuditConf(Frozen):
    """What auditd does with its records (auditd.conf)."""

    log_file_mb: Count
    """Size of one log file, MiB."""
    log_files: Count
    when_full: str
    """``max_log_file_action``, lower case."""
    disk_full: str
    """``disk_full_action``, lower case."""


class Rotation(Frozen):
    """How long logrotate keeps one log."""

    path: str
    days: Count
    """Least days a line is kept: periods times generations. Rotation by size alone promises none: 0."""


class AuditTrail(Frozen):
    """What is recorded, kept and sent away."""

    audit: Audit | Missing
    auditd: AuditConf | Missing
    journal_storage: str
    """``persistent``, ``volatile``, ``none`` or ``auto``, as journald is told."""
    journal_persistent: bool
    """Whether the journal outlives a boot."""
    journal_days: Count
    """MaxRetentionSec in days; 0: no limit but size."""
    remote: tuple[str, ...]
    """Hosts that rsyslog or journal-upload sends to."""
    rotations: tuple[Rotation, ...]
    """Of every log under /var/log that logrotate is told about."""
    syslog_mode: str | None
    """Octal mode rsyslog makes new files with; None where rsyslog is not configured."""


def parse(text: str) -> AuditTrail:
    """Read the marked parts of the question."""
    kernel, marker, rest = text.partition("ef_files\n")
    lines = rest.splitlines()
    if not marker or not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    files: dict[str, list[str]] = {}
    denied: list[str] = []
    for line in lines[:-1]:
        path, colon, content = line.partition(":")
        if line.startswith("denied /"):
            denied.append(line.removeprefix("denied "))
        elif colon and path.startswith("/"):
            files.setdefault(path, []).append(content.strip())
        elif line != "journal":
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    if denied and not all(path.startswith("/etc/audit/") for path in denied):
        raise UnparsableError(f"{denied[0]} cannot be read")
    journald = _options([line for path, content in files.items() if "journald" in path for line in content])
    storage = journald.get("storage", "auto")
    rsyslog = [line for path, content in files.items() if "rsyslog" in path for line in content]
    return AuditTrail(
        audit=_audit(kernel),
        auditd=Missing("denied", "auditd.conf: root is needed to read this")
        if denied
        else _auditd(files.get("/etc/audit/auditd.conf")),
        journal_storage=storage,
        journal_persistent=storage == "persistent" or (storage == "auto" and "journal" in lines),
        journal_days=int(_span(journald.get("maxretentionsec", "0"))),
        remote=_remote(rsyslog, _options(files.get("/etc/systemd/journal-upload.conf", ()))),
        rotations=_rotations(files),
        syslog_mode=next((line.split()[1] for line in rsyslog if re.match(r"\$FileCreateMode\s+\d", line)), None)
        or ("0644" if rsyslog else None),
    )


def _audit(text: str) -> Audit | Missing:
    if text.startswith("ef_none"):
        return Audit(installed=False, enabled=0, daemon=0, lost=0, rules=0, watched=(), syscalls=())
    status, complete, listed = text.removeprefix("ef_status\n").partition("ef_rules\n")
    if "support not in kernel" in status:
        return Audit(installed=True, enabled=0, daemon=0, lost=0, rules=0, watched=(), syscalls=())
    if "must be root" in status:
        return Missing("denied", "auditctl: root is needed to read this")
    if "not permitted" in status:
        return Missing("absent", "the kernel shows its audit system to its own host only: this is a container")
    if not complete:
        raise UnparsableError(f"auditctl -s: {status[:80]!r}")
    values = dict(line.split(None, 1) for line in status.splitlines() if len(line.split()) > 1)
    rules = [line for line in listed.splitlines() if line.startswith("-")]
    watches = [
        (found[1] or found[3] or found[6], found[2] or found[4] or found[5])
        for found in map(_WATCH.search, rules)
        if found
    ]
    calls = [
        found[1]
        for rule in rules
        if rule.startswith(("-a always,exit", "-a exit,always"))
        for found in _SYSCALLS.finditer(rule)
    ]
    try:
        return Audit(
            installed=True,
            enabled=int(values["enabled"]),
            daemon=int(values["pid"]),
            lost=int(values.get("lost", "0")),
            rules=len(rules),
            watched=tuple(dict.fromkeys(path.rstrip("/") for path, perms in watches if "w" in perms)),
            syscalls=tuple(dict.fromkeys(call for listed_ in calls for call in listed_.split(","))),
        )
    except (KeyError, ValueError):
        raise UnparsableError(f"auditctl -s: {status[:80]!r}") from None


def _auditd(lines: Sequence[str] | None) -> AuditConf | Missing:
    if lines is None:
        return Missing("absent", "auditd is not configured on this host")
    values = _options(lines)
    return AuditConf(
        log_file_mb=_count(values.get("max_log_file", "8")),
        log_files=_count(values.get("num_logs", "0")),
        when_full=values.get("max_log_file_action", "ignore").lower(),
        disk_full=values.get("disk_full_action", "ignore").lower(),
    )


def _options(lines: Sequence[str]) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines if not line.startswith("["))
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


def _span(text: str) -> float:
    """Return days of a systemd time span of one or more parts.

    >>> round(_span("6month")), _span("2w 1d"), _span("90min"), round(_span("1M"))
    (183, 15.0, 0.0625, 30)
    """
    try:
        return sum(int(number) * _SECONDS[unit] for number, unit in _SPAN.findall(text)) / 86_400
    except KeyError:
        raise UnparsableError(f"{text[:40]!r} is not a time span") from None


def _remote(rsyslog: Sequence[str], upload: Mapping[str, str]) -> tuple[str, ...]:
    text = " ".join(rsyslog)
    found = [target[1] for action in _ACTION.finditer(text) for target in _TARGET.finditer(action[0])]
    found += [line[2] for line in map(_FORWARD.match, rsyslog) if line]
    if upload.get("url"):
        found.append(upload["url"].partition("://")[2].partition(":")[0] or upload["url"])
    return tuple(dict.fromkeys(found))


def _rotations(files: Mapping[str, Sequence[str]]) -> tuple[Rotation, ...]:
    main = files.get("/etc/logrotate.conf", ())
    period, kept, own = 7.0, 0, files.items()
    for line in main:
        if "{" in line:
            break
        period, kept = _PERIOD.get(line, period), _kept(line, kept)
    rotations: list[Rotation] = []
    for path, lines in own:
        if "/logrotate" not in path:
            continue
        paths: list[str] = []
        inside = False
        for line in lines:
            if not inside:
                paths += [word.strip('"{') for word in line.split() if word.startswith(("/", '"/'))]
                if "{" in line:
                    inside, local, generations, sized = True, period, kept, False
            elif line.startswith("}"):
                days = 0 if sized else int(local * generations)
                rotations += [Rotation(path=one, days=days) for one in paths if one.startswith("/var/log/")]
                paths, inside = [], False
            else:
                local, generations = _PERIOD.get(line, local), _kept(line, generations)
                sized = sized or line.startswith(("size ", "size=", "maxsize "))
    return tuple(rotations)


def _kept(line: str, before: int) -> int:
    found = re.fullmatch(r"rotate\s+(-?\d{1,6})", line, re.ASCII)
    if found is None:
        return before
    return 100_000 if int(found[1]) < 0 else int(found[1])


COLLECTOR = Collector(
    id="audit_trail",
    title=Text(en="Audit and logs", zh="审计与日志"),
    question=QUESTION,
    parse=parse,
    facts=AuditTrail,
)
