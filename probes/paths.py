# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Say what type a fact path leads to, so that a check naming a figure no host can have is refused at loading."""

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from fleet.collector import AnyCollector
from inventories.base import Frozen


def collected(path: str, collectors: Mapping[str, AnyCollector]) -> Any:  # noqa: ANN401 - a type or a typing construct
    """Return the type at ``collector.field.field``.

    Raises:
        ValueError: there is no such collector or field.

    """
    name, _, rest = path.partition(".")
    if name not in collectors:
        raise ValueError(f"{path}: there is no collector {name!r}")
    return at(collectors[name].facts, rest, path)


def at(model: Any, rest: str, path: str) -> Any:  # noqa: ANN401 - a type or a typing construct
    """Return the type ``rest`` leads to below ``model``, without None; ``path`` is what an error calls it.

    Raises:
        ValueError: there is no such field.

    """
    for field in rest.split("."):
        if not (isinstance(model, type) and issubclass(model, Frozen)):
            raise ValueError(f"{path}: nothing lies below {model}")  # noqa: TRY004 - a mistake in the path
        member = getattr(model, field, None)
        if field in model.model_fields:
            model = get_type_hints(model)[field]
        elif isinstance(member, property):
            model = get_type_hints(member.fget)["return"]
        else:
            raise ValueError(f"{path}: {model.__name__} has no field {field!r}")
        model = _bare(model)
    return model


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - a type or a typing construct
    """Strip Annotated, and None from a union of one other member."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        members = [member for member in get_args(annotation) if member is not NoneType]
        return _bare(members[0]) if len(members) == 1 else annotation
    return annotation
