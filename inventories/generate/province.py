# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The files of a made-up province that lie above its cities."""

from collections.abc import Iterator, Sequence
from random import Random

from inventories.base import Text
from inventories.generate import sites
from inventories.generate.catalogue import OFFICE, PROVINCE, Offer
from inventories.generate.equipment import Equipment, Racks, racks_for
from inventories.generate.plan import Place, Share
from inventories.generate.servers import Placed, placed
from inventories.generate.sites import listed, said

File = tuple[str, str]
"""Path from the inventory's root, and text."""

_ISSUER = "Example Education CA"
_PEOPLE = {
    "ops": Text(en="operations", zh="运维组"),
    "net": Text(en="network", zh="网络组"),
    "sysadmin": Text(en="system administrator", zh="系统管理员"),
    "auditor": Text(en="audit administrator", zh="审计管理员"),
    "secadmin": Text(en="security administrator", zh="安全管理员"),
}

_AUTHORITY = """\
# A made-up province: names, addresses, telephones and mail lead nowhere.
authority:
  name: {{en: {en} education authority, zh: {zh}教育厅}}
  domain: edu.example
  timezone: Asia/Shanghai
  issuers: [{issuer}]
  as_of: 2026-09-01

defaults:
  platform: debian13
  link: fiber
  backup: copies
  administrators: {{system: {id}-sysadmin, audit: {id}-auditor, security: {id}-secadmin}}
  management: {{protocol: ssh, credential: switches}}
  ssh: {{user: inspector}}
  time_sources: {clocks}
  vlans:
    mgmt: {{vid: 10, purpose: mgmt, mlps_level: 3}}
    server: {{vid: 20, purpose: server, mlps_level: 3}}
    staff: {{vid: 30, purpose: staff}}
    student: {{vid: 40, purpose: student}}
    wifi: {{vid: 50, purpose: wifi}}
    exam: {{vid: 60, purpose: exam, vrf: exam, mlps_level: 3}}
    iot: {{vid: 70, purpose: iot}}
    oob: {{vid: 99, purpose: oob, mlps_level: 3}}

vrfs:
  exam: {{name: {{en: Exams, zh: 考试专网}}, rd: "65000:60", internet: false}}

secrets:
  switches: {{user: inspector, env: EDUFLEET_SWITCHES}}

groups:
"""
_NEIGHBOUR = """\
# The neighbouring province keeps copies of the data, as this one does for it.
region:
  level: province
  name: {en: Neighbouring province, zh: 邻省}
  prefixes: [172.16.0.0/16, "3fff::/36"]

sites:
  neighbour:
    name: {en: Neighbouring data centre, zh: 邻省数据中心}
    prefixes: [172.16.0.0/20, "3fff::/48"]
    uplinks:
      wan1: {link: fiber, mbps: 10000, latency_ms: 12, provider: carrier-a}
      wan2: {link: fiber, mbps: 10000, latency_ms: 14, provider: carrier-b}
"""
_CALENDARS = """\
calendars:
  school-year:
    name: {en: School year, zh: 学年}
    windows:
      autumn-term: {kind: term, start: 2026-09-01, end: 2027-01-22}
      spring-term: {kind: term, start: 2027-02-22, end: 2027-07-02}
      enrolment: {kind: peak, start: 2026-08-25, end: 2026-09-05}
      winter-works: {kind: maintenance, start: 2027-01-25, end: 2027-02-05}
  gaokao:
    name: {en: University entrance examination, zh: 高考}
    windows:
      registration: {kind: peak, start: 2026-11-01, end: 2026-11-10}
      freeze: {kind: freeze, start: 2027-06-01, end: 2027-06-12}
      exam: {kind: exam, start: 2027-06-07 08:00, end: 2027-06-09 18:00}
      results: {kind: peak, start: 2027-06-22, end: 2027-06-28}
"""


def clocks(place: Place) -> tuple[str, str]:
    """Return the hosts of the province that give the time."""
    return f"{place.id}-node1", f"{place.id}-node2"


