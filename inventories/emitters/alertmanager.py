# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Alertmanager configuration: whom an alert reaches, how fast, and when it is held back.

Everything but ``global``: the mail relay is no part of the inventory. Routes match the labels that the targets of
``inventories.emitters.prometheus`` give to the series: region, importance, owner, rota, and service.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final, get_args

import yaml

from inventories.base import Frozen, Text
from inventories.emitter import Emitter, Files
from inventories.intervals import Interval, intervals
from inventories.model import ROOT, Asset, Importance, Inventory, RegionLevel, Service
from inventories.model.people import WindowKind

_CONFIG = "routing.yml"
_TEMPLATE = "edufleet.tmpl"
_NOBODY = "nobody"
_LEVELS: Final = get_args(RegionLevel)

Held = tuple[tuple[WindowKind, str], ...]
"""Names of time intervals, each with the kind of its windows."""

_HEAD = """\
# Made by: edufleet inventory export alertmanager. Change the inventory, not this file.
# Complete but for the mail relay. Put before it, for example: global: {smtp_smarthost: "host:25", smtp_from: "..."}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How alerts of one importance differ: how long to wait for more, when to repeat, which windows hold them back."""

    importance: Importance
    group_wait: str | None = None
    repeat_interval: str | None = None
    held: frozenset[WindowKind] = frozenset()


URGENCIES: Final = (
    Urgency(importance="critical", group_wait="10s", repeat_interval="1h"),
    Urgency(importance="normal", held=frozenset({"maintenance"})),
    Urgency(importance="low", group_wait="5m", repeat_interval="24h", held=frozenset({"maintenance", "freeze"})),
)
"""What is ``high``, and what does not say how important it is, goes as the root says and is never held back."""

_HOLDING: Final = frozenset(kind for urgency in URGENCIES for kind in urgency.held)


@dataclass(frozen=True, slots=True, order=True)
class Callee:
    """Who is called: a rota, else a contact."""

    kind: str
    id: str

    @property
    def receiver(self) -> str:
        """The name of its receiver."""
        return f"{self.kind}-{self.id}"

    @property
    def matchers(self) -> tuple[str, ...]:
        """What the labels of its assets' alerts have in common."""
        return (f'rota="{self.id}"',) if self.kind == "rota" else (f'owner="{self.id}"', 'rota=""')


class Route(Frozen):
    """One node of the routing tree; the shape is Alertmanager's own."""

    matchers: tuple[str, ...] = ()
    receiver: str | None = None
    group_by: tuple[str, ...] = ()
    group_wait: str | None = None
    repeat_interval: str | None = None
    mute_time_intervals: tuple[str, ...] = ()
    routes: tuple["Route", ...] = ()


class Email(Frozen):
    """One mail address of a receiver."""

    to: str
    headers: dict[str, str]
    text: str
    html: str
    send_resolved: bool


class Receiver(Frozen):
    """Where alerts go; without an address, nowhere."""

    name: str
    email_configs: tuple[Email, ...] = ()


class TimeInterval(Frozen):
    """The windows of one kind in one calendar."""

    name: str
    time_intervals: tuple[Interval, ...]


class Config(Frozen):
    """The configuration without ``global``."""

    route: Route
    receivers: tuple[Receiver, ...]
    time_intervals: tuple[TimeInterval, ...]
    templates: tuple[str, ...]


def callee(entry: Asset | Service) -> Callee | None:
    """Return who is called when ``entry`` fails: its rota, else its owner."""
    if entry.rota is not None:
        return Callee("rota", entry.rota)
    return Callee("contact", entry.owner) if entry.owner is not None else None


def _emit(inventory: Inventory, assets: Sequence[Asset]) -> Files:
    calendars = _Calendars(inventory)
    route = _Routing(inventory, assets, calendars).root()
    nodes = list(_nodes(route))
    called = {node.receiver for node in nodes}
    held = {name for node in nodes for name in node.mute_time_intervals}
    config = Config(
        route=route,
        receivers=tuple(receiver for receiver in _receivers(inventory) if receiver.name in called),
        time_intervals=tuple(interval for interval in calendars.intervals if interval.name in held),
        templates=(_TEMPLATE,),
    )
    silent = "".join(
        f"# Reaches nobody: {r.name} has no mail address.\n" for r in config.receivers if not r.email_configs
    )
    plain = config.model_dump(mode="json", exclude_defaults=True)
    body = yaml.dump(plain, Dumper=_Dumper, default_flow_style=None, sort_keys=False, allow_unicode=True, width=120)
    template = resources.files(__package__).joinpath("alertmanager.tmpl").read_bytes()
    return {_CONFIG: (_HEAD + silent + body).encode(), _TEMPLATE: template}


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        """Write everything out: people read the file."""
        return True


class _Calendars:
    """The named time intervals of the calendars that hold in each region."""

    def __init__(self, inventory: Inventory) -> None:
        zone = inventory.authority.timezone
        self.intervals: list[TimeInterval] = []
        self._of: dict[str, list[tuple[WindowKind, str]]] = defaultdict(list)
        for calendar in inventory.calendars:
            spans: dict[WindowKind, list[Interval]] = defaultdict(list)
            for window in calendar.windows:
                if window.kind in _HOLDING:
                    spans[window.kind] += intervals(window.start, window.end, zone)
            for kind, found in spans.items():
                if found:
                    name = f"{calendar.id}-{kind}"
                    self.intervals.append(TimeInterval(name=name, time_intervals=tuple(found)))
                    self._of[calendar.region].append((kind, name))

    def of(self, region: str) -> Held:
        """Return the intervals that the calendars of ``region`` itself give."""
        return tuple(self._of.get(region, ()))


