# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Collects NetBox objects, each once."""

import re
from collections.abc import Mapping

from inventories.base import Text
from inventories.errors import BadInput
from inventories.model.base import VarValue
from inventories.netbox.objects import KINDS, Item, Origin, Ref, Value

_NO_SLUG = re.compile(r"[^a-z0-9_-]+")
LONGEST_SLUG = 100

Custom = Mapping[str, VarValue | Mapping[str, VarValue] | None]


class Draft:
    """The objects so far, by natural key, in the order in which they were first named."""

    def __init__(self) -> None:
        self._items: dict[Ref, Item] = {}

    def items(self) -> list[Item]:
        """Return the objects."""
        return list(self._items.values())

    def add(
        self,
        kind: str,
        values: Mapping[str, Value],
        custom: Custom | None = None,
        *,
        initial: Mapping[str, Value] | None = None,
        later: Mapping[str, Ref] | None = None,
        origin: Origin | None = None,
    ) -> Ref:
        """Add an object, leaving out custom fields that are None; the same again is no second one.

        Raises BadInput for another object of the same natural key.
        """
        item = _item(kind, values, initial, custom, later, origin)
        there = self._items.setdefault(item.ref, item)
        if there != item:
            raise BadInput(
                f"two entries of the inventory would be the same NetBox object: {item.ref.label}",
                hint=f"rename one: {_said(there)}; {_said(item)}",
            )
        return item.ref

    def put(self, kind: str, values: Mapping[str, Value], initial: Mapping[str, Value]) -> None:
        """Add an object in place of one of the same natural key: what is said later is more exact."""
        item = _item(kind, values, initial, None, None, None)
        self._items[item.ref] = item

    def get(self, ref: Ref) -> Item | None:
        """Return an object, None when it is not there."""
        return self._items.get(ref)


def slug(text: str) -> str:
    """Return ``text`` as NetBox takes a slug.

    >>> slug("S12700E-8"), slug("Example (Telecom)")
    ('s12700e-8', 'example-telecom')
    """
    return _NO_SLUG.sub("-", text.lower()).strip("-") or "x"


def both(text: Text | None) -> str:
    """Return both languages of a text, nothing for none.

    >>> both(Text(en="Core", zh="核心"))
    'Core / 核心'
    """
    return f"{text.en} / {text.zh}" if text is not None else ""


def _item(
    kind: str,
    values: Mapping[str, Value],
    initial: Mapping[str, Value] | None,
    custom: Custom | None,
    later: Mapping[str, Ref] | None,
    origin: Origin | None,
) -> Item:
    stated = {name: value for name, value in (custom or {}).items() if value is not None}
    return Item(kind=KINDS[kind], values=values, initial=initial or {}, custom=stated, later=later or {}, origin=origin)


def _said(item: Item) -> str:
    return f"{item.origin.kind.label} {item.origin.id!r}" if item.origin is not None else repr(item.values)
