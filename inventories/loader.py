# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Loads an inventory directory: reads each file, resolves inheritance once, gives the typed model or all errors."""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from inventories.base import Frozen
from inventories.book import Book, Record
from inventories.findings import Finding, InventoryErrors, Place, TooManyFindingsError
from inventories.garbage import collector_paused
from inventories.model import (
    KINDS,
    ROOT,
    Asset,
    Authority,
    Backup,
    Calendar,
    Contact,
    Entry,
    Group,
    GroupDefaults,
    Host,
    Inventory,
    Listed,
    Region,
    RegionDefaults,
    Rota,
    Secret,
    Service,
    Site,
    SiteDefaults,
    Vrf,
)
from inventories.reading import cache
from inventories.reading.files import Tree, find_inventory, read_tree
from inventories.reading.inherit import expanded, filled, overlay
from inventories.reading.pages import Page, read_pages
from inventories.reading.shape import MISSING_KEY, UNKNOWN_KEY, build, not_a_mapping
from inventories.reading.source import Node, plain
from inventories.validate import Checked, validate

__all__ = ["check", "find_inventory", "load", "read"]

M = TypeVar("M", bound=Entry)
Layer = Mapping[str, Node]

_NAME_IT = "name it in a file at the root: authority: {name: {en: ..., zh: ...}}"

_SSH_PATHS = ("config", "identity_file", "known_hosts")
_SECRET_PATHS = ("file", "age")
# Sections that may stand at the root of an inventory although it is not a region itself.
_ANYWHERE = frozenset({Contact, Rota, Calendar, Secret, Vrf, Group, Backup})


def load(directory: Path, today: date | None = None) -> Inventory:
    """Return the inventory under ``directory``; ``InventoryErrors`` carries every error when there is one.

    A large one is kept (``cache``) and comes back at once when nothing has changed.
    """
    tree, day = read_tree(directory), _day(today)
    key = cache.key(tree, day)
    checked, inventory = cache.fetch(key, Checked), cache.fetch(key, Inventory)
    if checked is None or (inventory is None and checked.sound):
        checked, inventory = _checked(tree, day, key)
    if inventory is None or not checked.sound:
        raise InventoryErrors(finding for finding in checked.findings if finding.severity == "error")
    return inventory


def check(directory: Path, today: date | None = None) -> Checked:
    """Return every finding of the inventory under ``directory``, which is kept as ``load`` keeps it."""
    tree, day = read_tree(directory), _day(today)
    key = cache.key(tree, day)
    return cache.fetch(key, Checked) or _checked(tree, day, key)[0]


def read(directory: Path, today: date | None = None) -> Book:
    """Read everything under ``directory``, valid or not; what is wrong with the files is in its report.

    Due dates are checked against the authority's ``as_of``, else ``today``, else the day it is.
    """
    return _resolved(read_tree(directory), _day(today))


def _day(today: date | None) -> date:
    return today or date.today()  # noqa: DTZ011 - due dates are days of the place where this runs


def _checked(tree: Tree, day: date, key: str | None) -> tuple[Checked, Inventory | None]:
    """Return what is found and, where reading found no error, the inventory; both are kept."""
    with collector_paused():
        book = _resolved(tree, day)
        authority = book.authority.model if book.authority is not None and not book.report.findings else None
        if authority is None:
            checked, inventory = Checked.of(book, validate(book)), None
        else:
            inventory = book.inventory(authority)
            with cache.keep_meanwhile(key, inventory):
                checked = Checked.of(book, validate(book))
    cache.keep(key, checked)
    return checked, inventory


def _resolved(tree: Tree, day: date) -> Book:
    book = Book(day)
    with collector_paused():
        try:
            _Resolver(book, tree.root.absolute()).resolve(read_pages(tree, book))
        except TooManyFindingsError:
            book.stopped = True
    return book


class _Inherited(NamedTuple):
    """What an entry inherits: the nodes by field, and the values that they stand for."""

    layer: Layer
    values: Mapping[str, object]


_NOTHING = _Inherited({}, {})


