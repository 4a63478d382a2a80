# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The kinds of values that entries of an inventory are made of."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from socket import AF_INET, AF_INET6, inet_pton
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WrapValidator
from pydantic.networks import IPvAnyAddress, IPvAnyInterface, IPvAnyNetwork
from pydantic_core import PydanticCustomError

from inventories.base import Frozen


def _not_a_number(value: object) -> object:
    """Refuse bare numbers: the ipaddress module would read 10 as 0.0.0.10."""
    if isinstance(value, int | float):
        raise PydanticCustomError("ip_any_address", "must be an address, not a number")
    return value


# The C library reads addresses several times quicker than the ipaddress module; what it refuses is left to pydantic.
def _address(value: object, parse: Callable[[object], object]) -> object:
    if isinstance(value, str):
        try:
            return _packed(value)
        except (OSError, ValueError):
            return parse(value)
    return parse(_not_a_number(value))


def _network(value: object, parse: Callable[[object], object]) -> object:
    if isinstance(value, str):
        address, _, length = value.partition("/")
        if length.isascii() and length.isdigit():
            try:
                kind = IPv6Network if ":" in address else IPv4Network
                return kind((int(_packed(address)), int(length)))
            except (OSError, ValueError):
                return parse(value)
    return parse(_not_a_number(value))


def _packed(text: str) -> IPv4Address | IPv6Address:
    if ":" in text:
        return IPv6Address(inet_pton(AF_INET6, text))
    return IPv4Address(inet_pton(AF_INET, text))


def _written_date(value: object) -> object:
    """Refuse numbers: pydantic would read 20261101 as seconds since 1970."""
    if isinstance(value, int | float):
        raise PydanticCustomError("date_type", "must be a date such as 2026-11-01")
    return value


def _whole_day(value: object) -> object:
    """Read an end that is only a date as the end of that day."""
    value = _written_date(value)
    if isinstance(value, str) and len(value) == len("2026-11-01"):
        try:
            return datetime.combine(date.fromisoformat(value), datetime.min.time()) + timedelta(days=1)
        except ValueError:
            return value
    return value


def _named(value: object) -> object:
    """Turn ``{name: {...}}``, as files write it, into the list of entries with their ids."""
    if isinstance(value, Mapping):
        return [
            {"id": name, **inner} if isinstance(inner, Mapping) else {"id": name} if inner is None else inner
            for name, inner in value.items()
        ]
    return value


if TYPE_CHECKING:
    from ipaddress import IPv4Interface, IPv6Interface

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network
    Interfaced = IPv4Interface | IPv6Interface
else:
    Address = Annotated[IPvAnyAddress, WrapValidator(_address)]
    Network = Annotated[IPvAnyNetwork, WrapValidator(_network)]
    Interfaced = Annotated[IPvAnyInterface, BeforeValidator(_not_a_number)]

Named = BeforeValidator(_named)
"""Marks a tuple of entries that is written as a mapping by name."""

RegionLevel = Literal["ministry", "province", "peer", "city", "county", "school"]
LinkClass = Literal["lan", "fiber", "leased", "lte", "satellite"]
Importance = Literal["low", "normal", "high", "critical"]

_NAME = r"^[a-z0-9][a-z0-9_-]{0,62}$"
_LABEL = r"^[A-Za-z0-9][A-Za-z0-9_/:-]*(\.[A-Za-z0-9_/:-]+)*$"
_DNS_NAME = r"^(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$"
_REGION_PATH = r"^(\.|[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*)$"
_MAC = r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$"
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
_END = r"^[a-z0-9][a-z0-9_-]{0,62}:[A-Za-z0-9][A-Za-z0-9_./:-]{0,62}$"
_VAR_NAME = r"^[a-z_][a-z0-9_]{0,62}$"

SHAPES = {
    _NAME: ("a name", "use lower-case letters, digits, '-' and '_', at most 63"),
    _LABEL: ("a label", "use letters, digits and '_', '-', '/', ':', single dots between; a range is R01..R24"),
    _DNS_NAME: ("a DNS name", "write it in lower case, e.g. www.edu.example"),
    _REGION_PATH: ("a region path", "directories are named by lower-case letters, digits, '-' and '_'"),
    _MAC: ("a hardware address", "write it as 00:00:5e:00:53:01"),
    _CLOCK: ("a time of day", "write it as 08:30, at most 24:00"),
    _END: ("an end of a cable", "write it as asset:interface"),
    _VAR_NAME: ("a variable name", "use lower-case letters, digits and '_', not a digit first"),
}
"""What the patterns of texts ask for: what it is, and how to write it."""

Name = Annotated[str, StringConstraints(pattern=_NAME)]
Label = Annotated[str, StringConstraints(pattern=_LABEL, max_length=63)]
"""What is written on a thing: a rack, a port, a cable."""
DnsName = Annotated[str, StringConstraints(pattern=_DNS_NAME, max_length=253)]
RegionPath = Annotated[str, StringConstraints(pattern=_REGION_PATH)]
Mac = Annotated[str, StringConstraints(pattern=_MAC, to_lower=True)]
End = Annotated[str, StringConstraints(pattern=_END)]
"""One end of a cable: ``asset:interface``."""
Clock = Annotated[str, StringConstraints(pattern=_CLOCK)]
Date = Annotated[date, BeforeValidator(_written_date)]
Moment = Annotated[datetime, BeforeValidator(_written_date)]
MomentAfter = Annotated[datetime, BeforeValidator(_whole_day)]

VarName = Annotated[str, StringConstraints(pattern=_VAR_NAME)]
VarScalar = str | int | float | bool
VarValue = VarScalar | tuple[VarScalar, ...]
Kilowatts = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]

ROOT = "."


class Entry(Frozen):
    """A thing that is written under its name.

    ``label`` is what messages call it. ``given`` are the fields that follow from where it is written, ``beside`` the
    keys it may have that are no fields.
    """

    label: ClassVar[str]
    given: ClassVar[frozenset[str]] = frozenset()
    beside: ClassVar[frozenset[str]] = frozenset()


class Part(Entry):
    """A thing that belongs to an entry and is written inside it, under its id."""

    given: ClassVar = frozenset({"id"})


class Listed(Entry):
    """A thing that is listed in a section of a file; ``inherits`` are the defaults it takes."""

    section: ClassVar[str]
    inherits: ClassVar[frozenset[str]] = frozenset()
    given: ClassVar = frozenset({"id", "region"})


def within(path: str, region: str) -> bool:
    """Tell whether the region at ``path`` is ``region`` or lies under it.

    >>> within("qinghe/lushan", "qinghe"), within("qinghe2", "qinghe"), within("qinghe", ".")
    (True, False, True)
    """
    return region in (ROOT, path) or path.startswith(region + "/")
