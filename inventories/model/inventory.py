# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The whole authority, resolved and frozen, and how to look things up in it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from inventories.base import Frozen
from inventories.model.assets import Asset, Device, Group, Host
from inventories.model.base import Listed
from inventories.model.network import Cable, Vrf
from inventories.model.people import Calendar, Contact, Rota
from inventories.model.places import Authority, Region, Room, Site
from inventories.model.secrets import Secret
from inventories.model.services import Backup, Certificate, Service

KINDS: tuple[type[Listed], ...] = (
    Contact, Rota, Calendar, Secret, Vrf, Group, Site, Service, Backup, Certificate, Host, Device, Cable,
)  # fmt: skip
"""The kinds of entries that files list, what is referred to before what refers to it."""


Terms = Mapping[str, Sequence[int]]
"""What is meant by each word of the ``--limit`` language: positions, some perhaps twice."""


class Inventory(Frozen):
    """The authority with everything it has, in a stable order: regions by path, the rest by region, then as written."""

    authority: Authority
    regions: tuple[Region, ...] = ()
    contacts: tuple[Contact, ...] = ()
    rotas: tuple[Rota, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    secrets: tuple[Secret, ...] = ()
    vrfs: tuple[Vrf, ...] = ()
    groups: tuple[Group, ...] = ()
    sites: tuple[Site, ...] = ()
    services: tuple[Service, ...] = ()
    backups: tuple[Backup, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    hosts: tuple[Host, ...] = ()
    devices: tuple[Device, ...] = ()
    cables: tuple[Cable, ...] = ()

    @cached_property
    def _regions(self) -> dict[str, Region]:
        return {region.path: region for region in self.regions}

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return {site.id: site for site in self.sites}

    @cached_property
    def _assets(self) -> dict[str, Asset]:
        return {asset.name: asset for asset in self.assets}

    @cached_property
    def _hosts(self) -> dict[str, Host]:
        return {host.name: host for host in self.hosts}

    @cached_property
    def _services(self) -> dict[str, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def _children(self) -> dict[str | None, list[Region]]:
        children: dict[str | None, list[Region]] = {}
        for region in self.regions:
            children.setdefault(region.parent, []).append(region)
        return children

    @cached_property
    def _hosts_under(self) -> dict[str, list[Host]]:
        under: dict[str, list[Host]] = {region.path: [] for region in self.regions}
        for host in self.hosts:
            under[host.region].append(host)
            for region in self.ancestors(host.region):
                under[region.path].append(host)
        return under

    @cached_property
    def host_terms(self) -> Terms:
        """For each host name, group, region path and site the positions of its hosts among ``hosts``."""
        return self._terms(self.hosts)

    @cached_property
    def asset_terms(self) -> Terms:
        """For each name, group, region path and site the positions of its assets among ``assets``."""
        return self._terms(self.assets)

    def _terms(self, assets: Sequence[Asset]) -> Terms:
        terms: dict[str, list[int]] = {site.id: [] for site in self.sites}
        under: dict[str, list[int]] = {region.path: [] for region in self.regions}
        for position, asset in enumerate(assets):
            under[asset.region].append(position)
            for term in (asset.name, asset.site, *asset.groups):
                terms.setdefault(term, []).append(position)
        # Regions come before those that lie in them.
        for region in reversed(self.regions):
            terms.setdefault(region.path, []).extend(under[region.path])
            if region.parent is not None:
                under[region.parent] += under[region.path]
        return terms

    @cached_property
    def assets(self) -> tuple[Asset, ...]:
        """Hosts, then devices."""
        return (*self.hosts, *self.devices)

    def region(self, path: str) -> Region:
        """Return the region at ``path``; KeyError when there is none."""
        return self._regions[path]

    def site(self, site_id: str) -> Site:
        """Return the site; KeyError when there is none."""
        return self._sites[site_id]

    def room(self, asset: Asset) -> Room | None:
        """Return the room in which ``asset`` stands, None when it is not stated."""
        return next((room for room in self.site(asset.site).rooms if room.id == asset.room), None)

    def asset(self, name: str) -> Asset:
        """Return the host or device; KeyError when there is none."""
        return self._assets[name]

    def host(self, name: str) -> Host:
        """Return the host; KeyError when there is none."""
        return self._hosts[name]

    def service(self, service_id: str) -> Service:
        """Return the service; KeyError when there is none."""
        return self._services[service_id]

    def children(self, path: str | None) -> tuple[Region, ...]:
        """Return the regions directly under ``path``, those at the top for None."""
        return tuple(self._children.get(path, ()))

    def ancestors(self, path: str) -> Iterator[Region]:
        """Yield the regions above ``path``, the nearest first; KeyError when there is no such region."""
        parent = self.region(path).parent
        while parent is not None:
            region = self.region(parent)
            yield region
            parent = region.parent

    def hosts_in(self, path: str) -> tuple[Host, ...]:
        """Return the hosts of the region at ``path`` and of all regions under it; KeyError when there is none."""
        return tuple(self._hosts_under[path])
