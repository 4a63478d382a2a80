# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How the keeper of the clock is set up: whom it trusts, whom it serves, who commands it; and the host's time zone."""

import re
from collections.abc import Sequence
from typing import Literal

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen, Text

# chronyd is asked for the sources it really has, with those of DHCP; before version 4 it cannot answer.
QUESTION = r"""
set --
for file in /etc/chrony/chrony.conf /etc/chrony.conf /etc/chrony/conf.d/*.conf /etc/chrony/sources.d/*.sources \
/etc/chrony.d/*.conf /etc/ntp.conf /etc/ntpsec/ntp.conf /etc/ntpsec/ntp.d/*.conf /etc/systemd/timesyncd.conf \
/etc/systemd/timesyncd.conf.d/*.conf /etc/adjtime; do
if [ -f "$file" ]; then
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
fi
done
[ $# -gt 0 ] && awk '/^[ \t]*([#;%!]|$)/ { next } { print FILENAME ":" $0 }' "$@"
for keeper in chronyd ntpd; do
for file in /run/chrony/chronyd.pid /run/chronyd.pid /run/chrony.pid /run/ntpd.pid /run/ntpsec.pid; do
case $file in */"${keeper%d}"*) if [ -r "$file" ]; then
read -r pid <"$file"
[ -r "/proc/$pid/status" ] && awk -v keeper="$keeper" '/^Uid:/ { print "runs", keeper, $3 }' "/proc/$pid/status"
fi ;; esac
done
done
[ -e /run/chrony ] && [ ! -x /run/chrony ] && echo "runs chronyd denied"
if command -v chronyc >/dev/null && sources=$(chronyc -c -n authdata 2>/dev/null); then
printf 'ef_sources\n%s\nef_end\n' "$sources"
fi
zone=$(readlink /etc/localtime) && echo "zone $zone"
echo end
"""


class Source(Frozen):
    """One source of time."""

    name: str
    """Address or name."""
    authenticated: bool
    """By NTS or by a key."""


class TimeKeeping(Frozen):
    """How the clock is kept."""

    keeper: Literal["chrony", "ntpd", "timesyncd"] | None
    """What is set up; where several are, the first of these; None: nothing."""
    sources: tuple[Source, ...]
    """chronyd's present ones, else those of the settings; a pool of the settings counts as four."""
    serves_all: bool
    """Whether anybody may ask this host for the time."""
    commanded_from_outside: bool
    """Whether the keeper obeys, or answers questions about itself from, other hosts."""
    steps_at_any_time: bool
    """Whether a running clock may be made to jump."""
    root: bool | Missing | None
    """Whether the keeper runs as root; None: it does not run, or has no record of its number."""
    zone: str | None
    """Name of the time zone, e.g. ``Asia/Shanghai``; None: not stated (UTC)."""
    hardware_local: bool
    """Whether the hardware clock runs on local time."""

    @property
    def source_count(self) -> int:
        """Number of sources."""
        return len(self.sources)

    @property
    def authenticated_count(self) -> int:
        """Number of sources that prove who they are."""
        return sum(source.authenticated for source in self.sources)


def parse(text: str) -> TimeKeeping:
    """Read ``path:line`` pairs and what was asked beside them."""
    if not text.endswith("end\n") or ("ef_sources\n" in text) != ("ef_end\n" in text):
        raise UnparsableError("the answer is not complete")
    before, listed, rest = text.partition("ef_sources\n")
    said, _, after = rest.partition("ef_end\n")
    files: dict[str, list[str]] = {}
    runs: list[str] = []
    zone = None
    for line in (before + after).splitlines()[:-1]:
        path, colon, content = line.partition(":")
        match line.split():
            case _ if colon and path.startswith("/"):
                files.setdefault(path, []).extend(filter(None, [content.strip()]))
            case ["zone", where]:
                zone = where.partition("zoneinfo/")[2] or where
            case ["runs", "chronyd" | "ntpd", uid]:
                runs.append(uid)
            case _:
                raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    chrony = [line.split() for path, content in files.items() if "chrony" in path for line in content]
    ntp = [line.split() for path, content in files.items() if path.startswith("/etc/ntp") for line in content]
    systemd = [line for path, content in files.items() if "timesyncd" in path for line in content]
    settings = chrony or ntp
    return TimeKeeping(
        keeper="chrony" if chrony else "ntpd" if ntp else "timesyncd" if systemd else None,
        sources=_present(said) if listed else _sources(settings) if settings else _listed(systemd),
        serves_all=_chrony_serves(chrony) if chrony else bool(ntp) and not _restricted(ntp, {"ignore", "noserve"}),
        commanded_from_outside=_chrony_obeys(chrony)
        if chrony
        else bool(ntp) and not _restricted(ntp, {"ignore", "noquery"}),
        steps_at_any_time=any(words[0] == "makestep" and not re.match(r"\d", (*words, "", "")[2]) for words in chrony),
        root=_as_root(runs),
        zone=zone,
        hardware_local="LOCAL" in files.get("/etc/adjtime", ()),
    )


def _as_root(runs: Sequence[str]) -> bool | Missing | None:
    if "denied" in runs:
        return Missing("denied", "root is needed to see who chronyd runs as")
    return any(uid == "0" for uid in runs) if runs else None


def _present(said: str) -> tuple[Source, ...]:
    """Read ``chronyc -c authdata``: address, mode, and figures."""
    fields = [line.split(",") for line in said.splitlines() if line]
    if any(len(line) < 2 for line in fields):  # noqa: PLR2004 - address, mode
        raise UnparsableError("chronyc: a source without its mode")
    return tuple(Source(name=line[0], authenticated=line[1] != "-") for line in fields)


_KINDS = {"server": 1, "peer": 1, "pool": 4}


def _sources(settings: Sequence[Sequence[str]]) -> tuple[Source, ...]:
    return tuple(
        Source(name=words[1], authenticated="nts" in words[2:] or "key" in words[2:])
        for words in settings
        if words[0] in _KINDS and len(words) > 1 and not words[1].startswith("127.127.")
        for _ in range(_KINDS[words[0]])
    )


def _listed(lines: Sequence[str]) -> tuple[Source, ...]:
    names = [line.partition("=")[2].split() for line in lines if re.match(r"NTP\s*=", line)]
    return tuple(Source(name=name, authenticated=False) for name in (names[-1] if names else ()))


def _chrony_serves(settings: Sequence[Sequence[str]]) -> bool:
    allowed = [words[1:] for words in settings if words[0] == "allow"]
    return any(_everywhere(words) for words in allowed)


def _chrony_obeys(settings: Sequence[Sequence[str]]) -> bool:
    bound = [words[1] for words in settings if words[0] == "bindcmdaddress" and len(words) > 1]
    open_ = any(words[0] == "cmdallow" for words in settings)
    return open_ and any(not (one.startswith(("127.", "/")) or one == "::1") for one in bound)


def _everywhere(words: Sequence[str]) -> bool:
    where = [word for word in words if word != "all"]
    return not where or any(word in {"0/0", "0.0.0.0/0", "::/0"} for word in where)


def _restricted(settings: Sequence[Sequence[str]], wanted: set[str]) -> bool:
    """Whether every default restriction of ntpd has one of the wanted flags."""
    defaults = [words for words in settings if words[0] == "restrict" and "default" in words]
    return bool(defaults) and all(wanted & set(words) for words in defaults)


COLLECTOR = Collector(
    id="timekeeping",
    title=Text(en="Set-up of the clock's keeper", zh="时间服务配置"),
    question=QUESTION,
    parse=parse,
    facts=TimeKeeping,
    size=32_768,
)
