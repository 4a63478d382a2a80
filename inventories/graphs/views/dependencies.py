# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The services and what they cannot do without, with their MLPS levels."""

from inventories.base import Text
from inventories.graphs.graph import Edge, Graph, Group, Kind, Node
from inventories.graphs.registry import View
from inventories.graphs.scope import Scope
from inventories.graphs.words import counted, say
from inventories.model import Service

_LEVELS: dict[int, Kind] = {1: "level1", 2: "level2", 3: "level3", 4: "level4"}
_KINDS = {
    "application": Text(en="application", zh="应用"),
    "datastore": Text(en="datastore", zh="数据存储"),
    "infrastructure": Text(en="infrastructure", zh="基础设施"),
    "monitoring": Text(en="monitoring", zh="监控"),
    "logging": Text(en="logging", zh="日志"),
    "backup": Text(en="backup", zh="备份"),
}


def _draw(scope: Scope) -> Graph:
    own = [service for service in scope.inventory.services if scope.covers(service.region)]
    inside = {service.id for service in own}
    needed = dict.fromkeys(name for service in own for name in service.depends_on if name not in inside)
    beyond = [scope.inventory.service(name) for name in needed]
    regions = dict.fromkeys(service.region for service in own)
    groups = [
        Group(id=path, lines=(f"{scope.inventory.region(path).name.say(scope.lang)} · {path}",)) for path in regions
    ]
    return Graph(
        title=f"{say(scope.lang, 'Services and what they depend on', '业务系统依赖关系')} · {scope.name}",
        groups=tuple(groups),
        nodes=(
            *(_node(scope, service, _LEVELS[service.mlps_level], service.region) for service in own),
            *(_node(scope, service, "outside", None) for service in beyond),
        ),
        edges=tuple(Edge(start=service.id, end=name) for service in own for name in service.depends_on),
    )


def _node(scope: Scope, service: Service, kind: Kind, group: str | None) -> Node:
    lang = scope.lang
    level = say(lang, f"MLPS level {service.mlps_level}", f"等保{'一二三四'[service.mlps_level - 1]}级")
    lines = (service.name.say(lang), service.id, f"{level} · {_KINDS[service.kind].say(lang)}")
    hosts = f"{counted(len(service.hosts), 'host', lang)}: {', '.join(service.hosts)}"
    return Node(id=service.id, lines=lines, kind=kind, group=group, tip=f"{service.name.say(lang)}, {level}, {hosts}")


VIEW = View(
    id="dependencies", title=Text(en="Services and what they depend on", zh="业务系统依赖关系及等保级别"), draw=_draw
)
