# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a host records of what is done on it, how long it keeps that, and where else it sends it."""

import re
from collections.abc import Mapping, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from fleet.readers import syslog
from inventories.base import Frozen, Text

PRIVILEGED = """
/usr/bin/at /usr/bin/chage /usr/bin/chfn /usr/bin/chsh /usr/bin/crontab /usr/bin/gpasswd /usr/bin/mount
/usr/bin/newgrp /usr/bin/passwd /usr/bin/pkexec /usr/bin/su /usr/bin/sudo /usr/bin/umount /usr/sbin/unix_chkpwd
""".split()  # noqa: SIM905 - a table
"""Programs that give their user another's rights, where distributions put them."""

# A comment in journald.conf gives the distribution's own default, which differs.
QUESTION = rf"""
if command -v auditctl >/dev/null; then
echo ef_status; auditctl -s 2>&1 && {{ echo ef_rules; auditctl -l 2>&1; }}
else
echo ef_none
fi
echo ef_files
set --
for file in /etc/audit/auditd.conf /etc/audit/rules.d/*.rules /etc/audit/plugins.d/*.conf /etc/audisp/plugins.d/*.conf \
/etc/audit/audisp-remote.conf /etc/audisp/audisp-remote.conf /usr/lib/systemd/journald.conf \
/usr/lib/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf \
/etc/systemd/journald.conf.d/*.conf /etc/systemd/journal-upload.conf /etc/rsyslog.conf /etc/rsyslog.d/*.conf \
/etc/logrotate.conf /etc/logrotate.d/*; do
if [ -f "$file" ]; then
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
fi
done
[ -d /etc/audit ] && [ ! -x /etc/audit ] && echo 'denied /etc/audit/auditd.conf'
[ $# -gt 0 ] && awk '/^#ForwardToSyslog=/ && FILENAME ~ /journald/ {{ print FILENAME ":" $0 }}
/^[ \t]*(#|$)/ {{ next }} {{ print FILENAME ":" $0 }}' "$@"
[ -d /var/log/journal ] && echo journal
for file in /var/log/journal/*/fss; do [ -e "$file" ] && echo sealed; done
for file in {" ".join(PRIVILEGED)}; do
if [ -u "$file" ] || [ -g "$file" ]; then echo "privileged $file"; fi
done
echo "machine $(uname -m)"
find /var/lib/logrotate /var/lib/logrotate.status -name '*status' -type f -mtime -3 2>/dev/null | sed 's/^/rotated /'
df -P /var/log | awk 'NR == 2 && sub(/%/, "", $5) {{ print "used", $5 }}'
echo end
"""

_WATCH = re.compile(r"-w (\S+) -p (\w+)|-F (?:path|dir)=(\S+) .*-F perm=(\w+)|-F perm=(\w+) .*-F (?:path|dir)=(\S+)")
_SYSCALLS = re.compile(r"-S (\S+)")
_FILTER = re.compile(r"-([FC]) ([a-z0-9_]+)(!=|>=|<=|&=|[=<>&])(\S+)")
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
    """System calls of native programs that are recorded for all users who log in, whatever they are about."""
    syscalls_32: tuple[str, ...] = ()
    """The same for 32-bit programs (``arch=b32``)."""
    refused: tuple[str, ...] = ()
    """System calls recorded when they fail, with the error: ``openat/EACCES``."""
    executed: tuple[str, ...] = ()
    """Programs of which every run is recorded."""
    suppressed: tuple[str, ...] = ()
    """Rules that take tasks out of all recording (``-a never,task``)."""
    failure: Count | None = None
    """What the kernel does when it cannot record: 0 nothing, 1 it says so, 2 it stops; None: it does not say."""
    backlog_limit: Count | None = None
    """Records that may wait for the daemon; None: the kernel does not say."""
    login_ids_fixed: bool | None = None
    """Whether a session's login id can never be changed; None: the kernel does not say."""

    @property
    def only_64(self) -> tuple[str, ...]:
        """Calls that are recorded of 64-bit programs and not of 32-bit ones."""
        return tuple(call for call in self.syscalls if call not in self.syscalls_32)


