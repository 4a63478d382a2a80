# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""All files of a made-up province, one after the other."""

from collections.abc import Iterator, Sequence
from random import Random

from inventories.generate.below import office, school
from inventories.generate.equipment import Equipment
from inventories.generate.plan import Place, Share, Size, plan
from inventories.generate.province import File, clocks, province


def files(size: Size, seed: int) -> Iterator[File]:
    """Return the files of a province of ``size``; the same ``seed`` gives the same files.

    Raises BadInput, at once, when ``size`` makes no province.
    """
    random = Random(seed)  # noqa: S311 - chance for variety, not for secrets
    return _files(plan(size, random), random)


def _files(places: Sequence[tuple[Place, Share]], random: Random) -> Iterator[File]:
    equipment = Equipment(random)
    top, _ = places[0]
    for number, (place, share) in enumerate(places):
        match place.level:
            case "province":
                yield from province(place, share, equipment, random)
            case "school":
                yield from school(place, share, number, equipment, random)
            case _:
                yield from office(place, share, clocks(top), number, equipment, random)
