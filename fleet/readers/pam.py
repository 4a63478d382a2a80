# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Read pam.d(5): the modules a service really goes through, with includes resolved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_DEEPEST = 16
_LINE = re.compile(r"-?(?P<kind>auth|account|password|session)\s+(?P<control>\[[^\]]*\]|\S+)\s+(?P<rest>.*)")
_INCLUDE = re.compile(r"@include\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Step:
    """One module of a stack."""

    control: str
    module: str
    """Without directory and ``.so``, e.g. ``pam_unix``."""
    arguments: tuple[str, ...]

    def value(self, name: str) -> str | None:
        """Return what ``name=value`` among the arguments says; None when it is not there."""
        found = [argument.partition("=")[2] for argument in self.arguments if argument.startswith(f"{name}=")]
        return found[-1] if found else None


def stack(files: Mapping[str, Sequence[str]], service: str, kind: str, depth: int = 0) -> tuple[Step, ...]:
    """Return the modules of ``kind`` that ``service`` goes through, in order.

    ``files`` are the lines of pam.d by file name. What is included and not there is passed over, as is anything past
    sixteen levels of inclusion (a loop).
    """
    steps: list[Step] = []
    for line in files.get(service, ()) if depth < _DEEPEST else ():
        included = _INCLUDE.match(line)
        found = _LINE.match(line)
        if included:
            steps.extend(stack(files, included[1], kind, depth + 1))
        elif found and found["kind"] == kind:
            module, *arguments = found["rest"].split() or [""]
            name = module.rpartition("/")[2].removesuffix(".so")
            if found["control"] in {"include", "substack"}:
                steps.extend(stack(files, name, kind, depth + 1))
            else:
                steps.append(Step(found["control"], name, tuple(arguments)))
    return tuple(steps)