class _Resolver:
    """Fills a book from pages; parents come before children, and what is referred to before what refers to it."""

    def __init__(self, book: Book, root: Path) -> None:
        self.book = book
        self.root = root
        self.layers: dict[str, dict[str, Node]] = {}
        # What groups and sites say for their members: by region and group, and by site.
        self.group_layers: dict[str, dict[str, dict[str, Node]]] = {}
        self.site_layers: dict[str, Layer] = {}
        self.below: dict[tuple[str, str | None], dict[str, Node]] = {}
        self.inherited: dict[tuple[type[Entry], str, str | None, tuple[str, ...]], _Inherited] = {}
        # Values that entries inherit, by the identity of their nodes.
        self.shared: dict[int, object] = {}
        self.links: dict[str, str] = {}
        self.services: dict[str, list[str]] = {}
        # Regions for which a file that could not be read may say more.
        self.uncertain: set[str] = set()
        # What is wrong with a default is said once, not for everything that inherits it.
        self.blamed: set[tuple[str, Place]] = set()

    def resolve(self, pages: list[Page]) -> None:
        root_is_region = any(page.region == ROOT and "region" in page.single for page in pages)
        for page in pages:
            self._head(page, root_is_region=root_is_region)
        for kind in KINDS:
            records = self.book.listed[kind]
            for page in pages:
                for name, node in page.listed[kind.section]:
                    records.append(self._entry(kind, name, node, page.region))

    def _head(self, page: Page, *, root_is_region: bool) -> None:
        """Take what the page says about the authority, its region, and its defaults and groups."""
        here = Place(page.path, 1, 1)
        above = os.path.dirname(page.region) or ROOT  # noqa: PTH120 - a region path, not a file
        if page.region == ROOT:
            self._authority(page, here)
        if "region" in page.single:
            parent = None if page.region == ROOT or (above == ROOT and not root_is_region) else above
            given = {"path": page.region, "parent": parent}
            record = self._record(Region, page.region, page.single["region"], page.region, given)
            self.book.regions.append(record)
        elif not page.unread and (
            page.region != ROOT or any(page.listed[kind.section] for kind in KINDS if kind not in _ANYWHERE)
        ):
            self.book.undeclared[page.region] = here
        if page.unread or above in self.uncertain:
            self.uncertain.add(page.region)
        own: Layer = {}
        if "defaults" in page.single:
            own = self._defaults(RegionDefaults, page.single["defaults"], f"the defaults of {page.region}")
        self.layers[page.region] = overlay({} if page.region == ROOT else self.layers[above], own)
        groups = {} if page.region == ROOT else self.group_layers[above]
        for name, node in page.listed[Group.section]:
            if "defaults" in node.entries:
                own = self._defaults(GroupDefaults, node.entries["defaults"], f"the defaults of group {name!r}")
                groups = {**groups, name: overlay(groups.get(name, {}), own)}
        self.group_layers[page.region] = groups

    def _authority(self, page: Page, here: Place) -> None:
        node = page.single.get("authority")
        if node is None:
            if not page.unread:
                self.book.report.add(MISSING_KEY.found(here, "the authority is not named", _NAME_IT))
            return
        self.book.authority = self._record(Authority, "authority", node, ROOT, {})
        if self.book.authority.model is not None and self.book.authority.model.as_of is not None:
            self.book.today = self.book.authority.model.as_of

    def _defaults(self, kind: type[GroupDefaults], node: Node, label: str) -> Layer:
        data = self._data(kind, overlay({}, node.entries))
        _, findings = build(kind, label, node, data)
        self.book.report.add(*not_a_mapping(label, node), *findings)
        self.blamed |= {_spot(finding) for finding in findings}
        return node.entries

    def _entry(self, kind: type[Listed], name: str, node: Node, region: str) -> Record[Any]:
        """Resolve one listed entry: lay it over what it inherits, add what follows from its place, validate."""
        self.book.report.add(*not_a_mapping(f"{kind.label} {name!r}", node))
        own = node.entries
        if "defaults" in kind.beside and "defaults" in own:
            own = {key: value for key, value in own.items() if key != "defaults"}
            if kind is Site:
                label = f"the defaults of site {name!r}"
                self.site_layers[name] = self._defaults(SiteDefaults, node.entries["defaults"], label)
        inherited = self._inherited(kind, region, own)
        merged = overlay(inherited.layer, own)
        if kind is Site:
            self._written_out(merged, region)
        elif "interfaces" in merged:
            merged["interfaces"] = expanded(merged["interfaces"])
        given: dict[str, object] = {"id": name, "name": name, "region": region}
        if kind is Host:
            site = merged["site"].value if "site" in merged else None
            # A host whose site is unknown never leaves a valid book: any link will do for it.
            given |= {"link": self.links.get(str(site), "lan"), "services": self.services.get(name, ())}
        resolved = Node(merged, node.file, node.mark, node.key)
        record = self._record(kind, name, resolved, region, {key: given[key] for key in kind.given}, inherited)
        if isinstance(record.model, Site):
            self.links[name] = record.model.link
        elif isinstance(record.model, Service):
            for host in dict.fromkeys(record.model.hosts):
                self.services.setdefault(host, []).append(name)
        return record

    def _inherited(self, kind: type[Listed], region: str, own: Layer) -> "_Inherited":
        """Return what an entry of ``region`` takes from the layers above: region, then site, then groups."""
        if not kind.inherits:
            return _NOTHING
        site_id: str | None = None
        groups: tuple[str, ...] = ()
        if issubclass(kind, Asset):
            site = own.get("site") or self.layers[region].get("site")
            site_id = site.value if site is not None and isinstance(site.value, str) else None
            groups = self._groups(kind, region, site_id, own)
        key = (kind, region, site_id, groups)
        if key not in self.inherited:
            layer = self._below(region, site_id)
            for group in groups:
                layer = overlay(layer, self.group_layers[region][group])
            layer = {name: node for name, node in layer.items() if name in kind.inherits}
            self.inherited[key] = _Inherited(layer, {name: self._shared(kind, name, layer[name]) for name in layer})
        return self.inherited[key]

    def _shared(self, kind: type[Listed], name: str, node: Node) -> object:
        """Return the value of an inherited field; a valid model is made once for all that inherit it."""
        if id(node) not in self.shared:
            value = self._data(kind, {name: node})[name]
            model = kind.model_fields[name].annotation
            if isinstance(model, type) and issubclass(model, Frozen):
                with suppress(ValidationError):
                    value = model.model_validate(value)
            self.shared[id(node)] = value
        return self.shared[id(node)]

    def _below(self, region: str, site_id: str | None) -> dict[str, Node]:
        """Return the defaults of a region with those of a site laid over them."""
        if (region, site_id) not in self.below:
            self.below[region, site_id] = overlay(self.layers[region], self.site_layers.get(site_id or "", {}))
        return self.below[region, site_id]

    def _groups(self, kind: type[Listed], region: str, site_id: str | None, own: Layer) -> tuple[str, ...]:
        """Return the groups of an asset that say something for it, in its order."""
        known = self.group_layers[region]
        if not known:
            return ()
        below = self._below(region, site_id) if "groups" in kind.inherits else {}
        merged = overlay(
            {key: node for key, node in below.items() if key == "groups"},
            {key: node for key, node in own.items() if key in {"groups", "groups+"}},
        )
        named = merged["groups"].value if "groups" in merged else None
        return tuple(str(n.value) for n in named if str(n.value) in known) if isinstance(named, list) else ()

    def _written_out(self, site: dict[str, Node], region: str) -> None:
        """Give the VLANs of a site what VLANs of their name have in common, and write out ranges of racks."""
        if "vlans" in site:
            site["vlans"] = filled(site["vlans"], self.layers[region].get("vlans"))
        rooms = site.get("rooms")
        for room in rooms.entries.values() if rooms is not None else ():
            if "racks" in room.entries:
                room.entries["racks"] = expanded(room.entries["racks"])

    def _record(
        self,
        kind: type[M],
        name: str,
        node: Node,
        region: str,
        given: Mapping[str, object],
        inherited: "_Inherited | None" = None,
    ) -> Record[M]:
        values, (layer, shared) = node.entries, inherited or _NOTHING
        title = kind.label if name == kind.label else f"{kind.label} {name!r}"
        for key in sorted(kind.given & values.keys()):
            message = f"{key!r} of {title} follows from where it is written"
            self.book.report.add(UNKNOWN_KEY.found(values[key].key_place, message))
        own = {key: value for key, value in values.items() if value is not layer.get(key)} if layer else values
        model, findings = build(kind, title, node, {**shared, **self._data(kind, own), **given})
        for finding in findings:
            unsaid = finding.rule == MISSING_KEY.id and region in self.uncertain
            if not unsaid and _spot(finding) not in self.blamed:
                self.book.report.add(finding)
        return Record(kind.label, name, region, node, model)

    def _data(self, kind: type[Entry], values: Layer) -> dict[str, Any]:
        """Return the plain values with their paths made absolute."""
        data: dict[str, Any] = plain(values)
        if isinstance(data.get("ssh"), dict):
            data["ssh"] |= self._located(data["ssh"], _SSH_PATHS)
        if kind is Secret:
            data |= self._located(data, _SECRET_PATHS)
            for sealed in ("ansible_vault", "sops"):
                if isinstance(data.get(sealed), dict):
                    data[sealed] |= self._located(data[sealed], ("file",))
        return data

    def _located(self, values: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Path]:
        """Return the paths among ``values``: ``~`` is the user's home, the rest counts from the inventory's root."""
        found = {key: values[key] for key in keys if isinstance(values.get(key), str)}
        return {key: self.root / os.path.expanduser(path) for key, path in found.items()}  # noqa: PTH111


def _spot(finding: Finding) -> tuple[str, Place]:
    return finding.rule, Place(finding.file, finding.line, finding.column)
