# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What looks after the host by itself: integrity checks, malware scans, bans, backups; and when it last did."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

BACKUP = (
    "restic", "borg", "borgmatic", "rsnapshot", "duplicity", "duply", "rsync", "backupninja", "bconsole", "pg_dump",
    "pg_dumpall", "pgbackrest", "mysqldump", "mariadb-dump", "xtrabackup", "mariabackup", "rclone", "kopia",
)  # fmt: skip
"""Programs whose scheduled run counts as a backup."""

_INTEGRITY = ("aide", "dailyaidecheck", "tripwire")
_SCAN = ("clamscan", "clamdscan")
_TIMERS = "'*aide*' '*backup*' 'restic*' 'borg*' 'duplicity*' 'rsnapshot*' 'pgbackrest*' 'kopia*' '*clam*'"
_OTHER_HOST = "(ssh|sftp|rsync|rest|s3|swift|b2|azure|gs|https?|scp|ftps?|cos|oss):|[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:"

# Of a command line only the tool's name leaves the target, and whether it names another host: addresses and passwords
# of repositories stay.
QUESTION = rf"""
echo "now $(date +%s)"
set --
for file in /etc/crontab /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/* \
/var/spool/cron/root /var/spool/cron/crontabs/root /etc/systemd/system/*.service /etc/borgmatic/config.yaml \
/etc/borgmatic.d/*.yaml /etc/restic/* /etc/rsnapshot.conf /etc/aide/aide.conf /etc/aide/aide.conf.d/* /etc/aide.conf \
/etc/clamav/clamd.conf /etc/clamd.d/*.conf /etc/fail2ban/jail.conf /etc/fail2ban/jail.d/*.conf \
/etc/fail2ban/jail.local /etc/fail2ban/jail.d/*.local /etc/default/debsums /var/ossec/var/run/wazuh-agentd.state; do
if [ -f "$file" ]; then
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
fi
done
for directory in /var/spool/cron/crontabs /var/ossec/var; do
[ -d "$directory" ] && [ ! -x "$directory" ] && echo "denied $directory/"
done
[ $# -gt 0 ] && awk -v tools='(^|[^A-Za-z0-9_.-])({"|".join((*BACKUP, *_INTEGRITY, *_SCAN))})([^A-Za-z0-9_.-]|$)' \
-v host='{_OTHER_HOST}' '
FNR == 1 {{
kind = FILENAME; sub(/^\/etc\//, "", kind); sub(/^\/var\/ossec/, "wazuh", kind); kind = substr(kind, 1, 5) }}
/^[ \t]*([#;]|$)/ {{ next }}
kind ~ /^aide/ {{
if ($1 ~ /^\/(usr\/)?s?bin\/au(ditctl|ditd|search|report|trace|genrules)$/) print "aide", $1
next }}
kind ~ /^clam/ {{ if ($1 ~ /^OnAccess(IncludePath|MountPath|Prevention)$/) print "clamav", $1, $2; next }}
kind == "fail2" {{ if (/^\[/ || /^(enabled|bantime|maxretry|ignoreip)[ \t]*=/) print "jail", $0; next }}
kind == "defau" {{ if (/^CRON_CHECK=/) print "debsums", $0; next }}
kind == "wazuh" {{ if (/^status=/) print "wazuh", $0; next }}
kind ~ /^(borgm|resti|rsnap)/ {{ if ($0 ~ host) print "repository", FILENAME; next }}
{{ line = $0
while (match(line, tools)) {{
word = substr(line, RSTART, RLENGTH); line = substr(line, RSTART + RLENGTH - 1); gsub(/[^A-Za-z0-9_.-]/, "", word)
print "job", word, ($0 ~ host ? "remote" : "local"), FILENAME }} }}' "$@"
for file in /var/lib/clamav/daily.cvd /var/lib/clamav/daily.cld; do
[ -e "$file" ] && stat -c 'signatures %Y' "$file"
done
if [ -d /run/systemd/system ]; then
echo ef_timers
TZ=UTC systemctl show -p Id,ActiveState,LastTriggerUSec {_TIMERS.replace("' ", ".timer' ")[:-1]}.timer'
echo ef_results
systemctl show -p Id,Result {_TIMERS.replace("' ", ".service' ")[:-1]}.service'
fi
echo end
"""


