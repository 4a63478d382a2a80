# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Plans a province: its tree of places, and how many hosts and devices stand in each.

The proportions are such as are usual: one province has about 14 cities, 100 counties and 7,100 schools; hosts and
devices stand 600/200 in the province's own data centre, 60/90 in a city, 12/25 in a county and 1/6 in a school.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from inventories.base import Text
from inventories.errors import BadInput
from inventories.generate.names import SCHOOLS, SchoolKind, ordinal, stems
from inventories.generate.networks import MOST_CHILDREN, MOST_SCHOOLS, Block
from inventories.model import LinkClass, RegionLevel

_SITES_PER_CITY = 500
_SITES_PER_COUNTY = 72
_HOSTS = {"province": 600, "city": 60, "county": 12, "school": 1}
_DEVICES = {"province": 200, "city": 90, "county": 25, "school": 6}
FEWEST_SITES = 3
FEWEST_HOSTS = 4

_LINKS: dict[str, dict[LinkClass, int]] = {
    "school": {"fiber": 84, "leased": 10, "lte": 5, "satellite": 1},
    "teaching point": {"fiber": 35, "leased": 15, "lte": 38, "satellite": 12},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the province is to be."""

    sites: int
    hosts: int
    devices: int

    @classmethod
    def of(cls, sites: int, hosts: int | None, devices: int | None) -> "Size":
        """Return the size; what is not stated is as usual for a province with so many sites."""
        usual_hosts, usual_devices = max(round(sites * 25 / 18), FEWEST_HOSTS), round(sites * 125 / 18)
        return cls(
            sites=sites,
            hosts=usual_hosts if hosts is None else hosts,
            devices=usual_devices if devices is None else devices,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One region with the one site it has; ``above`` is the region its uplink leads to."""

    level: RegionLevel
    id: str
    path: str
    name: Text
    block: Block
    link: LinkClass = "fiber"
    above: "Place | None" = None
    kind: SchoolKind | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What stands in a place."""

    hosts: int
    devices: int


def plan(size: Size, random: Random) -> list[tuple[Place, Share]]:
    """Return the places, parents first, each with its share of hosts and devices.

    Raises BadInput for a size that makes no province, or one that the addresses do not suffice for.
    """
    if size.sites < FEWEST_SITES or size.hosts < FEWEST_HOSTS or size.devices < 0:
        raise BadInput(
            f"a province needs at least {FEWEST_SITES} sites and {FEWEST_HOSTS} hosts",
            hint=f"--sites {FEWEST_SITES} --hosts {FEWEST_HOSTS} --devices 0 is the smallest",
        )
    places = list(_places(size.sites, random))
    hosts = _shared(size.hosts, [_HOSTS[place.level] * random.uniform(0.8, 1.2) for place in places], FEWEST_HOSTS)
    devices = _shared(size.devices, [_DEVICES[place.level] * random.uniform(0.4, 1.8) for place in places], 0)
    for place, count in zip(places, map(sum, zip(hosts, devices, strict=True)), strict=True):
        if count > place.block.most_assets:
            raise BadInput(
                f"{place.id} would have {count} hosts and devices, its addresses suffice for {place.block.most_assets}",
                hint="ask for fewer of them, or for more sites",
            )
    return [(place, Share(*share)) for place, share in zip(places, zip(hosts, devices, strict=True), strict=True)]


def _places(sites: int, random: Random) -> Iterator[Place]:
    """Yield the places of the province; one site more stands in the neighbouring one."""
    names = stems(random)
    cities = min(max(round(sites / _SITES_PER_CITY), 1), MOST_CHILDREN)
    counties = min(max(round(sites / _SITES_PER_COUNTY), 1), MOST_CHILDREN * cities, sites - 2 - cities)
    schools = sites - 2 - cities - counties
    province = _region("province", next(names), None, Block(0, 0, 0))
    yield province
    # Schools belong to counties, some to the city itself; the city counts half.
    per_city = _even(counties, cities)
    weights = [
        weight * random.uniform(0.7, 1.3) for number in per_city for weight in (0.5, *(1.0 for _ in range(number)))
    ]
    per_region = iter(_shared(schools, weights, 0))
    for city_number, number in enumerate(per_city, 1):
        city = _region("city", next(names), province, Block(city_number, 0, 0))
        yield city
        yield from _schools(city, next(per_region), random)
        for county_number in range(1, number + 1):
            county = _region("county", next(names), city, Block(city_number, county_number, 0))
            yield county
            yield from _schools(county, next(per_region), random)


def _region(level: RegionLevel, stem: Text, above: Place | None, block: Block) -> Place:
    kind = {"province": "省", "city": "市", "county": "县"}[level]
    name_id = stem.en.lower()
    return Place(
        level=level,
        id=name_id,
        path=f"{above.path}/{name_id}" if above is not None else name_id,
        name=Text(en=stem.en, zh=stem.zh + kind),
        block=block,
        above=above,
    )


def _schools(above: Place, number: int, random: Random) -> Iterator[Place]:
    if number > MOST_SCHOOLS:
        raise BadInput("the addresses do not suffice for so many sites", hint="about 20,000 are possible")
    counts: Counter[str] = Counter()
    for position, kind in enumerate(random.choices(SCHOOLS, [kind.share for kind in SCHOOLS], k=number)):
        counts[kind.code] += 1
        count = counts[kind.code]
        links = _LINKS["teaching point" if kind.code == "t" else "school"]
        yield Place(
            level="school",
            id=f"{above.id}-{kind.code}{count}",
            path=f"{above.path}/{kind.code}{count}",
            name=Text(
                en=f"{above.name.en} No. {count} {kind.title.en}",
                zh=f"{above.name.zh}第{ordinal(count)}{kind.title.zh}",
            ),
            block=Block(above.block.city, above.block.county, position + 1),
            link=random.choices(tuple(links), tuple(links.values()))[0],
            above=above,
            kind=kind,
        )


def _even(total: int, parts: int) -> list[int]:
    """Return ``total`` in ``parts`` that differ by one at most.

    >>> _even(7, 3)
    [2, 2, 3]
    """
    return [end - start for start, end in pairwise(total * part // parts for part in range(parts + 1))]


def _shared(total: int, weights: Sequence[float], first: int) -> list[int]:
    """Return ``total`` in whole parts after ``weights``, at least ``first`` for the first one.

    >>> _shared(10, [1, 1, 2], 4)
    [4, 2, 4]
    """
    least = min(first, total)
    whole = sum(weights)
    if total * weights[0] / whole < least:
        return [least, *_shared(total - least, weights[1:], 0)] if len(weights) > 1 else [total]
    ends = [0.0]
    for weight in weights:
        ends.append(ends[-1] + weight)
    marks = [round(total * end / whole) for end in ends]
    return [end - start for start, end in pairwise(marks)]
