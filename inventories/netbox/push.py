# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Does what a plan says to a NetBox, in batches; stops at the first object that NetBox refuses and says which."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from inventories.errors import CouldNotFinish
from inventories.netbox.client import NetBox, RefusedError
from inventories.netbox.objects import CUSTOM, KINDS, TERMINATIONS, Kind, Ref, referred
from inventories.netbox.plan import Operation, Plan
from inventories.netbox.snapshot import Snapshot

BATCH = 100
"""Objects in one request; NetBox does all of a request or nothing."""

Progress = Callable[[int], None]
"""Told how many more are done."""


def snapshot(netbox: NetBox, progress: Progress) -> Snapshot:
    """Read everything that is compared; ``progress`` counts kinds of objects."""
    present = Snapshot()
    for kind in KINDS.values():
        present.add(kind, netbox.records(kind))
        progress(1)
    return present


def push(netbox: NetBox, plan: Plan, present: Snapshot, progress: Progress) -> None:
    """Do everything in ``plan``; ``progress`` counts operations.

    Raises CouldNotFinish that names the object NetBox refuses; what was done before it stays, and another push goes
    on from there.
    """
    numbers = {one.ref: one.id for one in present.all() if present.find(one.ref) is one}
    done = 0
    for batch in _batches(plan.operations):
        try:
            _together(netbox, batch, numbers)
        except RefusedError:
            # Nothing of the batch is done: one by one, the culprit shows.
            for operation in batch:
                try:
                    _together(netbox, [operation], numbers)
                except RefusedError as problem:
                    raise CouldNotFinish(
                        f"NetBox does not let edufleet {operation.action} {operation.ref.label}: {problem}",
                        where=netbox.url,
                        hint=f"{done} of {len(plan.operations)} operations are done; correct it and push again",
                    ) from problem
                done += 1
                progress(1)
        else:
            done += len(batch)
            progress(len(batch))


def _batches(operations: Sequence[Operation]) -> Iterator[list[Operation]]:
    """Yield operations of one action and kind together, none with one that it needs the number of."""
    batch: list[Operation] = []
    made: set[Ref] = set()
    for operation in operations:
        fits = (
            batch
            and len(batch) < BATCH
            and (batch[0].action, batch[0].ref.kind) == (operation.action, operation.ref.kind)
            and made.isdisjoint(_needs(operation))
        )
        if batch and not fits:
            yield batch
            batch, made = [], set()
        batch.append(operation)
        made.add(operation.ref)
    if batch:
        yield batch


def _needs(operation: Operation) -> Iterator[Ref]:
    for change in operation.changes:
        yield from referred(change.after)


def _together(netbox: NetBox, batch: Sequence[Operation], numbers: dict[Ref, int]) -> None:
    kind = KINDS[batch[0].ref.kind]
    match batch[0].action:
        case "create":
            made = netbox.create(kind, [_body(kind, one, numbers) for one in batch])
            numbers.update(zip((one.ref for one in batch), made, strict=True))
        case "update":
            netbox.update(kind, [{"id": numbers[one.ref], **_body(kind, one, numbers)} for one in batch])
        case "delete":
            netbox.delete(kind, [number for one in batch if (number := one.number) is not None])


def _body(kind: Kind, operation: Operation, numbers: Mapping[Ref, int]) -> dict[str, Any]:
    """Return what NetBox is sent: references as numbers, generic ones in two fields, custom fields in their own."""
    body: dict[str, Any] = {}
    for change in operation.changes:
        name, value = change.field, change.after
        if name.startswith(CUSTOM):
            body.setdefault("custom_fields", {})[name.removeprefix(CUSTOM)] = value
        elif name == "tags":
            body["tags"] = [{"slug": tag} for tag in value]
        elif name in kind.generic:
            body[f"{name}_type"] = value.kind if value is not None else None
            body[f"{name}_id"] = numbers[value] if value is not None else None
        elif name in TERMINATIONS:
            body[name] = [{"object_type": end.kind, "object_id": numbers[end]} for end in value]
        elif isinstance(value, tuple):
            body[name] = [numbers[one] if isinstance(one, Ref) else one for one in value]
        else:
            body[name] = numbers[value] if isinstance(value, Ref) else value
    return body
