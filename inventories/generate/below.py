# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The files of the cities, counties and schools of a made-up province."""

from collections.abc import Iterator
from random import Random

from inventories.base import Text
from inventories.generate import sites
from inventories.generate.catalogue import OFFICE
from inventories.generate.equipment import Equipment, Racks, Server, closet_racks, racks_for
from inventories.generate.plan import Place, Share
from inventories.generate.province import File, services
from inventories.generate.servers import placed


def office(
    place: Place, share: Share, clocks: tuple[str, ...], number: int, equipment: Equipment, random: Random
) -> Iterator[File]:
    """Yield the files of a city or county; a city gives the time to what is under it, taking it from ``clocks``."""
    own = placed(place.id, share.hosts, OFFICE, 3 if place.level == "city" else None, clocks)
    racks = Racks(racks_for(own.physical, share.devices, sites.OFFICE_RACK_KW))
    bureau = Text(en=f"{place.name.en} education bureau", zh=f"{place.name.zh}教育局")
    network = Text(en=f"{place.name.en} network centre", zh=f"{place.name.zh}教育网络中心")
    escalation = place.above.id if place.above is not None else place.id
    defaults = [f"site: {place.id}", f"owner: {place.id}-ops", f"rota: {place.id}-duty"]
    if place.level == "city":
        defaults.append("backup: copies-above")
    if own.clocks:
        defaults.append(f"time_sources: {sites.listed(own.clocks)}")
    text = (
        f"{sites.region(place)}\ndefaults: {{{', '.join(defaults)}}}\n\n"
        f"contacts:\n{sites.contact(f'{place.id}-ops', bureau, 10 * number)}"
        f"{sites.contact(f'{place.id}-net', network, 10 * number + 1)}\n"
        f"rotas:\n  {place.id}-duty:\n    name: {{en: Duty, zh: {place.name.zh}值班}}\n    since: 2026-08-31\n"
        f"    shifts: {{all: {{contacts: [{place.id}-ops, {place.id}-net]}}}}\n    escalation: [{escalation}-ops]\n\n"
    )
    yield f"{place.path}/region.yml", text + sites.site(place, sites.office_room(len(racks)), "dc", random)
    if own.servers:
        yield f"{place.path}/services.yml", services(place, OFFICE, own, random)
        yield f"{place.path}/hosts.yml", "hosts:\n" + "".join(equipment.hosts(place, own.servers, racks))
    if share.devices:
        yield f"{place.path}/devices.yml", "devices:\n" + "".join(equipment.devices(place, share.devices, racks))


def school(place: Place, share: Share, number: int, equipment: Equipment, random: Random) -> Iterator[File]:
    """Yield the files of a school: what and where it is, and its assets."""
    teacher = Text(en=f"{place.name.en} IT teacher", zh=f"{place.name.zh}信息技术教师")
    text = (
        f"{sites.region(place)}\ndefaults: {{site: {place.id}, owner: {place.id}-it}}\n\n"
        f"contacts:\n{sites.contact(f'{place.id}-it', teacher, 10 * number)}\n"
    )
    racks = Racks(closet_racks(share.hosts, share.devices), sites.CLOSET_RACK_UNITS)
    yield f"{place.path}/region.yml", text + sites.site(place, sites.closet(len(racks)), "closet", random)
    sections = []
    if share.hosts:
        servers = [Server(f"{place.id}-srv{host}", groups=("school",)) for host in range(1, share.hosts + 1)]
        sections.append("hosts:\n" + "".join(equipment.hosts(place, servers, racks)))
    if share.devices:
        sections.append("devices:\n" + "".join(equipment.devices(place, share.devices, racks)))
    if sections:
        yield f"{place.path}/assets.yml", "\n".join(sections)
