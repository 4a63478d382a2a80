# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Figures as people read them: bytes, shares, durations and moments, the same in both languages."""

from datetime import datetime, timedelta

_BYTE_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_BYTE_STEP = 1024
_COUNT_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def nbytes(value: float) -> str:
    """Return a size in binary units with three significant figures.

    >>> nbytes(3.2 * 2**30), nbytes(500)
    ('3.2 GiB', '500 B')
    """
    unit = 0
    # Not "< 1024": 1023.9 would be shown as 1024.
    while value >= _BYTE_STEP - 0.5 and unit < len(_BYTE_UNITS) - 1:
        value /= _BYTE_STEP
        unit += 1
    return f"{value:.0f} {_BYTE_UNITS[unit]}" if unit == 0 or value >= 100 else f"{value:.3g} {_BYTE_UNITS[unit]}"  # noqa: PLR2004 - three figures


def number(value: float) -> str:
    """Return a plain number with thousands separated, at most two decimals.

    >>> number(1234567), number(0.5)
    ('1,234,567', '0.5')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


def short_count(value: float) -> str:
    """Return a count in a few characters.

    >>> short_count(6553600), short_count(12)
    ('6.55 M', '12')
    """
    for size, unit in _COUNT_UNITS:
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.0f}"


def stock(value: float, unit: str) -> str:
    """Return an amount of what a room is measured in: bytes, or a count."""
    return nbytes(value) if unit == "B" else short_count(value)


def share(ratio: float) -> str:
    """Return a share as whole per cent, never rounded up to a full 100.

    >>> share(0.931), share(0.9999), share(1.0)
    ('93%', '99%', '100%')
    """
    percent = round(ratio * 100)
    return f"{99 if percent == 100 and ratio < 1 else percent}%"  # noqa: PLR2004 - per cent


def duration(seconds: float) -> str:
    """Return a length of time in its one or two greatest units.

    >>> duration(14.23), duration(200), duration(90000), duration(86400 * 412)
    ('14.2 s', '3 min 20 s', '25 h', '412 d')
    """
    if seconds < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 120:  # noqa: PLR2004 - under two hours
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} d"  # noqa: PLR2004 - under two days


def moment(when: datetime) -> str:
    """Return date, time to the minute and offset from UTC.

    >>> moment(datetime.fromisoformat("2026-03-01T08:30:12+08:00"))
    '2026-03-01 08:30 UTC+08:00'
    """
    return f"{when:%Y-%m-%d %H:%M} {zone(when)}".rstrip()


def zone(when: datetime) -> str:
    """Return the offset of a moment, ``UTC`` when it is none, empty when the moment does not say."""
    offset = when.utcoffset()
    if offset is None:
        return ""
    return "UTC" if offset == timedelta() else f"UTC{when:%z}"[:6] + ":" + f"{when:%z}"[3:5]


def day(when: datetime, days: float) -> str:
    """Return the date ``days`` after a moment; 9999-12-31 for what lies beyond the calendar."""
    try:
        return f"{when + timedelta(days=days):%Y-%m-%d}"
    except OverflowError:
        return "9999-12-31"
