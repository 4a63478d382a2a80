# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Put the values of a rule's parameters into the steps of its remedy."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from security.operators import Value
from security.remedy import Remedy, Step, Written

_STEP: TypeAdapter[Step] = TypeAdapter(Step)


class UnsettledError(ValueError):
    """A value of a parameter that the step cannot take."""


def settle(remedy: Remedy, params: Mapping[str, Value]) -> tuple[Step, ...]:
    """Return the steps with ``$name`` replaced: by the value, its items in a list, or all items joined by commas.

    Raises:
        UnsettledError: a parameter has a value that the step does not take.

    """
    return tuple(_settled(step, params) for step in remedy.steps)


def _settled(step: Step, params: Mapping[str, Value]) -> Step:
    fields: dict[str, Any] = {}
    for name, value in step:
        if isinstance(value, tuple):
            fields[name] = tuple(item for each in value for item in _items(each, params))
        else:
            fields[name] = _scalar(value, params)
    try:
        return _STEP.validate_python(fields)
    except ValidationError as refused:
        error = refused.errors()[0]
        raise UnsettledError(f"{step.do}: {'.'.join(map(str, error['loc']))}: {error['msg']}") from None


def _named(value: object, params: Mapping[str, Value]) -> Value | None:
    return params[value[1:]] if isinstance(value, str) and value[:1] == "$" and value[1:] in params else None


def _items(value: object, params: Mapping[str, Value]) -> tuple[object, ...]:
    named = _named(value, params)
    if named is None:
        return (value,)
    return named if isinstance(named, tuple) else (named,)


def _scalar(value: object, params: Mapping[str, Value]) -> object:
    named = _named(value, params)
    if named is None:
        return value
    joined: Written = ",".join(map(str, named)) if isinstance(named, tuple) else named
    return joined