def province(place: Place, share: Share, equipment: Equipment, random: Random) -> Iterator[File]:
    """Yield the files at the root and those of the province's own data centre, and its neighbour's."""
    own = placed(place.id, share.hosts, PROVINCE, 2, ("ntp1.edu.example", "ntp2.edu.example"))
    groups = "".join(f"  {offer.id}: {{}}\n" for offer in (*PROVINCE, *OFFICE))
    head = _AUTHORITY.format(
        en=place.name.en, zh=place.name.zh, id=place.id, issuer=_ISSUER, clocks=listed(clocks(place))
    )
    yield "authority.yml", head + groups + "  school: {}\n"
    yield "calendars.yml", _CALENDARS
    yield "neighbour/region.yml", _NEIGHBOUR
    racks = Racks(racks_for(own.physical, share.devices, sites.CENTRE_RACK_KW))
    text = f"{sites.region(place)}\ndefaults: {{site: {place.id}, owner: {place.id}-ops, rota: {place.id}-duty}}\n\n"
    yield f"{place.path}/region.yml", text + sites.site(place, sites.centre_room(len(racks)), "dc", random)
    yield f"{place.path}/people.yml", _people(place)
    yield f"{place.path}/services.yml", services(place, PROVINCE, own, random)
    yield f"{place.path}/backups.yml", _backups(place)
    yield f"{place.path}/certificates.yml", _certificates(place)
    yield f"{place.path}/hosts.yml", "hosts:\n" + "".join(equipment.hosts(place, own.servers, racks))
    if share.devices:
        yield f"{place.path}/devices.yml", "devices:\n" + "".join(equipment.devices(place, share.devices, racks))


def _people(place: Place) -> str:
    contacts = "".join(
        sites.contact(
            f"{place.id}-{role}", Text(en=f"{place.name.en} {name.en}", zh=f"{place.name.zh}{name.zh}"), number
        )
        for number, (role, name) in enumerate(_PEOPLE.items(), 1)
    )
    return (
        f"contacts:\n{contacts}\nrotas:\n  {place.id}-duty:\n    name: {{en: Duty, zh: {place.name.zh}值班}}\n"
        f"    since: 2026-08-31\n    shifts:\n"
        f'      day: {{start: "08:00", end: "20:00", contacts: [{place.id}-ops, {place.id}-net]}}\n'
        f'      night: {{start: "20:00", end: "08:00", contacts: [{place.id}-net, {place.id}-ops]}}\n'
        f"    escalation: [{place.id}-sysadmin]\n"
    )


def services(place: Place, offers: Sequence[Offer], own: Placed, random: Random) -> str:
    """Return the section of the services that ``place`` runs."""
    prefix = "" if place.level == "province" else f"{place.id}-"
    lines = ["services:\n"]
    for number, offer in enumerate(offers, 1):
        filed, month = f"2025-0{random.randint(1, 6)}-15", random.randint(1, 6)
        lines += (
            f"  {prefix}{offer.id}:\n    name: {said(offer.name)}\n    kind: {offer.kind}\n",
            f"    mlps_level: {offer.level}\n    hosts: [{', '.join(own.runs[offer.id])}]\n",
            f"    filing: {{filed: {filed}, assessed: 2026-0{month}-20, next_assessment: 2027-0{month}-20}}\n",
        )
        if offer.needs:
            lines.append(f"    depends_on: [{', '.join(offer.needs)}]\n")
        if offer.calendar:
            lines.append(f"    calendar: {offer.calendar}\n")
        if offer.www:
            addresses = (place.block.address("server", number + 1), place.block.address6("server", number + 1))
            lines.append(
                f"    public: true\n    names: [{offer.id}.edu.example]\n    addresses: {listed(addresses)}\n"
                "    slo: {availability: 99.9}\n"
            )
    return "".join(lines)


def _backups(place: Place) -> str:
    policy = "every_hours: 24, restore_hours: 8, retention_days: 200, restore_tested: 2026-07-15"
    return (
        "# The province copies to its neighbour, all others to the province.\n"
        f"backups:\n  copies: {{target: neighbour, {policy}}}\n  copies-above: {{target: {place.id}, {policy}}}\n"
    )


def _certificates(place: Place) -> str:
    lines = [f"  # Presented to the internet by {place.name.en}.\n"]
    for number, offer in enumerate(offer for offer in PROVINCE if offer.www):
        key = (
            "algorithm: sm2\n    bits: 256\n    hashed: sm3"
            if offer.level > 2  # noqa: PLR2004 - graded systems use commercial cryptography
            else "algorithm: ecdsa\n    bits: 256\n    hashed: sha256"
        )
        lines += (
            f"  {offer.id}-tls:\n    services: [{offer.id}]\n    names: [{offer.id}.edu.example]\n",
            f"    issuer: {_ISSUER}\n    {key}\n    expires: 2027-0{number % 6 + 3}-28\n",
        )
    return "certificates:\n" + "".join(lines)