class Job(Frozen):
    """A tool that runs on a schedule."""

    tool: str
    """Program, or the timer's name without ``.timer``."""
    remote: bool
    """Whether its line names another host."""
    place: str
    """File that says so."""


class Timer(Frozen):
    """A timer of systemd that has to do with backups or checks."""

    name: str
    active: bool
    age_days: Count | None
    """Days since it last ran; None: never since it was enabled."""
    result: str | None
    """How that went, as systemd says it: ``success`` or what was wrong; None: systemd has forgotten it, as it
    does with what went well."""


class Jail(Frozen):
    """One of fail2ban's jails that is switched on."""

    name: str
    ban_seconds: int
    """Negative: for ever."""
    tries: Count
    trusts: tuple[str, ...]
    """Networks that are never banned."""


class Safeguards(Frozen):
    """What looks after the host by itself."""

    checks: tuple[Job, ...] | Missing
    """Scheduled integrity checks."""
    scans: tuple[Job, ...] | Missing
    """Scheduled scans for malware."""
    backups: tuple[Job, ...] | Missing
    """Scheduled backups."""
    repositories: tuple[str, ...]
    """Settings of backup tools that name another host."""
    timers: tuple[Timer, ...]
    aide_covers: tuple[str, ...]
    """Audit tools for which AIDE has lines of their own, by their names."""
    signature_days: Count | None
    """Age of ClamAV's signatures; None: there are none."""
    on_access: tuple[str, ...]
    """Directories and mounts in which clamd looks at files as they are used."""
    on_access_blocks: bool
    """Whether it then keeps bad ones from being opened."""
    packages_checked: bool | None
    """Whether debsums checks installed files on a schedule; None: no debsums."""
    agent: str | Missing | None
    """State of the Wazuh agent: ``connected``, ``pending`` ...; None: no such agent."""
    jails: tuple[Jail, ...]


def parse(text: str) -> Safeguards:
    """Read tagged lines, then two answers of ``systemctl show``."""
    if not text.endswith("end\n"):
        raise UnparsableError("the answer is not complete")
    head, _, rest = text.removesuffix("end\n").partition("ef_timers\n")
    shown, _, results = rest.partition("ef_results\n")
    tagged: dict[str, list[str]] = {tag: [] for tag in _TAGS}
    for line in head.splitlines():
        tag, _, rest = line.partition(" ")
        if tag not in tagged:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        tagged[tag].append(rest)
    if len(tagged["now"]) != 1:
        raise UnparsableError("the answer does not say when")
    now = _number(tagged["now"][0])
    timers = _timers(shown, results, now)
    jobs = [_job(line) for line in tagged["job"]]
    state = dict(line.partition("=")[::2] for line in tagged["wazuh"])
    return Safeguards(
        checks=_jobs(jobs, timers, _INTEGRITY, "aide", tagged["denied"]),
        scans=_jobs(jobs, timers, _SCAN, "clam", tagged["denied"]),
        backups=_jobs(jobs, timers, BACKUP, "", tagged["denied"]),
        repositories=tuple(dict.fromkeys(tagged["repository"])),
        timers=timers,
        aide_covers=tuple(dict.fromkeys(path.rpartition("/")[2] for path in tagged["aide"])),
        signature_days=max(0, now - max(map(_number, tagged["signatures"]))) // 86_400
        if tagged["signatures"]
        else None,
        on_access=tuple(line.partition(" ")[2] for line in tagged["clamav"] if "Path " in line),
        on_access_blocks=any(line.lower() in _PREVENTS for line in tagged["clamav"]),
        packages_checked=tagged["debsums"][-1].partition("=")[2].strip("\"' ") not in {"never", ""}
        if tagged["debsums"]
        else None,
        agent=Missing("denied", "the agent's state: root is needed to read it")
        if any("/var/ossec" in path for path in tagged["denied"])
        else state["status"].strip("'\"")
        if "status" in state
        else None,
        jails=_jails(tagged["jail"]),
    )


_PREVENTS = frozenset(f"onaccessprevention {word}" for word in ("yes", "true", "1"))
_TAGS = (
    "now", "denied", "aide", "clamav", "jail", "debsums", "wazuh", "repository", "job", "signatures",
)  # fmt: skip


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


def _job(line: str) -> Job:
    words = line.split(" ", 2)
    if len(words) != 3 or words[1] not in {"remote", "local"}:  # noqa: PLR2004 - tool, where, file
        raise UnparsableError(f"cannot make sense of job {line[:80]!r}")
    return Job(tool=words[0], remote=words[1] == "remote", place=words[2])


