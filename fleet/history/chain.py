# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The hash chain: each event seals the one before it, so none can be changed or taken out of the middle unseen."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from fleet.history.records import BrokenLink, Event

GENESIS = "0" * 64
"""What the first event has for a predecessor."""


def canonical(value: object) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, ASCII, times in ISO 8601."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=datetime.isoformat)


def sealed(event: Event) -> Event:
    """Return the event with its hash: SHA-256 over its predecessor's hash and its own fields as canonical JSON."""
    fields = [event.seq, event.at, event.actor, event.action, event.subject, event.detail_json]
    return replace(event, hash=sha256((event.prev_hash + canonical(fields)).encode("ascii")).hexdigest())


def first_break(events: Iterable[Event]) -> BrokenLink | None:
    """Walk a whole chain in order and return the first event that does not fit, or None."""
    last = GENESIS
    for seq, event in enumerate(events, start=1):
        if event.seq != seq:
            return BrokenLink(f"event {seq}", f"missing; the next one there is {event.seq}")
        if event.prev_hash != last:
            return BrokenLink(f"event {seq}", "does not follow the event before it")
        if sealed(event).hash != event.hash:
            return BrokenLink(f"event {seq}", "changed after it was written")
        last = event.hash
    return None
