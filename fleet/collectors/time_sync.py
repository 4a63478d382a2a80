# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Whether the clock follows a source, and how far off it is: asked of chrony, else ntpd, else systemd."""

import re
from typing import Literal

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count, SignedSeconds, why
from inventories.base import Frozen, Text

QUESTION = """\
if command -v chronyc >/dev/null && answer=$(chronyc -c -n -m tracking sources 2>/dev/null); then
    printf 'chrony\\n%s\\n' "$answer"
elif command -v ntpq >/dev/null && answer=$(ntpq -n -c rv -c peers 2>/dev/null) && [ "$answer" ]; then
    printf 'ntpd\\n%s\\n' "$answer"
elif [ -d /run/systemd/system ] && command -v timedatectl >/dev/null; then
    echo systemd
    timedatectl show -p NTPSynchronized || exit
    timedatectl timesync-status 2>/dev/null
    exit 0
else
    exit 69
fi
"""


class TimeSync(Frozen):
    """What the clock's keeper says of it."""

    keeper: Literal["chrony", "ntpd", "systemd"]
    """Who was asked; systemd also answers for keepers it does not know, without figures."""
    synchronized: bool
    """Whether the clock follows a source outside this host."""
    offset_seconds: SignedSeconds | None
    """Source minus clock; None when the keeper does not say or follows no source."""
    stratum: Count | None
    """Steps from a reference clock; None when the keeper does not say or follows no source."""
    sources: tuple[str, ...]
    """Addresses of the sources in use."""

    @property
    def offset_size(self) -> float | None:
        """The offset without its sign, in seconds."""
        return None if self.offset_seconds is None else abs(self.offset_seconds)


def parse(text: str) -> TimeSync:
    """Read the keeper's name and what it said."""
    keeper, _, said = text.partition("\n")
    if keeper not in _READERS:
        raise UnparsableError(f"time_sync: no keeper of clocks is called {keeper[:80]!r}")
    try:
        return _READERS[keeper](said)
    except (ValueError, IndexError) as problem:
        raise UnparsableError(f"time_sync: {keeper}: {why(problem)}") from None


def _chrony(said: str) -> TimeSync:
    """Read chronyc(1)'s CSV: one line of tracking, then one for each source."""
    tracking, *lines = [line.split(",") for line in said.splitlines()]
    sources = [line for line in lines if line[1] in "*+-"]
    # 7F7F01xx: chronyd serves the host's own clock as if it were true (directive "local").
    synchronized = tracking[13] != "Not synchronised" and not tracking[0].startswith("7F7F01")
    return TimeSync(
        keeper="chrony",
        synchronized=synchronized,
        offset_seconds=float(tracking[4]) if synchronized else None,
        stratum=int(tracking[2]) if synchronized else None,
        sources=tuple(line[2] for line in sources),
    )


def _ntpd(said: str) -> TimeSync:
    """Read ntpq(1)'s system variables (offset in milliseconds), and its peers with their tally codes."""
    variables = dict(re.findall(r"\b(leap|stratum|offset)=([-+\w.]+)", said))
    if "leap" not in variables:
        raise ValueError("no leap indicator")
    synchronized = variables["leap"] not in {"11", "3"}
    return TimeSync(
        keeper="ntpd",
        synchronized=synchronized,
        offset_seconds=float(variables["offset"]) / 1000 if synchronized and "offset" in variables else None,
        stratum=int(variables["stratum"]) if synchronized and "stratum" in variables else None,
        sources=tuple(re.findall(r"^[*+#o]([0-9A-Fa-f.:]+)\s", said, flags=re.MULTILINE)),
    )


def _systemd(said: str) -> TimeSync:
    """Read timedatectl(1): the kernel's flag, and systemd-timesyncd's figures where that is the keeper."""
    flag, *lines = said.splitlines()
    if flag not in {"NTPSynchronized=yes", "NTPSynchronized=no"}:
        raise ValueError(f"{flag[:80]!r}")
    figures = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    server = figures.get("Server", "").partition(" ")[0]
    return TimeSync(
        keeper="systemd",
        synchronized=flag == "NTPSynchronized=yes",
        offset_seconds=_timespan(figures["Offset"]) if "Offset" in figures else None,
        stratum=int(figures["Stratum"]) if "Stratum" in figures else None,
        sources=(server,) if server else (),
    )


_READERS = {"chrony": _chrony, "ntpd": _ntpd, "systemd": _systemd}
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def _timespan(text: str) -> float:
    """Return the seconds of a span as systemd.time(7) writes it.

    >>> _timespan("-1min 2.5s")
    -62.5
    """
    parts = re.fullmatch(r"([-+]?)((?:[\d.]+(?:us|ms|s|min|h|d) ?)+)", text)
    if parts is None:
        raise ValueError(f"{text[:80]!r} is no span of time")
    size = sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)([a-z]+)", parts[2]))
    return -size if parts[1] == "-" else size


COLLECTOR = Collector(
    id="time_sync",
    title=Text(en="Clock", zh="时钟同步"),
    question=QUESTION,
    parse=parse,
    facts=TimeSync,
    size=16_384,
)
