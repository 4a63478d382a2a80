# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How the racks are powered: generator, mains feeds, UPSes and racks, with load and budget."""

from collections.abc import Iterable

from inventories.base import Text
from inventories.graphs.graph import Edge, Graph, Group, Node
from inventories.graphs.registry import View
from inventories.graphs.scope import Scope
from inventories.graphs.things import by_rack, declared, load, room_name
from inventories.graphs.words import counted, say
from inventories.model import Asset, Room, Site


def _draw(scope: Scope) -> Graph:
    standing = scope.standing()
    groups: list[Group] = []
    nodes: list[Node] = []
    edges: list[Edge] = []
    for site, room in scope.rooms():
        room_of = _Powered(scope, site, room, by_rack(standing[site.id], room))
        groups.append(room_of.group())
        nodes += [*room_of.sources(), *room_of.racks()]
        edges += [*room_of.supplied(), *room_of.fed()]
    title = f"{say(scope.lang, 'Power', '供配电')} · {scope.name}"
    return Graph(title=title, groups=tuple(groups), nodes=tuple(nodes), edges=tuple(edges))


class _Powered:
    """One room: ``things`` is what stands in it by rack."""

    def __init__(self, scope: Scope, site: Site, room: Room, things: dict[str | None, list[Asset]]) -> None:
        self.lang, self.site, self.room, self.things = scope.lang, site, room, things
        self.id = f"{site.id}/{room.id}"
        self.hanging = {name: self._supply(name) for name in things if name is not None}

    def _supply(self, rack: str) -> tuple[str, ...]:
        """Return the UPSes or feeds a rack hangs on: those it names, else all UPSes, else all feeds."""
        one = declared(self.room, rack)
        named = one.supply if one else ()
        return named or tuple(source.id for source in self.room.ups or self.room.feeds)

    def _node_id(self, kind: str, name: str) -> str:
        return f"{self.id} {kind} {name}"

    def _source(self, name: str) -> str:
        return self._node_id("ups" if any(ups.id == name for ups in self.room.ups) else "feed", name)

    def group(self) -> Group:
        """Return the frame of the room, with what it draws of what it is built for."""
        lang, room = self.lang, self.room
        drawn = load(asset for rack in self.things.values() for asset in rack).of(room.it_kw, lang)
        grade = say(lang, f"grade {room.grade}", f"{room.grade} 级")
        it_load = say(lang, "IT load", "IT 负荷")
        return Group(id=self.id, lines=(room_name(self.site, room, lang), f"{grade} · {it_load} {drawn}"))

    def sources(self) -> Iterable[Node]:
        """Yield the generator, the feeds and the UPSes."""
        lang, room = self.lang, self.room
        if room.genset is not None:
            lines = [say(lang, "Generator", "柴油发电机"), f"{room.genset.kw:g} kW"]
            if room.genset.hours is not None:
                lines.append(say(lang, f"{room.genset.hours:g} h of fuel", f"满载 {room.genset.hours:g} 小时"))
            yield Node(id=self._node_id("genset", ""), lines=tuple(lines), kind="genset", group=self.id)
        for feed in room.feeds:
            kw = f"{feed.kw:g} kW" if feed.kw is not None else say(lang, "power not stated", "功率未登记")
            lines = [f"{say(lang, 'Mains feed', '市电')} {feed.id}", kw]
            yield Node(id=self._node_id("feed", feed.id), lines=tuple(lines), kind="feed", group=self.id)
        for ups in room.ups:
            behind = [asset for rack, by in self.hanging.items() if ups.id in by for asset in self.things[rack]]
            drawn = say(lang, "its racks draw", "所带机柜")
            lines = [f"UPS {ups.id}", f"{drawn} {load(behind).of(ups.kw, lang)}"]
            yield Node(id=self._node_id("ups", ups.id), lines=tuple(lines), kind="ups", group=self.id)

    def racks(self) -> Iterable[Node]:
        """Yield the racks, those that hang on the same in one node, and what draws power outside of them."""
        for by, names in self._alike().items():
            lines = [counted(len(names), "rack", self.lang), *map(self._rack, names)]
            yield Node(id=self._node_id("racks", " ".join(by)), lines=tuple(lines), kind="rack", group=self.id)
        things = self.things.get(None, [])
        outside = load(things)
        if outside.kw or not outside.whole:
            lines = [say(self.lang, "in no rack", "未入机柜"), outside.of(None, self.lang)]
            tip = ", ".join(asset.name for asset in things)
            yield Node(id=self._node_id("outside", ""), lines=tuple(lines), kind="folded", group=self.id, tip=tip)

    def _alike(self) -> dict[tuple[str, ...], list[str]]:
        """Return the racks by what they hang on."""
        alike: dict[tuple[str, ...], list[str]] = {}
        for name, by in self.hanging.items():
            alike.setdefault(by, []).append(name)
        return alike

    def _rack(self, name: str) -> str:
        rack = declared(self.room, name)
        return f"{name}  {load(self.things[name]).of(rack.kw if rack else None, self.lang)}"

    def supplied(self) -> Iterable[Edge]:
        """Yield what leads from the generator to the feeds and from those to the UPSes."""
        room = self.room
        stands_in = say(self.lang, "stands in", "后备")
        if room.genset is not None:
            for feed in room.feeds:
                start, end = self._node_id("genset", ""), self._node_id("feed", feed.id)
                yield Edge(start=start, end=end, line="dashed", label=stands_in)
        for ups in room.ups:
            for name in ups.feeds or tuple(feed.id for feed in room.feeds):
                yield Edge(start=self._node_id("feed", name), end=self._node_id("ups", ups.id))

    def fed(self) -> Iterable[Edge]:
        """Yield what leads to the racks."""
        for by in self._alike():
            for name in by:
                yield Edge(start=self._source(name), end=self._node_id("racks", " ".join(by)))


VIEW = View(
    id="power", title=Text(en="Feeds, UPSes and racks with load and budget", zh="市电、UPS、机柜及负荷"), draw=_draw
)