class _Routing:
    """Builds the tree: services first, then the regions as they lie in each other."""

    def __init__(self, inventory: Inventory, assets: Sequence[Asset], calendars: _Calendars) -> None:
        self.inventory = inventory
        self.calendars = calendars
        self.at: dict[str, Counter[Callee]] = defaultdict(Counter)
        for asset in assets:
            if (called := callee(asset)) is not None:
                self.at[asset.region][called] += 1
        chosen = {asset.name for asset in assets}
        self.services = [service for service in inventory.services if chosen.intersection(service.hosts)]

    def root(self) -> Route:
        """Return the whole tree."""
        highest = min(self.at, key=lambda path: _LEVELS.index(self.inventory.region(path).level), default=None)
        first = _most(self.at[highest]) if highest is not None else None
        everywhere = self.calendars.of(ROOT)
        tops = (
            region.path for region in self.inventory.regions if region.parent in {None, ROOT} and region.path != ROOT
        )
        below = [route for path in tops if (route := self._region(path, first, everywhere))]
        return Route(
            receiver=first.receiver if first else _NOBODY,
            group_by=("alertname", "region", "site", "service"),
            group_wait="30s",
            repeat_interval="4h",
            routes=(*self._services(), *below, *self._others(ROOT, first, everywhere), *_urgent(everywhere)),
        )

    def _region(self, path: str, above: Callee | None, held: Held) -> Route | None:
        """Return the route of a region, None where everything goes as in the region above."""
        own = self.calendars.of(path)
        held = (*held, *own)
        first = _most(self.at.get(path)) or above
        children = self.inventory.children(path)
        below = [route for child in children if (route := self._region(child.path, first, held))]
        others = self._others(path, first, held)
        if first == above and not own and not below and not others:
            return None
        receiver = first.receiver if first is not None else None
        return _to(receiver, (f'region=~"{path}(/.*)?"',), held, *below, *others)

    def _others(self, path: str, first: Callee | None, held: Held) -> list[Route]:
        """Return the routes of those assets of a region that call somebody else than most of them do."""
        others = sorted(set(self.at.get(path, ())) - {first})
        return [_to(other.receiver, other.matchers, held) for other in others]

    def _services(self) -> Iterator[Route]:
        """Yield one route for the services that call the same people and are held back by the same calendars."""
        together: dict[tuple[Callee, Held], list[str]] = defaultdict(list)
        for service in self.services:
            called = callee(service)
            if called is not None:
                above = [region.path for region in self.inventory.ancestors(service.region)]
                regions = dict.fromkeys((ROOT, *reversed(above), service.region))
                held = tuple(one for region in regions for one in self.calendars.of(region))
                together[called, held].append(service.id)
        for (called, held), ids in together.items():
            yield _to(called.receiver, (f'service=~"{"|".join(ids)}"',), held)


def _to(receiver: str | None, matchers: tuple[str, ...], held: Held, *routes: Route) -> Route:
    return Route(matchers=matchers, receiver=receiver, routes=(*routes, *_urgent(held)))


def _urgent(held: Held) -> Iterator[Route]:
    """Yield the routes that treat alerts by their importance; they come last in every node."""
    for urgency in URGENCIES:
        muted = tuple(name for kind, name in held if kind in urgency.held)
        if muted or urgency.group_wait or urgency.repeat_interval:
            yield Route(
                matchers=(f'importance="{urgency.importance}"',),
                group_wait=urgency.group_wait,
                repeat_interval=urgency.repeat_interval,
                mute_time_intervals=muted,
            )


def _most(called: Counter[Callee] | None) -> Callee | None:
    return called.most_common(1)[0][0] if called else None


def _nodes(route: Route) -> Iterator[Route]:
    yield route
    for below in route.routes:
        yield from _nodes(below)


def _receivers(inventory: Inventory) -> Iterator[Receiver]:
    """Yield a receiver for each rota and contact; a rota mails everybody in it, as turns cannot be said here."""
    addresses = {contact.id: contact.email for contact in inventory.contacts}
    yield Receiver(name=_NOBODY)
    for rota in inventory.rotas:
        ids = dict.fromkeys(contact for shift in rota.shifts for contact in shift.contacts)
        yield _receiver(Callee("rota", rota.id), [addresses[contact] for contact in ids])
    for contact in inventory.contacts:
        yield _receiver(Callee("contact", contact.id), [contact.email])


def _receiver(called: Callee, addresses: Sequence[str | None]) -> Receiver:
    return Receiver(
        name=called.receiver,
        email_configs=tuple(
            Email(
                to=address,
                headers={"Subject": '{{ template "edufleet.subject" . }}'},
                text='{{ template "edufleet.text" . }}',
                html="",
                send_resolved=True,
            )
            for address in addresses
            if address is not None
        ),
    )


EMITTER = Emitter(
    id="alertmanager",
    title=Text(en="Alertmanager routes and receivers", zh="Alertmanager 告警路由与接收人"),
    emit=_emit,
)