class AuditConf(Frozen):
    """What auditd does with its records (auditd.conf, its plug-ins and rules.d)."""

    log_file_mb: Count
    """Size of one log file, MiB."""
    log_files: Count
    when_full: str
    """``max_log_file_action``, lower case."""
    disk_full: str
    """``disk_full_action``, lower case."""
    disk_error: str = "ignore"
    """``disk_error_action``, lower case."""
    space_left: str = "ignore"
    """``space_left_action``, lower case: what happens when room gets scarce."""
    flush: str = "none"
    """When records go to the disk, lower case."""
    host_name: str = "none"
    """``name_format``, lower case: how records name the host; ``none``: not at all."""
    format: str = "raw"
    """``log_format``, lower case; ``enriched``: names of users beside their numbers."""
    log_group: str = "root"
    """Group that may read the records."""
    written: bool = True
    """Whether records of this host are written to its disk (``local_events`` and ``write_logs``)."""
    receives: bool = False
    """Whether records of other hosts are taken (``tcp_listen_port``)."""
    plugins: tuple[str, ...] = ()
    """Plug-ins at work, by the names of their files: ``au-remote``, ``syslog``."""
    remote: str | None = None
    """Host that the plug-in ``au-remote`` sends to."""
    configured: Count = 0
    """Different rules in rules.d, each of which should be loaded."""

    @property
    def capacity_mb(self) -> int:
        """Room for records before the oldest are thrown away, MiB."""
        return self.log_file_mb * max(1, self.log_files)


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
    rotations: tuple[syslog.Rotation, ...]
    """Of every log under /var/log that logrotate is told about."""
    syslog_mode: str | None
    """Octal mode rsyslog makes new files with; None where rsyslog is not configured."""
    forwards: tuple[syslog.Forward, ...] = ()
    """How logs are sent to each of the hosts."""
    receivers: tuple[str, ...] = ()
    """Inputs by which rsyslog takes lines from other hosts."""
    facilities: tuple[str, ...] | Missing = ()
    """Facilities that rsyslog writes down or sends away, down to ``notice`` at least."""
    full_time: bool | None = None
    """Whether rsyslog stamps lines with year and zone; None where rsyslog is not configured."""
    journal_sealed: bool = False
    """Whether the journal's entries are sealed (``journalctl --setup-keys``)."""
    journal_to_syslog: bool | None = None
    """Whether rsyslog gets what the journal gets; None where nothing says so."""
    rotated: bool = False
    """Whether logrotate did its work within the last three days."""
    privileged: tuple[str, ...] = ()
    """Programs present, among those asked for, that give their user another's rights."""
    machine: str | None = None
    """Kind of processor, as uname(1) says: old system calls are missing on some."""
    used_percent: Count | None = None
    """Room taken on the file system of /var/log."""

    @property
    def audit_complete(self) -> bool | Missing:
        """Whether the kernel has as many rules as rules.d asks for."""
        if isinstance(self.audit, Missing):
            return self.audit
        if isinstance(self.auditd, Missing):
            return self.auditd
        return self.audit.rules >= self.auditd.configured

    @property
    def unwatched_programs(self) -> tuple[str, ...] | Missing:
        """Privileged programs of which runs are not recorded."""
        if isinstance(self.audit, Missing):
            return self.audit
        if "execve" in self.audit.syscalls:
            return ()
        return tuple(path for path in self.privileged if path not in self.audit.executed)


def parse(text: str) -> AuditTrail:
    """Read the marked parts of the question."""
    kernel, marker, rest = text.partition("ef_files\n")
    lines = rest.splitlines()
    if not marker or not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    files: dict[str, list[str]] = {}
    tagged: dict[str, list[str]] = {
        "denied": [],
        "privileged": [],
        "rotated": [],
        "used": [],
        "machine": [],
    }
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        path, colon, content = line.partition(":")
        if tag in tagged:
            tagged[tag].append(rest)
        elif colon and path.startswith("/"):
            files.setdefault(path, []).append(content.strip())
        elif line not in {"journal", "sealed"}:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    denied = tagged["denied"]
    if denied and not all(path.startswith(("/etc/audit/", "/etc/audisp/")) for path in denied):
        raise UnparsableError(f"{denied[0]} cannot be read")
    journald = _options([line for path, content in files.items() if "journald" in path for line in content])
    storage = journald.get("storage", "auto")
    rsyslog = [
        line for path, content in files.items() if "rsyslog" in path and "rotate" not in path for line in content
    ]
    forwards = syslog.forwards(rsyslog, _options(files.get("/etc/systemd/journal-upload.conf", ())))
    return AuditTrail(
        audit=_audit(kernel),
        auditd=Missing("denied", "auditd.conf: root is needed to read this") if denied else _auditd(files),
        journal_storage=storage,
        journal_persistent=storage == "persistent" or (storage == "auto" and "journal" in lines),
        journal_days=int(_span(journald.get("maxretentionsec", "0"))),
        remote=tuple(dict.fromkeys(forward.host for forward in forwards)),
        rotations=syslog.rotations(files),
        syslog_mode=next((line.split()[1] for line in rsyslog if re.match(r"\$FileCreateMode\s+\d", line)), None)
        or ("0644" if rsyslog else None),
        forwards=forwards,
        receivers=syslog.receivers(rsyslog),
        facilities=syslog.facilities(rsyslog),
        full_time=not any("RSYSLOG_TraditionalFileFormat" in line for line in rsyslog) if rsyslog else None,
        journal_sealed="sealed" in lines and journald.get("seal", "yes").lower() in _YES,
        journal_to_syslog=_journal_to_syslog(rsyslog, journald),
        rotated=bool(tagged["rotated"]),
        privileged=tuple(tagged["privileged"]),
        machine=next(iter(tagged["machine"]), None),
        used_percent=_count(tagged["used"][0]) if tagged["used"] else None,
    )


