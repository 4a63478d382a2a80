# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventory as flat tables, one per kind of entry and per kind of part: what spreadsheets show and change.

Left out are secrets, what names files of one computer, and the defaults of sites and groups.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel

from inventories.base import Text
from inventories.model import KINDS, Asset, Entry, Group, Host, Inventory, Listed, Part, Secret
from inventories.reading.shape import writable
from inventories.variables import PREFIX, variables

Form = Literal["text", "integer", "number", "flag", "choice", "date", "moment", "list", "free"]
"""What a column holds; ``free`` is a variable: a scalar or a list of them, each with its own type."""

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field and keys it is about, in what form, and what people are told of it."""

    path: tuple[str, ...]
    form: Form
    title: Text
    choices: tuple[str, ...] = ()
    derived: bool = False
    """It follows from other values and cannot be changed."""
    open: bool = False
    """It stands for one column per key, since the keys differ from inventory to inventory."""

    @property
    def header(self) -> str:
        """What the first row says."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry or part: the ids that lead to it, and its values by header; what is not stated is left out."""

    key: tuple[str, ...]
    region: str
    values: Values


@dataclass(frozen=True, slots=True)
class Table:
    """All entries of a kind or all parts of a sort; ``fields`` lead from an entry to its parts.

    The first columns are the ids: of the entry, and for parts of each part on the way.
    """

    kind: type[Listed]
    fields: tuple[str, ...]
    keys: tuple[Column, ...]
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """What the sheet or file is called, e.g. ``sites.rooms.racks``."""
        return ".".join((self.kind.section, *self.fields))

    def column(self, header: str) -> Column | None:
        """Return the column that a header names, None for an unknown one."""
        for column in (*self.keys, *self.columns):
            if column.open and header.startswith(column.header + "."):
                return replace(column, path=(*column.path, header[len(column.header) + 1 :]), open=False)
            if not column.open and column.header == header:
                return column
        return None

    def path(self, key: Sequence[str], column: Column) -> tuple[str, ...]:
        """Return where the value of a row in a column stands inside the entry."""
        return (*self.way(key), *column.path)

    def way(self, key: Sequence[str]) -> tuple[str, ...]:
        """Return what leads from the entry to the part of a row; nothing for the entry itself."""
        return tuple(step for pair in zip(self.fields, key[1:], strict=False) for step in pair)


_DERIVED: Mapping[type[Asset], Mapping[str, Form]] = {
    Asset: {"region_level": "text", "platform_family": "text"},
    Host: {"link": "text", "services": "list", "mlps_level": "integer"},
}


@cache
def tables() -> tuple[Table, ...]:
    """Return every table without rows, assets first."""
    kinds = sorted((kind for kind in KINDS if kind is not Secret), key=lambda kind: not issubclass(kind, Asset))
    return tuple(table for kind in kinds for table in _tables(kind, kind, (), ()))


def rows(table: Table, inventory: Inventory, assets: Sequence[Asset]) -> Iterator[Row]:
    """Yield the rows of a table; of hosts and devices those among ``assets``."""
    if issubclass(table.kind, Asset):
        entries: Sequence[Listed] = [asset for asset in assets if isinstance(asset, table.kind)]
    else:
        entries = getattr(inventory, table.kind.section)
    for entry in entries:
        name = str(getattr(entry, table.keys[0].header if not table.fields else _id_field(table.kind)))
        region = str(getattr(entry, "region"))  # noqa: B009 - every listed kind has one, Listed itself does not
        key = (name, region) if table.kind is Group else (name,)
        for ids, part in _parts(entry, table.fields, key):
            values = dict(_flat(part, table.columns))
            if isinstance(part, Asset):
                told = variables(inventory, part)
                derived = [column.header for column in table.columns if column.derived]
                values |= {header: told[PREFIX + header] for header in derived if PREFIX + header in told}
            yield Row(ids, region, values)


def headers(table: Table, shown: Sequence[Row]) -> tuple[Column, ...]:
    """Return the columns that are needed for ``shown``: open ones become one column per key."""
    columns: list[Column] = list(table.keys)
    for column in table.columns:
        if column.open:
            stem = column.header + "."
            used = sorted({header for row in shown for header in row.values if header.startswith(stem)})
            columns += [replace(column, path=(*column.path, name[len(stem) :]), open=False) for name in used]
        else:
            columns.append(column)
    return tuple(columns)


