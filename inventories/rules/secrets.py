# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about secrets, which an inventory names and never contains, and about how devices are managed."""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from inventories.base import Text
from inventories.book import Book, Record
from inventories.findings import Finding, Place, Rule
from inventories.model import ROOT, Contact, Device, Host, Secret, Service, Site
from inventories.model.base import VarScalar, VarValue
from inventories.registry import rule
from inventories.rules.wording import few

_WORDS = r"(?:passwd|password|passphrase|secret|token|api_?key|private_?key|community)"
_NAMED_LIKE = re.compile(_WORDS)
_NAMED_SO = re.compile(_WORDS + r"$")
# Endings of variables that say where a secret is.
_PLACES = ("_file", "_path", "_dir", "_env", "_url", "_ref")
_LOOKS_LIKE = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY"
    # Hashes of passwords: crypt(3), bcrypt, yescrypt, argon2, and those of VRP.
    r"|\$(?:[1567y]|2[abxy]|1[ac]|gy|argon2(?:id|i|d))\$[^\s$]"
    r"|\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})"
    # A password in a URL.
    r"|://[^\s/:@]+:[^\s/@{$]+@"
)
_PLAIN_PROTOCOLS = frozenset({"telnet", "http"})
_MANAGEMENT = frozenset({"mgmt", "oob"})


@rule(
    "INV-SEC-001",
    "error",
    title=Text(
        en="No variable of a host or device is named like a secret.", zh="主机和设备的变量不得以口令、密钥命名。"
    ),
    why=Text(
        en="The inventory is read by many people and tools; a secret in it is no secret.",
        zh="清单供多人和多种工具读取，写在其中的口令就不再是秘密。",
    ),
    hint="keep the secret elsewhere and name the place, e.g. <name>_file: /etc/...",
)
def no_secret_by_name(this: Rule, book: Book) -> Iterator[Finding]:
    """Find texts that are named like a secret, and numbers that are called so; an inherited one is reported once.

    Names that end like that of a place, switches and Jinja expressions are no secrets.
    """
    reported: set[Place] = set()
    for record, asset in book.assets():
        for name, value in asset.vars.items():
            if _is_named_so(name, value) and (place := record.place("vars", name)) not in reported:
                reported.add(place)
                yield this.found(place, f"{name!r} looks like a secret in plain text")


@lru_cache(maxsize=1000)
def _is_suspicious(name: str) -> bool:
    return not name.endswith(_PLACES) and _NAMED_LIKE.search(name) is not None


def _is_named_so(name: str, value: VarValue) -> bool:
    if not _is_suspicious(name) or isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return _NAMED_SO.search(name) is not None
    return not (isinstance(value, str) and value.startswith("{{"))


@rule(
    "INV-SEC-002",
    "error",
    title=Text(
        en="No variable and no text is a private key, a password hash or an access token.",
        zh="变量和文本中不含私钥、口令哈希或访问令牌。",
    ),
    why=Text(
        en="A hash can be guessed from at leisure, a key used at once.",
        zh="哈希可被离线破解，密钥可直接使用。",
    ),
    hint="replace it everywhere, it is known now; keep the new one elsewhere and name the place",
)
def no_secret_by_looks(this: Rule, book: Book) -> Iterator[Finding]:
    """Find such values of ``vars`` and texts of contacts and services; an inherited one is reported once."""
    reported: set[Place] = set()
    # Most values are inherited by thousands.
    harmless: set[VarScalar | None] = set()
    for record, path, value in chain(_variables(book), _texts(book)):
        if value in harmless:
            continue
        if not isinstance(value, str) or not _LOOKS_LIKE.search(value):
            harmless.add(value)
        elif (place := record.place(*path)) not in reported:
            reported.add(place)
            yield this.found(place, f"this text of {record.kind} {record.id!r} looks like a secret")


_Said = tuple[Record[Any], tuple[str | int, ...], VarScalar | None]


def _variables(book: Book) -> Iterator[_Said]:
    for record, asset in book.assets():
        for name, value in asset.vars.items():
            if isinstance(value, tuple):
                yield from ((record, ("vars", name, position), inner) for position, inner in enumerate(value))
            else:
                yield record, ("vars", name), value


def _texts(book: Book) -> Iterator[_Said]:
    for caller, contact in book.valid(Contact):
        yield from ((caller, (field,), getattr(contact, field)) for field in ("phone", "email"))
        for field, text in (("name", contact.name), ("department", contact.department)):
            if text is not None:
                yield from ((caller, (field, lang), text.say(lang)) for lang in ("en", "zh"))
    for record, service in book.valid(Service):
        yield from ((record, ("name", lang), service.name.say(lang)) for lang in ("en", "zh"))


@rule(
    "INV-SEC-003",
    "warning",
    title=Text(en="No device is managed by telnet or http.", zh="设备不使用 Telnet 或 HTTP 管理。"),
    why=Text(
        en="The password of the device crosses the network in plain text.",
        zh="设备口令会在网络上明文传输。",
    ),
    hint="enable SSH or HTTPS on the device and switch the other off",
)
def management_is_encrypted(this: Rule, book: Book) -> Iterator[Finding]:
    """Find devices managed by telnet or http; an inherited protocol is reported once."""
    plain: dict[tuple[Place, str], list[str]] = {}
    for record, device in book.valid(Device):
        if device.management.protocol in _PLAIN_PROTOCOLS:
            spot = (record.place("management", "protocol"), device.management.protocol)
            plain.setdefault(spot, []).append(record.id)
    for (place, protocol), devices in plain.items():
        yield this.found(place, f"managed by {protocol}: device {few(devices)}")


@rule(
    "INV-SEC-004",
    "warning",
    title=Text(en="The management of every device names its credential.", zh="每台设备的管理方式都引用了登录凭据。"),
    why=Text(
        en="Otherwise passwords are typed, shared, and never changed.",
        zh="否则口令只能手工输入、多人共用、长期不换。",
    ),
    hint="declare a secret and set management: {credential: ...}, here or in the defaults of the region",
)
def credentials_are_named(this: Rule, book: Book) -> Iterator[Finding]:
    """Find devices without credential; those of a region are reported together, at the first."""
    first: dict[str, Record[Device]] = {}
    without: dict[str, list[str]] = {}
    for record, device in book.valid(Device):
        if device.management.credential is None:
            first.setdefault(device.region, record)
            without.setdefault(device.region, []).append(record.id)
    for region, devices in without.items():
        yield this.found(first[region].place(), f"no credential is named for device {few(devices)}")


@rule(
    "INV-SEC-005",
    "warning",
    title=Text(
        en="Devices are managed from a management VLAN, where the site states one.",
        zh="站点登记了管理 VLAN 时，设备的管理地址位于其中。",
    ),
    why=Text(
        en="A log-in page that students can reach will be tried.",
        zh="学生能访问到的登录界面，迟早会有人尝试。",
    ),
    hint="give it an address of a VLAN of purpose mgmt or oob, or correct the VLAN's prefixes",
)
def management_is_separate(this: Rule, book: Book) -> Iterator[Finding]:
    """Find devices outside of the mgmt and oob VLANs of their site, if these state prefixes of that address family."""
    ranges = {
        site.id: [prefix for vlan in site.vlans if vlan.purpose in _MANAGEMENT for prefix in vlan.prefixes]
        for _, site in book.valid(Site)
    }
    for record, device in book.valid(Device):
        stated = ranges.get(device.site, ())
        if any(device.address in prefix for prefix in stated):
            continue
        same_family = [str(prefix) for prefix in stated if prefix.version == device.address.version]
        if same_family:
            message = f"device {record.id!r} is managed at {device.address}, outside of {few(same_family)}"
            yield this.found(record.place("address"), message)


@rule(
    "INV-SEC-006",
    "error",
    title=Text(
        en="No unencrypted secret lies in the directory of the inventory.", zh="清单目录中不存放未加密的密钥文件。"
    ),
    why=Text(
        en="It would be committed, copied and mailed with the inventory.",
        zh="否则会随清单一起提交、复制和外发。",
    ),
    hint="move it out of the inventory, or encrypt it: ansible_vault, sops or age",
)
def secrets_lie_elsewhere(this: Rule, book: Book) -> Iterator[Finding]:
    """Find the ``file`` of a secret or the ``identity_file`` of a host below the root of the inventory."""
    named: Iterator[tuple[Record[Any], tuple[str, ...], Path | None]] = chain(
        ((record, ("file",), secret.file) for record, secret in book.valid(Secret)),
        ((record, ("ssh", "identity_file"), host.ssh.identity_file) for record, host in book.valid(Host)),
    )
    root = ""
    reported: set[Place] = set()
    for record, path, file in named:
        if file is None:
            continue
        root = root or _root(record)
        if os.path.normpath(file).startswith(root) and (place := record.place(*path)) not in reported:
            reported.add(place)
            yield this.found(place, f"the secret of {record.kind} {record.id!r} lies in the inventory itself")


def _root(record: Record[Any]) -> str:
    """Return the root of the inventory as the start of the paths below it."""
    folder = Path(os.path.abspath(record.node.file)).parent  # noqa: PTH100 - without looking links up, as the loader
    depth = 0 if record.region == ROOT else len(record.region.split("/"))
    return os.path.join(folder.parents[depth - 1] if depth else folder, "")  # noqa: PTH118 - with a slash at its end
