# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The rack elevations: rack by rack and unit by unit, what stands where and how much power is drawn."""

from inventories.base import Text
from inventories.graphs.graph import Elevation, Graph, Group, Mount, Node
from inventories.graphs.registry import View
from inventories.graphs.scope import Scope
from inventories.graphs.things import asset_node, by_rack, declared, is_virtual, load, room_name, units
from inventories.graphs.words import counted, part, say
from inventories.model import Asset, Room, Site


def _draw(scope: Scope) -> Graph:
    standing = scope.standing()
    groups: list[Group] = []
    racks: dict[str, Elevation] = {}
    nodes: list[Node] = []
    for site, room in scope.rooms():
        things = by_rack(standing[site.id], room)
        group = _room(scope, site, room, things)
        elevations = [_rack(scope, group, room, rack, things[rack]) for rack in things if rack is not None]
        groups += [group] if elevations else []
        racks |= {elevation.node: elevation for elevation in elevations}
        nodes += [_node(scope, elevation, group) for elevation in elevations]
    drawn = {mount.name for rack in racks.values() for mount in rack.mounts}
    elsewhere = [asset for things in standing.values() for asset in things if asset.name not in drawn]
    return Graph(
        title=f"{say(scope.lang, 'Rack elevations', '机柜立面图')} · {scope.name}",
        notes=tuple(_notes(scope, elsewhere)),
        groups=tuple(groups),
        nodes=tuple(nodes),
        elevations=tuple(racks.values()),
    )


def _room(scope: Scope, site: Site, room: Room, things: dict[str | None, list[Asset]]) -> Group:
    lang = scope.lang
    drawn = load(asset for rack in things.values() for asset in rack).of(room.it_kw, lang)
    racks = counted(sum(rack is not None for rack in things), "rack", lang)
    grade = say(lang, f"grade {room.grade}", f"{room.grade} 级")
    return Group(id=f"{site.id}/{room.id}", lines=(room_name(site, room, lang), f"{grade} · {racks} · {drawn}"))


def _rack(scope: Scope, group: Group, room: Room, name: str, things: list[Asset]) -> Elevation:
    lang = scope.lang
    rack = declared(room, name)
    mounts = tuple(_mount(scope, asset) for asset in sorted(things, key=lambda asset: asset.u_position or 0))
    placed = [mount for mount in mounts if mount.unit is not None]
    used = sum(mount.height for mount in placed)
    if rack is not None:
        height = rack.units
        most = "" if len(placed) == len(mounts) else "≤ "
        free = say(lang, f"{most}{height - used} of {height} U free", f"空闲 {most}{height - used} / {height} U")
    else:
        # A rack that its room does not list has at least the units that are occupied.
        height = max((mount.unit + mount.height - 1 for mount in placed if mount.unit is not None), default=1)
        free = say(lang, "height not stated", "高度未登记")
    drawn, kw = load(things), rack.kw if rack else None
    return Elevation(
        node=f"{group.id}/{name}",
        header=(name, free, drawn.of(kw, lang)),
        units=height,
        mounts=mounts,
        load_kw=drawn.kw,
        kw=kw,
    )


def _mount(scope: Scope, asset: Asset) -> Mount:
    node = asset_node(asset, scope.lang, None)
    word = part(asset, scope.lang)
    return Mount(name=asset.name, word=word, kind=node.kind, unit=asset.u_position, height=asset.u_height, tip=node.tip)


def _node(scope: Scope, rack: Elevation, group: Group) -> Node:
    """Return the rack as one node that names what stands in it, from the top."""
    unknown = say(scope.lang, "unit not stated", "U 位未登记")
    lines = [f"{units(mount.unit, mount.height) or unknown} {mount.name} {mount.word}" for mount in rack.mounts]
    return Node(id=rack.node, lines=(*rack.header, *reversed(lines)), kind="rack", group=group.id)


def _notes(scope: Scope, elsewhere: list[Asset]) -> list[str]:
    lang = scope.lang
    virtual = sum(map(is_virtual, elsewhere))
    notes = []
    if len(elsewhere) > virtual:
        number = len(elsewhere) - virtual
        notes.append(say(lang, f"{number} not drawn: room or rack not stated", f"{number} 台未登记机房或机柜，未绘出"))
    if virtual:
        notes.append(say(lang, f"{virtual} virtual not drawn", f"{virtual} 台虚拟机未绘出"))
    return notes


VIEW = View(
    id="racks",
    title=Text(en="Rack elevations: units, free space, power", zh="机柜立面图：U 位、空闲与功率"),
    draw=_draw,
)
