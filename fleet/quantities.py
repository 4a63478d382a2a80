# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Bounded, finite numbers as answers of a host may give them; anything else is a validation error."""

from typing import Annotated

from pydantic import Field, ValidationError

Count = Annotated[int, Field(ge=0, lt=2**63)]
Positive = Annotated[int, Field(ge=1, lt=2**63)]
Bytes = Annotated[int, Field(ge=0, lt=2**63)]
Amount = Annotated[float, Field(ge=0, lt=1e18, allow_inf_nan=False)]
"""A quantity without a unit of its own, e.g. a load average."""
Seconds = Annotated[float, Field(ge=0, lt=1e18, allow_inf_nan=False)]
SignedSeconds = Annotated[float, Field(gt=-1e18, lt=1e18, allow_inf_nan=False)]
Ratio = Annotated[float, Field(ge=0, le=1)]


def why(problem: Exception) -> str:
    """Return in one line what is wrong with an answer, the first of several things."""
    if not isinstance(problem, ValidationError):
        return str(problem)
    first = problem.errors(include_url=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}, not {str(first['input'])[:80]!r}"
