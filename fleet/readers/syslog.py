# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the configuration of rsyslog and logrotate says: what is kept, for how long, and where lines go."""

import re
from collections.abc import Mapping, Sequence

from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen

_ACTION = re.compile(r"action\s*\(([^()]*)\)", re.IGNORECASE)
_PARAMETER = re.compile(r"""\b([a-z.]{1,60})\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_FORWARD = re.compile(r"\S+\s+(@@?)(?:\([^)]*\))?(\[[^\]]+\]|[^:\s;]+)")
_SELECTOR = re.compile(r"([a-z0-9*][\w*,.;=!]*)\s+(\S.*)", re.IGNORECASE)
_INPUT = re.compile(
    r"""input\s*\(\s*type\s*=\s*["'](im(?:udp|tcp|ptcp|relp))["']|^\$(UDPServerRun|InputTCPServerRun|InputRELPServerRun)""",
    re.IGNORECASE,
)
_VERIFIED = re.compile(r"(x509/)?(name|fingerprint|certvalid)", re.IGNORECASE)
_PERIOD = {"hourly": 1 / 24, "daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}


class Rotation(Frozen):
    """How long logrotate keeps one log."""

    path: str
    days: Count
    """Least days a line is kept: periods times generations. Rotation by size alone promises none: 0."""
    mode: str | None = None
    """Octal mode new files are made with; None: that of the old one."""


class Forward(Frozen):
    """One way logs leave the host."""

    host: str
    protocol: str
    """``tcp``, ``udp``, ``relp`` or ``https``."""
    encrypted: bool
    verified: bool
    """Whether the receiver must prove who it is."""
    queued: bool
    """Whether lines wait on the disk while the receiver is away."""


def forwards(rsyslog: Sequence[str], upload: Mapping[str, str]) -> tuple[Forward, ...]:
    """Return the ways logs leave the host by the lines of rsyslog and the options of systemd-journal-upload."""
    text = " ".join(rsyslog)
    found = []
    for action in _ACTION.finditer(text):
        given = {name.lower(): value for name, value in _PARAMETER.findall(action[1])}
        kind = given.get("type", "").lower()
        if kind not in {"omfwd", "omrelp"}:
            continue
        relp = kind == "omrelp"
        mode = given.get("tls.authmode" if relp else "streamdriverauthmode", "")
        found.append(
            Forward(
                host=given.get("target", ""),
                protocol="relp" if relp else given.get("protocol", "udp").lower(),
                encrypted=given.get("tls", "off").lower() == "on" if relp else given.get("streamdrivermode") == "1",
                verified=_VERIFIED.fullmatch(mode) is not None,
                queued="queue.filename" in given,
            )
        )
    verified = re.search(r"\$ActionSendStreamDriverAuthMode\s+(\S+)", text)
    found += [
        Forward(
            host=line[2],
            protocol="tcp" if line[1] == "@@" else "udp",
            encrypted=line[1] == "@@" and re.search(r"\$ActionSendStreamDriverMode\s+1", text) is not None,
            verified=verified is not None and _VERIFIED.fullmatch(verified[1]) is not None,
            queued="$ActionQueueFileName" in text,
        )
        for line in map(_FORWARD.match, rsyslog)
        if line
    ]
    if upload.get("url"):
        scheme, _, rest = upload["url"].rpartition("://")
        secure = scheme in {"", "https"}  # without a scheme systemd-journal-upload takes https
        host = rest.partition("/")[0].partition(":")[0]
        found.append(Forward(host=host, protocol="https", encrypted=secure, verified=secure, queued=True))
    return tuple(forward for forward in found if forward.host)


_FACILITIES = (
    "auth", "authpriv", "cron", "daemon", "kern", "lpr", "mail", "news", "syslog", "user", "uucp",
    *(f"local{number}" for number in range(8)),
)  # fmt: skip
_KEEPS = re.compile(r"""-?[/@?]|action\s*\(\s*type\s*=\s*["']om(file|fwd|relp)["']""", re.IGNORECASE)
_LOW = frozenset({"*", "debug", "info", "notice"})


def facilities(rsyslog: Sequence[str]) -> tuple[str, ...] | Missing:
    """Return the facilities some line writes to a file or sends away; Missing when conditions decide instead."""
    kept: set[str] = set()
    for line in rsyslog:
        found = _SELECTOR.fullmatch(line)
        if (
            found is None
            or "." not in found[1]
            or not re.match(r"-?[/@?]|action\s*\(.*\bom(file|fwd|relp)\b", found[2])
        ):
            continue
        chosen: set[str] = set()
        for pair in found[1].split(";"):
            names, _, level = pair.lower().rpartition(".")
            named = set(_FACILITIES) if names == "*" else set(names.split(","))
            if level == "none":
                chosen -= named
            elif level in _LOW:
                chosen |= named
        kept |= chosen
    if rsyslog and len(kept) < len(_FACILITIES) and any(re.match(r"if\b|ruleset\b|call\b", line) for line in rsyslog):
        return Missing("unparsable", "rsyslog decides by conditions what it writes down")
    return tuple(name for name in _FACILITIES if name in kept)


def receivers(rsyslog: Sequence[str]) -> tuple[str, ...]:
    """Return the inputs by which rsyslog takes lines from other hosts."""
    found = (_INPUT.search(line) for line in rsyslog)
    return tuple(dict.fromkeys(one[1] or one[2] for one in found if one))


def rotations(files: Mapping[str, Sequence[str]]) -> tuple[Rotation, ...]:
    """Return how long each log is kept, by the lines of each of logrotate's files."""
    main = files.get("/etc/logrotate.conf", ())
    period, kept, own, made = 7.0, 0, files.items(), None
    for line in main:
        if "{" in line:
            break
        period, kept, made = _PERIOD.get(line, period), _kept(line, kept), _made(line, made)
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
                    inside, local, generations, sized, mode = True, period, kept, False, made
            elif line.startswith("}"):
                days = 0 if sized else int(local * generations)
                rotations += [Rotation(path=one, days=days, mode=mode) for one in paths if one.startswith("/var/log/")]
                paths, inside = [], False
            else:
                local, generations, mode = _PERIOD.get(line, local), _kept(line, generations), _made(line, mode)
                sized = sized or line.startswith(("size ", "size=", "maxsize "))
    return tuple(rotations)


def _kept(line: str, before: int) -> int:
    found = re.fullmatch(r"rotate\s+(-?\d{1,6})", line, re.ASCII)
    if found is None:
        return before
    return 100_000 if int(found[1]) < 0 else int(found[1])


def _made(line: str, before: str | None) -> str | None:
    found = re.match(r"create\s+(0?[0-7]{3})\b", line, re.ASCII)
    return found[1].zfill(4) if found else before
