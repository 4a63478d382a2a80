# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Says of every value of an entry where it was written, be it in a directory far above."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic_core import to_jsonable_python

from inventories.base import Frozen
from inventories.book import Record
from inventories.reading.source import Node, Scalar

Origin = Literal["written", "derived", "default"]


class Explained(Frozen):
    """One value of an entry and where it comes from."""

    path: str = Field(description="Dotted path of the value in the entry.")
    value: Any = Field(description="The value: a scalar, or a list of scalars.")
    origin: Origin = Field(
        description="written: in a file; derived: it follows from where things are written; default: nothing was said."
    )
    file: str | None = Field(default=None, description="File, for what is written.")
    line: int | None = Field(default=None, description="Line, from 1.")
    column: int | None = Field(default=None, description="Column in characters, from 1.")


def explain(record: Record[Any]) -> tuple[Explained, ...]:
    """Return every value of an entry with its origin: what is written first, then what is derived, then defaults."""
    written = tuple(value for key, node in record.node.entries.items() for value in _written(key, node))
    model = record.model
    if model is None:
        return written
    unwritten = [name for name in type(model).model_fields if name not in record.node.entries]
    derived = [name for name in unwritten if name in model.given]
    rest = [name for name in unwritten if name not in model.given]
    return (
        *written,
        *(Explained(path=name, value=_plain(getattr(model, name)), origin="derived") for name in derived),
        *(Explained(path=name, value=_plain(getattr(model, name)), origin="default") for name in rest),
    )


def _written(path: str, node: Node) -> Iterator[Explained]:
    value = node.value
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _written(f"{path}.{key}", inner)
    elif isinstance(value, list) and value and not _together(value):
        # The items of a list that was added to come from several places.
        for position, inner in enumerate(value):
            yield from _written(f"{path}[{position}]", inner)
    else:
        place = node.place
        yield Explained(
            path=path, value=node.plain(), origin="written", file=place.file, line=place.line, column=place.column
        )


def _together(items: list[Node]) -> bool:
    """Tell whether plain values stand in one line of one file."""
    first = items[0]
    return all(
        isinstance(item.value, Scalar) and (item.file, item.mark.line) == (first.file, first.mark.line)
        for item in items
    )


def _plain(value: object) -> object:
    return (
        value.model_dump(mode="json", exclude_defaults=True)
        if isinstance(value, BaseModel)
        else to_jsonable_python(value)
    )
