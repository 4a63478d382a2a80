# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Compares the inventory with the newest captures, and tries the edits that would make both agree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from console.observed import observe
from fleet.store import CaptureStore
from inventories.editing.edits import Edit, EditErrors, apply
from inventories.errors import BadInput
from inventories.findings import Finding
from inventories.model import Asset, Host
from inventories.quality.drift import Difference, compare, verification

_Refused = tuple[tuple[Edit, Finding], ...]
State = Literal["compared", "never_captured", "too_old", "unreadable"]


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of one asset beside its entry."""

    asset: Asset
    state: State
    captured: datetime | None = None
    """Start of the newest capture, UTC."""
    detail: str = ""
    """Why the capture cannot be read."""
    differences: tuple[Difference, ...] = ()
    verification: Edit | None = None
    """The edit that dates the entry as verified, where everything seen agrees."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the files would say, and what the inventory's own rules would not have."""

    texts: Mapping[Path, str]
    refused: _Refused


def looks(
    assets: Sequence[Asset], captures: Mapping[str, str], store: CaptureStore, now: datetime, max_age: timedelta
) -> Iterator[Look]:
    """Yield a look at each asset; ``captures`` has the address of its newest capture, if there is one, by name.

    Nothing is captured of devices yet. A capture older than ``max_age`` is not compared.
    """
    for asset in assets:
        address = captures.get(asset.name)
        if address is None or not isinstance(asset, Host):
            yield Look(asset, "never_captured")
            continue
        try:
            seen = observe(store.get(address))
        except BadInput as problem:
            yield Look(asset, "unreadable", detail=problem.what)
            continue
        if now - seen.at > max_age:
            yield Look(asset, "too_old", seen.at)
            continue
        found = compare(asset, seen)
        yield Look(asset, "compared", seen.at, differences=found, verification=verification(asset, found, seen))


def propose(directory: Path, edits: Sequence[Edit]) -> Proposed:
    """Try ``edits`` on an inventory without errors; those that would break a rule are left out and told.

    Raises otherwise as ``inventories.editing.edits.apply``.
    """
    kept, refused = _kept(directory, edits)
    return Proposed(apply(directory, kept) if kept else {}, refused)


def _kept(directory: Path, edits: Sequence[Edit]) -> tuple[tuple[Edit, ...], _Refused]:
    """Return the edits that go together, and the others.

    Of two entries that must not say the same, the rules blame the later one, which no edit may have written. Then the
    halves are tried apart.
    """
    try:
        apply(directory, edits)
    except EditErrors as errors:
        # A culprit may be a value inside the edit that was given.
        found = tuple((e, finding) for finding, part in errors.culprits.items() for e in edits if _holds(e, part))
        if not found and len(edits) == 1:
            found = ((edits[0], errors.findings[0]),)
        if not found:
            middle = len(edits) // 2
            first, refused = _kept(directory, edits[:middle])
            second, more = _kept(directory, edits[middle:])
            if not refused and not more:
                raise
            kept, last = _kept(directory, first + second)
            return kept, refused + more + last
        bad = {id(edit) for edit, _ in found}
        kept, refused = _kept(directory, [edit for edit in edits if id(edit) not in bad])
        return kept, found + refused
    return tuple(edits), ()


def _holds(edit: Edit, part: Edit) -> bool:
    return (edit.kind, edit.id, edit.path) == (part.kind, part.id, part.path[: len(edit.path)])
