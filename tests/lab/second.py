# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A second lab, for tests that take one down; it shares only the root file system with the one everybody uses."""

import json
import subprocess
from ipaddress import IPv4Network
from pathlib import Path

from lab.model import Lab

INVENTORY = """\
authority: {name: {en: Second lab, zh: 第二演练场}}
region: {level: ministry, name: {en: Second lab, zh: 第二演练场}}
defaults: {site: here, platform: debian12}
sites: {here: {name: {en: Here, zh: 本地}, link: lan}}
groups: {lab_systemd: {}, lab_hardened: {}, lab_neglected: {}, lab_unheard_of: {}}
hosts:
  plain: {address: 198.19.1.1}
  real: {address: 198.19.1.2, groups: [lab_systemd, lab_hardened]}
  sorry: {address: 198.19.1.3, groups: [lab_neglected]}
"""


def second_lab(folder: Path) -> Lab:
    """Return a lab that lives in ``folder`` and on addresses the packaged inventory does not use."""
    return Lab(dir=folder / "lab", bridge="eftbr0", network=IPv4Network("198.19.0.0/17"), prefix="eft-")


def second_inventory(folder: Path) -> Path:
    """Write and return an inventory of three hosts for the second lab."""
    inventory = folder / "inventory"
    inventory.mkdir()
    (inventory / "all.yml").write_text(INVENTORY, encoding="utf-8")
    return inventory


def machine() -> dict[str, list[str]]:
    """Return what a lab could leave behind on this machine, without what belongs to the lab everybody uses."""
    links = json.loads(_output("ip", "-json", "addr"))
    addresses = [f"{link['ifname']} {a['local']}" for link in links for a in link["addr_info"]]
    found = {
        "links": [link["ifname"] for link in links],
        "addresses": addresses,
        "routes": _output("ip", "route", "show", "table", "all").splitlines(),
        "namespaces": _output("ip", "netns").splitlines(),
        "mounts": [line.split()[4] for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()],
        "forwarding": [Path("/proc/sys/net/ipv4/ip_forward").read_text(encoding="utf-8")],
        "groups": [str(path) for path in Path("/sys/fs/cgroup").glob("*/*") if path.is_dir()],
        "systemd": [str(path) for path in Path("/run/systemd").rglob("*")],
    }
    return {what: sorted(line for line in lines if not _others(line)) for what, lines in found.items()}


def _others(line: str) -> bool:
    ours = Lab()
    return ours.prefix in line or ours.bridge in line


def _output(*argv: str) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout
