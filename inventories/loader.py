# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Loads an inventory directory: reads each file, resolves inheritance once, gives the typed model or all errors."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from inventories.book import Book, Record
from inventories.files import find_inventory
from inventories.findings import Finding, InventoryErrors, Place, Rule, TooManyFindingsError
from inventories.garbage import collector_paused
from inventories.inherit import overlay
from inventories.model import (
    ROOT,
    Authority,
    Contact,
    Defaults,
    Device,
    Entry,
    Host,
    Inventory,
    Region,
    RegionDefaults,
    Service,
    Site,
    SiteDefaults,
)
from inventories.pages import Page, read_pages
from inventories.shape import UNKNOWN_KEY, build, not_a_mapping
from inventories.source import Node
from inventories.validate import validate

__all__ = ["find_inventory", "load", "read"]

M = TypeVar("M", bound=Entry)

NO_AUTHORITY = Rule("INV-KEY-006", "error", "name it in a file at the root: authority: {name: {en: ..., zh: ...}}")

# What each kind takes from defaults; a platform is inherited by hosts alone, devices differ too much.
INHERITED: dict[type[Entry], frozenset[str]] = {
    Contact: frozenset(),
    Site: frozenset({"link"}),
    Service: frozenset({"owner"}),
    Host: frozenset({"site", "room", "platform", "groups", "importance", "owner", "ssh", "vars"}),
    Device: frozenset({"site", "room", "importance", "owner"}),
}
_SSH_PATHS = ("config", "identity_file", "known_hosts")


def load(directory: Path) -> Inventory:
    """Return the inventory under ``directory``; ``InventoryErrors`` carries every error when there is one."""
    book = read(directory)
    errors = [finding for finding in validate(book) if finding.severity == "error"]
    if errors or book.authority is None or book.authority.model is None:
        raise InventoryErrors(errors)
    return book.inventory(book.authority.model)


def read(directory: Path) -> Book:
    """Read everything under ``directory``, valid or not; what is wrong with the files is in its report."""
    book = Book()
    with collector_paused():
        try:
            pages = read_pages(directory, book)
            _Resolver(book, directory.absolute()).resolve(pages)
        except TooManyFindingsError:
            book.complete = False
    return book


class _Resolver:
    """Fills a book from pages; parents come before children, and what is referred to before what refers to it."""

    def __init__(self, book: Book, root: Path) -> None:
        self.book = book
        self.root = root
        self.layers: dict[str, dict[str, Node]] = {}
        self.site_layers: dict[str, dict[str, Node]] = {}
        self.inherited: dict[tuple[type[Entry], str, str | None], dict[str, Node]] = {}
        self.links: dict[str, str] = {}
        self.services: dict[str, list[str]] = {}
        # What is wrong with a default is said once, not for everything that inherits it.
        self.blamed: set[tuple[str, Place]] = set()

    def resolve(self, pages: list[Page]) -> None:
        root_is_region = any(page.region == ROOT and "region" in page.single for page in pages)
        for page in pages:
            self._head(page, root_is_region=root_is_region)
        book = self.book
        for page in pages:
            for name, node in page.listed["contacts"]:
                book.contacts.append(self._entry(Contact, "contact", name, node, page.region))
            for name, node in page.listed["sites"]:
                book.sites.append(self._site(name, node, page.region))
            for name, node in page.listed["services"]:
                book.services.append(self._service(name, node, page.region))
        for page in pages:
            for name, node in page.listed["hosts"]:
                book.hosts.append(self._entry(Host, "host", name, node, page.region))
            for name, node in page.listed["devices"]:
                book.devices.append(self._entry(Device, "device", name, node, page.region))

    def _head(self, page: Page, *, root_is_region: bool) -> None:
        """Take what the page says about the authority, its region and its defaults."""
        here = Place(str(page.path), 1, 1)
        above = os.path.dirname(page.region) or ROOT  # noqa: PTH120 - a region path, not a file
        if page.region == ROOT:
            self._authority(page.single.get("authority"), here)
        if "region" in page.single:
            parent = None if page.region == ROOT or (above == ROOT and not root_is_region) else above
            given = {"path": page.region, "parent": parent}
            record = self._record(Region, "region", page.region, page.single["region"], page.region, given)
            self.book.regions.append(record)
        elif page.region != ROOT or any(entries for section, entries in page.listed.items() if section != "contacts"):
            self.book.undeclared[page.region] = here
        own: dict[str, Node] = {}
        if "defaults" in page.single:
            own = self._defaults(RegionDefaults, page.single["defaults"], f"the defaults of {page.region}")
        self.layers[page.region] = overlay({} if page.region == ROOT else self.layers[above], own)

    def _authority(self, node: Node | None, here: Place) -> None:
        if node is None:
            self.book.report.add(NO_AUTHORITY.found(here, "the authority is not named"))
        else:
            self.book.authority = self._record(Authority, "authority", "authority", node, ROOT, {})

    def _defaults(self, kind: type[Defaults], node: Node, label: str) -> dict[str, Node]:
        _, findings = build(kind, label, node, {key: value.plain() for key, value in node.entries.items()})
        self.book.report.add(*not_a_mapping(label, node), *findings)
        self.blamed |= {_spot(finding) for finding in findings}
        return node.entries

    def _site(self, name: str, node: Node, region: str) -> Record[Site]:
        own = dict(node.entries)
        if "defaults" in own:
            self.site_layers[name] = self._defaults(SiteDefaults, own.pop("defaults"), f"the defaults of site {name!r}")
            node = Node(own, node.file, node.mark, node.key)
        record = self._entry(Site, "site", name, node, region)
        if record.model is not None:
            self.links[name] = record.model.link
        return record

    def _service(self, name: str, node: Node, region: str) -> Record[Service]:
        record = self._entry(Service, "service", name, node, region)
        for host in dict.fromkeys(record.model.hosts) if record.model else ():
            self.services.setdefault(host, []).append(name)
        return record

    def _entry(self, kind: type[M], label: str, name: str, node: Node, region: str) -> Record[M]:
        """Resolve one listed entry: lay it over what it inherits, add what follows from its place, validate."""
        self.book.report.add(*not_a_mapping(f"{label} {name!r}", node))
        merged = overlay(self._inherited(kind, region, node.entries), node.entries)
        given: dict[str, object] = {"id": name, "name": name, "region": region}
        if kind is Host:
            site = merged["site"].value if "site" in merged else None
            # A host whose site is unknown never leaves a valid book: any link will do for it.
            given |= {"link": self.links.get(str(site), "lan"), "services": self.services.get(name, ())}
        resolved = Node(merged, node.file, node.mark, node.key)
        return self._record(kind, label, name, resolved, region, {k: v for k, v in given.items() if k in kind.given})

    def _inherited(self, kind: type[Entry], region: str, own: Mapping[str, Node]) -> dict[str, Node]:
        layer = self.layers[region]
        site = (own.get("site") or layer.get("site")) if "site" in INHERITED[kind] else None
        site_id = site.value if site is not None and isinstance(site.value, str) else None
        key = (kind, region, site_id)
        if key not in self.inherited:
            both = overlay(layer, self.site_layers.get(site_id or "", {}))
            self.inherited[key] = {name: node for name, node in both.items() if name in INHERITED[kind]}
        return self.inherited[key]

    def _record(
        self, kind: type[M], label: str, name: str, node: Node, region: str, given: Mapping[str, object]
    ) -> Record[M]:
        values = node.entries
        title = label if name == label else f"{label} {name!r}"
        for key in sorted(kind.given & values.keys()):
            message = f"{key!r} of {title} follows from where it is written"
            self.book.report.add(UNKNOWN_KEY.found(values[key].key_place, message))
        data: dict[str, Any] = {key: value.plain() for key, value in values.items()}
        if isinstance(data.get("ssh"), dict):
            data["ssh"] = self._located(data["ssh"])
        if isinstance(data.get("rooms"), dict):
            data["rooms"] = [{"id": i, **room} if isinstance(room, dict) else room for i, room in data["rooms"].items()]
        model, findings = build(kind, title, node, {**data, **given})
        self.book.report.add(*(finding for finding in findings if _spot(finding) not in self.blamed))
        return Record(label, name, region, node, model)

    def _located(self, ssh: dict[str, Any]) -> dict[str, Any]:
        """Return the access with its paths made absolute: ``~`` is the user's home, the rest counts from the root."""
        found = {key: ssh[key] for key in _SSH_PATHS if isinstance(ssh.get(key), str)}
        return {**ssh, **{key: self.root / os.path.expanduser(path) for key, path in found.items()}}  # noqa: PTH111


def _spot(finding: Finding) -> tuple[str, Place]:
    return finding.rule, Place(finding.file, finding.line, finding.column)
