# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A capture: everything one pass brought back from one target, as text, storable and readable offline."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

from inventories.errors import BadInput

Privilege = Literal["root", "user", "unknown"]

CauseCode = Literal[
    "name_unknown",
    "connect_timeout",
    "refused",
    "no_route",
    "host_key_unknown",
    "host_key_changed",
    "auth_failed",
    "protocol",
    "start_timeout",
    "deadline",
    "cut",
    "flooded",
    "no_shell",
    "interrupted",
]
"""Why a pass ended early. The last that still reached the host come after ``protocol``."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a target gave no answer, or not all of it."""

    code: CauseCode
    detail: str


@dataclass(frozen=True, slots=True)
class Section:
    """One collector's answer. Text is UTF-8 with undecodable bytes as surrogate escapes."""

    rc: int | None
    """Exit status; None when the session ended before the collector did."""
    stdout: str
    stderr: str
    seconds: float
    truncated: bool
    timed_out: bool


@dataclass(frozen=True, slots=True)
class Capture:
    """What one pass asked of one target and what came back."""

    target: str
    started: str
    """UTC, ISO 8601."""
    seconds: float
    tool: str
    """Program and version that captured."""
    questions: str
    """SHA-256 over the questions asked (``fleet.collector.digest``)."""
    asked: tuple[str, ...]
    """Collector ids, in the order asked."""
    reached: bool
    """Whether a login succeeded."""
    privilege: Privilege
    privilege_detail: str
    """What sudo said when it refused; empty otherwise."""
    cause: Cause | None
    """None when every question was put and answered."""
    target_cpu_seconds: float | None
    """User and system time the questions cost on the target, as its shell reports it."""
    sections: Mapping[str, Section]

    def to_bytes(self) -> bytes:
        """Return the stored form: zlib-compressed JSON, the same bytes for equal captures."""
        return zlib.compress(json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode("ascii"), level=3)


def address(stored: bytes) -> str:
    """Return the name a stored capture goes by: the SHA-256 of its compressed bytes, in hexadecimal."""
    return sha256(stored).hexdigest()


def from_bytes(stored: bytes, where: str) -> Capture:
    """Read a capture back; ``where`` names its origin in the error.

    Raises:
        BadInput: the bytes are no capture.

    """
    try:
        data = json.loads(zlib.decompress(stored))
        data["sections"] = {name: Section(**section) for name, section in data["sections"].items()}
        data["asked"] = tuple(data["asked"])
        data["cause"] = Cause(**data["cause"]) if data["cause"] else None
        return Capture(**data)
    except (zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise BadInput(
            f"not a capture: {problem}", where=where, hint="it may be damaged; inspect the host again"
        ) from None