def _tables(
    kind: type[Listed], model: type[Entry], fields: tuple[str, ...], keys: tuple[Column, ...]
) -> Iterator[Table]:
    name = _id_field(kind) if not fields else "id"
    own = Column((name,), "text", _title(model, name))
    columns: list[Column] = []
    if not fields:
        region = Column(("region",), "text", _title(kind, "region"))
        if kind is Group:  # several regions may each say something of one group
            keys = (own, region)
        else:
            keys, columns = (own,), [region]
    else:
        keys = (*keys, own)
    for field in model.model_fields:
        if field in writable(model) and field != name:
            columns += _columns(model, field, ())
    for owner, derived in _DERIVED.items():
        if not fields and issubclass(model, owner):
            columns += [Column((h,), form, _titles()[f"derived.{h}"], derived=True) for h, form in derived.items()]
    yield Table(kind, fields, keys, tuple(columns))
    above = (*keys[:-1], replace(own, path=(model.label,)))
    for field, info in model.model_fields.items():
        part = _part(info.annotation)
        if part is not None:
            yield from _tables(kind, part, (*fields, field), above)


def _columns(model: type[BaseModel], field: str, above: tuple[str, ...]) -> Iterator[Column]:
    """Yield the columns of one field: none for parts and file names, several for a group of values."""
    info = model.model_fields[field]
    kind = _bare(info.annotation)
    path = (*above, field)
    if _part(info.annotation) is not None or kind is Path:
        return
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Text:
        for inner in kind.model_fields:
            yield from _columns(kind, inner, path)
        return
    title = _title(model, field)
    if kind is Text:
        yield Column((*path, "en"), "text", Text(en=f"{title.en} In English.", zh=f"{title.zh}（英文）"))
        yield Column((*path, "zh"), "text", Text(en=f"{title.en} In Chinese.", zh=f"{title.zh}（中文）"))
    elif get_origin(kind) is Literal:
        yield Column(path, "choice", title, choices=tuple(str(choice) for choice in get_args(kind)))
    elif _is_mapping(kind):
        yield Column(path, "number" if get_args(kind)[1] is float else "free", title, open=True)
    elif get_origin(kind) is tuple:
        yield Column(path, "list", title)
    else:
        yield Column(path, _FORMS.get(kind, "text"), title)


_FORMS: Mapping[object, Form] = {int: "integer", float: "number", bool: "flag", date: "date", datetime: "moment"}


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - annotations have no type of their own
    """Return an annotation without its constraints and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(inner for inner in get_args(annotation) if inner is not type(None)))
    return annotation


def _is_mapping(kind: object) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _part(annotation: Any) -> type[Part] | None:  # noqa: ANN401 - as above
    """Return the kind of part that a field holds a list of, None when it holds something else."""
    kind = _bare(annotation)
    inner = _bare(get_args(kind)[0]) if get_origin(kind) is tuple else None
    return inner if isinstance(inner, type) and issubclass(inner, Part) else None


def _id_field(kind: type[Listed]) -> str:
    return "name" if issubclass(kind, Asset) else "id"


def _parts(
    entry: BaseModel, fields: Sequence[str], key: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], BaseModel]]:
    if not fields:
        yield key, entry
        return
    for part in getattr(entry, fields[0]):
        yield from _parts(part, fields[1:], (*key, part.id))


def _flat(entry: BaseModel, columns: Sequence[Column]) -> Iterator[tuple[str, object]]:
    for column in columns:
        value: Any = entry
        for step in column.path if not column.derived else ():
            value = getattr(value, step, None)
        if column.open:
            yield from ((f"{column.header}.{key}", inner) for key, inner in value.items())
        elif not column.derived and value is not None:
            yield column.header, value


@cache
def _titles() -> Mapping[str, Text]:
    said = yaml.safe_load(resources.files("inventories.tables").joinpath("columns.yml").read_text(encoding="utf-8"))
    derived = {f"derived.{name}": Text.model_validate(text) for name, text in said["derived"].items()}
    return derived | {name: Text(en="", zh=text) for name, text in said["fields"].items()}


def _title(model: type[BaseModel], field: str) -> Text:
    """Return what people are told of a field: the model's description, and the Chinese in columns.yml."""
    info = model.model_fields[field]
    owner = next(base for base in reversed(model.__mro__) if field in getattr(base, "model_fields", {}))
    own = f"{owner.__name__}.{field}"
    return Text(en=info.description or field, zh=_titles()[own if own in _titles() else field].zh)
