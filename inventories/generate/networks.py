# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The address plan of a made-up province, within 10.0.0.0/8 and 2001:db8::/32.

A city has a /12, a county a /16 in it, a school a /23 in that; 2001:db8::/32 is cut the same way, down to /48. The
places above the schools have the first /20 of theirs, the province has 10.0.0.0/12.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MOST_CHILDREN = 15
MOST_SCHOOLS = 120
VIDS = {"mgmt": 10, "server": 20, "staff": 30, "student": 40, "wifi": 50, "exam": 60, "iot": 70, "oob": 99}

# Where the VLANs lie in a place: first address and prefix length.
_SCHOOL = {
    "student": (0, 25),
    "wifi": (128, 25),
    "staff": (256, 26),
    "exam": (320, 26),
    "mgmt": (384, 26),
    "iot": (448, 27),
    "server": (480, 27),
}
_OFFICE = {"mgmt": (0, 22), "server": (1024, 22), "oob": (2048, 24), "staff": (2304, 24), "iot": (2560, 24)}
_CENTRE = {"mgmt": (0, 17), "server": (32768, 17), "oob": (65536, 20), "staff": (69632, 22), "iot": (70656, 24)}


@dataclass(frozen=True, slots=True)
class Block:
    """The addresses of a place: numbers of its city and county, 1 to 15, and of the school; 0 where it is above."""

    city: int
    county: int
    school: int

    @property
    def region(self) -> tuple[str, str]:
        """The ranges of the region and everything under it."""
        if not self.city:
            return "10.0.0.0/8", "2001:db8::/32"
        if not self.county and not self.school:
            return f"10.{self.city << 4}.0.0/12", f"2001:db8:{self.city << 12:x}::/36"
        if not self.school:
            return f"10.{self._second}.0.0/16", f"2001:db8:{self._second << 8:x}::/40"
        return self.site

    @property
    def site(self) -> tuple[str, str]:
        """The ranges of the site."""
        length = 23 if self.school else 20 if self.city else 12
        return f"{self.at(0)}/{length}", f"2001:db8:{self._subnet:x}::/48"

    @property
    def plan(self) -> Mapping[str, tuple[int, int]]:
        """Offset and prefix length of each VLAN."""
        return _SCHOOL if self.school else _OFFICE if self.city else _CENTRE

    @property
    def most_assets(self) -> int:
        """How many hosts and devices find an address for their management."""
        return (1 << 32 - self.plan["mgmt"][1]) - 3

    def prefixes(self, vlan: str) -> tuple[str, str]:
        """Return the ranges of a VLAN."""
        offset, length = self.plan[vlan]
        return f"{self.at(offset)}/{length}", f"2001:db8:{self._subnet:x}:{VIDS[vlan]}::/64"

    def address(self, vlan: str, number: int) -> str:
        """Return the IPv4 address of that number in a VLAN; 1 is the gateway."""
        return self.at(self.plan[vlan][0] + number)

    def address6(self, vlan: str, number: int) -> str:
        """Return the IPv6 address of that number in a VLAN."""
        return f"2001:db8:{self._subnet:x}:{VIDS[vlan]}::{number:x}"

    def at(self, offset: int) -> str:
        """Return the IPv4 address at ``offset`` from the first one of the site."""
        start = 0 if not self.school else (7 + self.school) << 9
        number = (10 << 24) + (self._second << 16) + start + offset
        return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    @property
    def _second(self) -> int:
        return self.city << 4 | self.county

    @property
    def _subnet(self) -> int:
        return self._second << 8 | self.school
