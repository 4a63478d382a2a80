# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The lab's network: one bridge in the machine's own network namespace, one namespace and cable per host.

Hosts have no default route and the machine forwards nothing for them: no packet leaves the bridge.
"""

import json
import time
from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from inventories.errors import CouldNotFinish
from lab.model import Lab, LabHost
from lab.tools import run

NAMESPACES = Path("/run/netns")
INTERFACES = Path("/sys/class/net")
ALIAS = "edufleet-lab"  # marks a bridge as ours
FIRST = Path("/run/edufleet-netns")  # exists while /run/netns is there only because of a lab
PATIENCE = 20.0  # seconds the kernel gets to take interfaces away


def check_free(lab: Lab) -> None:
    """Raise CouldNotFinish when the machine already uses the lab's range or the name of its bridge."""
    hint = f"the lab needs {lab.network} and the interface name {lab.bridge} for itself"
    if (INTERFACES / lab.bridge).exists() and not exists(lab):
        raise CouldNotFinish(f"this machine has an interface {lab.bridge} that is not the lab's", hint=hint)
    used = [f"{entry['local']}/{entry['prefixlen']}" for link in _ip("addr") for entry in link["addr_info"]]
    used += [route["dst"] for route in _ip("route") if route["dst"] != "default"]
    for text in used:
        network = ip_network(text, strict=False)
        if network.version == lab.network.version and network.overlaps(lab.network):
            raise CouldNotFinish(f"this machine uses {text}, which overlaps the lab's {lab.network}", hint=hint)


def create(lab: Lab, hosts: Iterable[LabHost]) -> None:
    """Make the bridge, and for each host a namespace whose ``eth0`` is a cable to it.

    ``addrgenmode none`` keeps IPv6 from giving out link-local addresses and talking about them.
    """
    if not NAMESPACES.is_mount():
        FIRST.touch()  # the first namespace makes /run/netns a mount
    lines = [
        f"link add {lab.bridge} type bridge",
        f"link set {lab.bridge} alias {ALIAS} addrgenmode none",
        f"address add {lab.gateway} dev {lab.bridge}",
        f"link set {lab.bridge} up",
    ]
    for host in hosts:
        cable, namespace = lab.veth(host.address), lab.namespace(host.name)
        lines += [
            f"netns add {namespace}",
            f"link add {cable} type veth peer name eth0 netns {namespace}",
            f"link set {cable} addrgenmode none",
            f"link set {cable} master {lab.bridge} up",
        ]
    run(["ip", "-batch", "-"], stdin="\n".join(lines))


def remove(lab: Lab) -> None:
    """Take away every namespace, cable and bridge of the lab, whoever left them; no process may be in them any more."""
    lines = [f"netns delete {path.name}" for path in namespaces(lab)]
    if exists(lab):
        lines.append(f"link delete {lab.bridge}")
    run(["ip", "-batch", "-"], stdin="\n".join(lines))
    deadline = time.monotonic() + PATIENCE
    while cables := tuple(INTERFACES.glob(f"{lab.prefix}*")):  # the kernel takes them away in the background
        if time.monotonic() > deadline:
            raise CouldNotFinish(f"interfaces that do not go away: {' '.join(path.name for path in cables)}")
        time.sleep(0.02)
    if FIRST.exists() and not any(NAMESPACES.glob("*")):
        if NAMESPACES.is_mount():
            run(["umount", str(NAMESPACES)])
            NAMESPACES.rmdir()
        FIRST.unlink()


def namespaces(lab: Lab) -> tuple[Path, ...]:
    """Return the files that hold the lab's network namespaces."""
    return tuple(sorted(NAMESPACES.glob(f"{lab.prefix}*")))


def exists(lab: Lab) -> bool:
    """Tell whether the lab's bridge is there; while it is not, no packet may be sent to the lab's addresses."""
    try:
        return (INTERFACES / lab.bridge / "ifalias").read_text(encoding="utf-8").strip() == ALIAS
    except FileNotFoundError:
        return False


def _ip(what: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(run(["ip", "-json", "-4", what]))
    return listed