def _jobs(
    jobs: Sequence[Job], timers: Sequence[Timer], tools: Sequence[str], named: str, denied: Sequence[str]
) -> tuple[Job, ...] | Missing:
    """Return what runs by itself; a service file counts only with a timer of its name at work."""
    ticking = {timer.name for timer in timers if timer.active}
    found = []
    for job in jobs:
        service = job.place.rpartition("/")[2].removesuffix(".service")
        if job.tool in tools and (not job.place.endswith(".service") or service in ticking):
            found.append(job)
    for name in sorted(ticking):
        other = any(word in name for word in ("aide", "clam"))
        if named in name if named else not other:
            found.append(Job(tool=name, remote=False, place=f"{name}.timer"))
    if not found and any("cron" in path for path in denied):
        return Missing("denied", "root's crontab: root is needed to read it")
    return tuple(dict.fromkeys(found))


_OWN = frozenset({"dpkg-db-backup"})
"""Timers of the distribution that copy its own data base to the same disk: no backups."""


def _timers(shown: str, results: str, now: int) -> tuple[Timer, ...]:
    told = {values["Id"].removesuffix(".service"): values.get("Result") for values in _blocks(results)}
    timers = []
    for values in _blocks(shown):
        name = values["Id"].removesuffix(".timer")
        if name not in _OWN:
            last = values.get("LastTriggerUSec", "")
            timers.append(
                Timer(
                    name=name,
                    active=values.get("ActiveState") == "active",
                    age_days=_age(last, now),
                    result=told.get(name),
                )
            )
    return tuple(timers)


def _blocks(text: str) -> Sequence[Mapping[str, str]]:
    blocks = [dict(line.partition("=")[::2] for line in block.splitlines()) for block in text.split("\n\n")]
    found = [block for block in blocks if block]
    if any("Id" not in block for block in found):
        raise UnparsableError("systemctl show: a unit without a name")
    return found


def _age(last: str, now: int) -> int | None:
    """Return days since a time as systemd writes it in UTC; None when there was none.

    >>> _age("Mon 2026-11-23 16:00:00 UTC", 1795593600)
    1
    """
    if last in {"", "n/a", "0"}:
        return None
    try:
        stamp = datetime.strptime(last, "%a %Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    except ValueError:
        raise UnparsableError(f"{last[:40]!r} is not a time") from None
    return max(0, now - int(stamp.timestamp())) // 86_400


_SPAN = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 2_592_000, "y": 31_536_000}


def _jails(lines: Sequence[str]) -> tuple[Jail, ...]:
    sections: dict[str, dict[str, str]] = {"DEFAULT": {}}
    name = "DEFAULT"
    for line in lines:
        if line.startswith("["):
            name = line.strip().strip("[]")
        else:
            key, _, value = line.partition("=")
            sections.setdefault(name, {})[key.strip()] = value.strip()
    defaults = {"bantime": "10m", "maxretry": "5", "ignoreip": ""} | sections.pop("DEFAULT")
    jails = [(name, defaults | own) for name, own in sections.items()]
    return tuple(
        Jail(
            name=name,
            ban_seconds=_span(values["bantime"]),
            tries=_number(values["maxretry"]),
            trusts=tuple(values["ignoreip"].replace(",", " ").split()),
        )
        for name, values in jails
        if values.get("enabled", "false").lower() in {"true", "yes", "1", "on"}
    )


def _span(text: str) -> int:
    """Return the seconds of a time as fail2ban writes it.

    >>> _span("600"), _span("1h"), _span("-1"), _span("1d 12h")
    (600, 3600, -1, 129600)
    """
    if text.startswith("-"):
        return -1
    parts = re.findall(r"([0-9]{1,9})\s*([a-z]{0,12})", text)
    try:
        return sum(int(number) * _SPAN[_unit(unit)] for number, unit in parts)
    except KeyError:
        raise UnparsableError(f"{text[:40]!r} is not a span of time") from None


def _unit(text: str) -> str:
    return "mo" if text.startswith("mo") else text[:1] or "s"


COLLECTOR = Collector(
    id="safeguards",
    title=Text(en="Integrity, malware, intrusion and backup jobs", zh="完整性、恶意代码、入侵与备份任务"),
    question=QUESTION,
    parse=parse,
    facts=Safeguards,
    size=131_072,
)