_YES = frozenset({"yes", "true", "on", "1"})


def _journal_to_syslog(rsyslog: Sequence[str], journald: Mapping[str, str]) -> bool | None:
    """Return whether rsyslog reads the journal, or the journal hands on; the distribution's default counts last."""
    if not rsyslog:
        return None
    if any("imjournal" in line for line in rsyslog):
        return True
    told = journald.get("forwardtosyslog", journald.get("#forwardtosyslog"))
    return None if told is None else told.lower() in _YES


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
    calls = [call for rule in rules for call in _calls(rule)]
    try:
        return Audit(
            installed=True,
            enabled=int(values["enabled"]),
            daemon=int(values["pid"]),
            lost=int(values.get("lost", "0")),
            rules=len(rules),
            watched=tuple(dict.fromkeys(path.rstrip("/") for path, perms in watches if "w" in perms)),
            syscalls=tuple(dict.fromkeys(name for name, arch, error in calls if arch != "b32" and not error)),
            syscalls_32=tuple(dict.fromkeys(name for name, arch, error in calls if arch != "b64" and not error)),
            refused=tuple(dict.fromkeys(f"{name}/{error}" for name, arch, error in calls if arch != "b32" and error)),
            executed=tuple(dict.fromkeys(path for path, perms in watches if "x" in perms)),
            suppressed=tuple(rule for rule in rules if re.match(r"-a (never,task|task,never)", rule)),
            failure=int(values["failure"]) if "failure" in values else None,
            backlog_limit=int(values["backlog_limit"]) if "backlog_limit" in values else None,
            login_ids_fixed=values["loginuid_immutable"].split()[0] == "1" if "loginuid_immutable" in values else None,
        )
    except (KeyError, ValueError):
        raise UnparsableError(f"auditctl -s: {status[:80]!r}") from None


_ANY_SESSION = frozenset({"auid>=1000", "auid>=500", "auid!=-1", "auid!=unset", "auid!=4294967295"})


def _calls(rule: str) -> list[tuple[str, str, str]]:
    """Return (system call, architecture, error) of a rule that records calls; nothing when it records only some.

    >>> _calls("-a always,exit -F arch=b64 -S open,openat -F exit=-EACCES -F auid>=1000 -F key=x")
    [('open', 'b64', 'EACCES'), ('openat', 'b64', 'EACCES')]
    >>> _calls("-a always,exit -F arch=b64 -S openat -F dir=/etc -F auid>=1000")
    []
    """
    if not rule.startswith(("-a always,exit", "-a exit,always")):
        return []
    arch = error = ""
    for kind, name, operator, value in _FILTER.findall(rule):
        if kind == "F" and name == "arch":
            arch = value
        elif kind == "F" and name == "exit" and operator == "=" and value.startswith("-"):
            error = value[1:]
        elif kind == "C" or (name != "key" and f"{name}{operator}{value}" not in _ANY_SESSION):
            return []
    return [(call, arch, error) for found in _SYSCALLS.finditer(rule) for call in found[1].split(",") if call != "all"]


def _auditd(files: Mapping[str, Sequence[str]]) -> AuditConf | Missing:
    if "/etc/audit/auditd.conf" not in files:
        return Missing("absent", "auditd is not configured on this host")
    values = _options(files["/etc/audit/auditd.conf"])
    plugins = tuple(
        path.rpartition("/")[2].removesuffix(".conf")
        for path, lines in files.items()
        if "/plugins.d/" in path and _options(lines).get("active", "no").lower() in _YES
    )
    remotes = [_options(lines).get("remote_server") for path, lines in files.items() if "audisp-remote.conf" in path]
    rules = {
        " ".join(line.split())
        for path, lines in files.items()
        if "/rules.d/" in path
        for line in lines
        if line.startswith(("-a", "-A", "-w"))
    }
    return AuditConf(
        log_file_mb=_count(values.get("max_log_file", "8")),
        log_files=_count(values.get("num_logs", "0")),
        when_full=values.get("max_log_file_action", "ignore").lower(),
        disk_full=values.get("disk_full_action", "ignore").lower(),
        disk_error=values.get("disk_error_action", "ignore").lower(),
        space_left=values.get("space_left_action", "ignore").partition(" ")[0].lower(),
        flush=values.get("flush", "none").lower(),
        host_name=values.get("name_format", "none").lower(),
        format=values.get("log_format", "raw").lower(),
        log_group=values.get("log_group", "root"),
        written=all(values.get(name, "yes").lower() in _YES for name in ("local_events", "write_logs")),
        receives="tcp_listen_port" in values,
        plugins=plugins,
        remote=next((one for one in remotes if one), None),
        configured=len(rules),
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


COLLECTOR = Collector(
    id="audit_trail",
    title=Text(en="Audit and logs", zh="审计与日志"),
    question=QUESTION,
    parse=parse,
    facts=AuditTrail,
)
