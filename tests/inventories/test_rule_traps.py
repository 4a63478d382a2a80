# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the rules on identity, networks, cables, certificates, clocks and calendars must leave alone.

Each case is laid over a sound inventory and is sound itself, although it looks much like a violation.
"""

from pathlib import Path

import pytest

from tests.inventories.trees import AUTHORITY, SOUND, found, write

CITY = "region: {level: city, name: {en: C, zh: 市}}\n"
NAME = "name: {en: S, zh: 站点}"
SITE = f"{NAME}, link: fiber"
LINE = "link: fiber, mbps: 100"
SERVICE = "name: {en: S, zh: 业务}, mlps_level: 1, hosts: [web1]"
CERTIFICATE = "issuer: CA, algorithm: sm2, bits: 256, hashed: sm3"

# What it is that must not be found: the rule, and files laid over the sound inventory (by default a city's).
TRAPS: dict[str, tuple[str, str]] = {
    "a group may be declared in two regions": ("INV-ID-001", "groups: {web: {}}"),
    "a host and a service may have one name": ("INV-ID-001", f"services: {{web1: {{{SERVICE}}}}}"),
    "the members of a stack are managed under one address": (
        "INV-ID-002",
        """
devices:
  sw1: {address: 10.1.0.9, platform: huawei_vrpv8, vendor: huawei, role: access, stack: s}
  sw2: {address: 10.1.0.9, platform: huawei_vrpv8, vendor: huawei, role: access, stack: s}
""",
    ),
    "an interface has the management address of its own host": (
        "INV-ID-002",
        "hosts: {web3: {address: 10.1.0.3, interfaces: {eth0: {addresses: [10.1.0.3/24]}}}}",
    ),
    "an address may recur in another VRF, and link-local ones anywhere": (
        "INV-ID-002",
        """
vrfs: {lab: {name: {en: L, zh: 实验}, internet: false}}
sites:
  dy:
    name: {en: S, zh: 站点}
    link: fiber
    vlans: {staff: {vid: 30, purpose: staff}, lab: {vid: 31, purpose: staff, vrf: lab}}
hosts:
  web3: {address: 10.9.0.3, site: dy, interfaces: {eth0: {addresses: [10.9.9.1/24, "fe80::1/64"], vlans: [staff]}}}
  web4: {address: 10.9.0.4, site: dy, interfaces: {eth0: {addresses: [10.9.9.1/24, "fe80::1/64"], vlans: [lab]}}}
""",
    ),
    "nothing is said of interfaces in a site that cannot be read": (
        "INV-ID-002",
        """
sites: {dy: {name: {en: S, zh: 站点}, link: fibre, vlans: {lab: {vid: 31, purpose: staff, vrf: lab}}}}
hosts:
  web3: {address: 10.9.0.3, site: dy, interfaces: {eth0: {addresses: [10.9.9.1/24], vlans: [lab]}}}
  web4: {address: 10.1.0.4, interfaces: {eth0: {addresses: [10.9.9.1/24]}}}
""",
    ),
    "two vendors may have used one serial number": (
        "INV-ID-003",
        """
devices:
  sw1: {address: 10.1.0.8, platform: huawei_vrpv8, vendor: huawei, role: access, serial: "1"}
  sw2: {address: 10.1.0.9, platform: ruijie_os, vendor: ruijie, role: access, serial: "1"}
""",
    ),
    "a bond has the hardware address of its members, and virtual routers share theirs": (
        "INV-ID-004",
        """
hosts:
  web3:
    address: 10.1.0.3
    interfaces:
      {eth0: {mac: "02:00:00:00:00:01"}, bond0: {mac: "02:00:00:00:00:01"}, lo: {mac: "00:00:00:00:00:00"},
       vrrp: {mac: "00:00:5e:00:01:0a"}}
  web4:
    address: 10.1.0.4
    interfaces: {vrrp: {mac: "00:00:5E:00:01:0A"}, lo: {mac: "00:00:00:00:00:00"}}
""",
    ),
    "VRFs may have no route distinguisher": (
        "INV-ID-005",
        "vrfs: {a: {name: {en: A, zh: 甲}, internet: true}, b: {name: {en: B, zh: 乙}, internet: true}}",
    ),
    "a room need not state its racks": (
        "INV-RACK-001",
        f"""
sites: {{dy: {{{SITE}, rooms: {{r: {{grade: C, it_kw: 1}}}}}}}}
hosts: {{web3: {{address: 10.1.0.3, site: dy, room: r, rack: R77}}}}
""",
    ),
    "the topmost unit of a rack is in the rack": (
        "INV-RACK-002",
        "hosts: {web3: {address: 10.1.0.3, room: dc1, rack: R01, u_position: 41, u_height: 2}}",
    ),
    "one may stand on another, or at the same height in the next rack": (
        "INV-RACK-003",
        """
hosts:
  web3: {address: 10.1.0.3, room: dc1, rack: R01, u_position: 1, u_height: 2}
  web4: {address: 10.1.0.4, room: dc1, rack: R01, u_position: 3}
  web5: {address: 10.1.0.5, room: dc1, rack: R02, u_position: 1, u_height: 2}
  web6: {address: 10.1.0.6, room: dc1, rack: R01}
""",
    ),
    "a virtual machine may carry another": (
        "INV-VM-001",
        "hosts: {web3: {address: 10.1.0.3, virtual_on: web1}, web4: {address: 10.1.0.4, virtual_on: web3}}",
    ),
    "an asset need not state its interfaces": (
        "INV-CAB-001",
        'cables: {c1: {ends: ["web1:eth0", "web2:eth7"]}}',
    ),
    "two assets have interfaces of one name": (
        "INV-CAB-002",
        'cables: {c1: {ends: ["web1:eth0", "web2:eth0"]}, c2: {ends: ["web1:eth1", "web2:eth1"]}}',
    ),
    "a trunk meets a port in one of its VLANs, and other sites have VLANs of their own": (
        "INV-CAB-003",
        f"""
sites:
  dy: {{{SITE}, vlans: {{a: {{vid: 31, purpose: staff}}, b: {{vid: 32, purpose: staff}}}}}}
  dz: {{{SITE}, vlans: {{c: {{vid: 31, purpose: staff}}}}}}
hosts:
  web3: {{address: 10.9.0.3, site: dy, interfaces: {{eth0: {{vlans: [a, b]}}, eth1: {{vlans: [a]}}}}}}
  web4: {{address: 10.9.0.4, site: dy, interfaces: {{eth0: {{vlans: [b]}}}}}}
  web5: {{address: 10.9.0.5, site: dz, interfaces: {{eth0: {{vlans: [c]}}}}}}
cables: {{c1: {{ends: ["web3:eth0", "web4:eth0"]}}, c2: {{ends: ["web3:eth1", "web5:eth0"]}}}}
""",
    ),
    "a site need not state prefixes": (
        "INV-NET-001",
        f"sites: {{dy: {{{SITE}}}}}\nhosts: {{web3: {{address: 192.0.2.1, site: dy}}}}",
    ),
    "an address may be IPv6": ("INV-NET-001", 'hosts: {web3: {address: "2001:db8:1::3"}}'),
    "an interface may be in any of its VLANs, and in one without prefixes": (
        "INV-NET-002",
        f"""
sites:
  dy:
    {NAME}
    link: fiber
    vlans:
      a: {{vid: 31, purpose: staff, prefixes: [10.9.1.0/24]}}
      b: {{vid: 32, purpose: staff, prefixes: [10.9.2.0/24]}}
      c: {{vid: 33, purpose: staff}}
hosts:
  web3:
    address: 10.9.1.3
    site: dy
    interfaces:
      eth0: {{addresses: [10.9.2.3/24, "fe80::3/64"], vlans: [a, b]}}
      eth1: {{addresses: [192.0.2.3/24], vlans: [a, c]}}
""",
    ),
    "nothing is said of an interface in a VLAN that is not declared": (
        "INV-NET-002",
        """
sites:
  dy: {name: {en: S, zh: 站点}, link: fiber, vlans: {a: {vid: 31, purpose: staff, prefixes: [10.9.1.0/24]}}}
hosts:
  web3: {address: 10.9.1.3, site: dy, interfaces: {eth0: {addresses: [10.9.2.3/24], vlans: [a, b]}}}
""",
    ),
    "VLANs of a site without prefixes lie anywhere": (
        "INV-NET-003",
        f"sites: {{dy: {{{SITE}, vlans: {{a: {{vid: 31, purpose: staff, prefixes: [192.0.2.0/24]}}}}}}}}",
    ),
    "prefixes of two families are given by the region above the region above": (
        "INV-NET-004",
        f"""
region: {{level: city, name: {{en: C, zh: 市}}, prefixes: [10.9.0.0/16, "2001:db8:9::/48"]}}
---
region: {{level: county, name: {{en: D, zh: 县}}}}
sites: {{dy: {{{SITE}, prefixes: [10.9.1.0/24, "2001:db8:9:1::/64"]}}}}
""",
    ),
    "nothing is said under a region that cannot be read": (
        "INV-NET-004",
        f"""
region: {{level: town, name: {{en: C, zh: 市}}, prefixes: [10.9.0.0/16]}}
---
region: {{level: county, name: {{en: D, zh: 县}}, prefixes: [10.8.0.0/16]}}
sites: {{dy: {{{SITE}, prefixes: [10.8.1.0/24]}}}}
""",
    ),
    "a region's range holds those of its sites and of the regions under it": (
        "INV-NET-005",
        f"""
region: {{level: city, name: {{en: C, zh: 市}}, prefixes: [10.9.0.0/16, 10.9.0.0/17]}}
sites: {{dy: {{{SITE}, prefixes: [10.9.0.0/24, 10.9.0.0/25]}}}}
---
region: {{level: county, name: {{en: D, zh: 县}}, prefixes: [10.9.0.0/17]}}
sites: {{dz: {{{SITE}, prefixes: [10.9.1.0/24]}}}}
""",
    ),
    "VLANs in different VRFs may overlap, and so may the ranges of one VLAN": (
        "INV-NET-006",
        f"""
vrfs: {{lab: {{name: {{en: L, zh: 实验}}, internet: false}}}}
sites:
  dy:
    {NAME}
    link: fiber
    vlans:
      a: {{vid: 31, purpose: staff, prefixes: [10.9.1.0/24, 10.9.1.0/25]}}
      b: {{vid: 32, purpose: staff, prefixes: [10.9.1.0/24], vrf: lab}}
      c: {{vid: 33, purpose: staff, prefixes: [10.9.2.0/24]}}
""",
    ),
    "two sites may use one VLAN number": (
        "INV-NET-007",
        f"""
sites:
  dy: {{{SITE}, vlans: {{a: {{vid: 31, purpose: staff}}}}}}
  dz: {{{SITE}, vlans: {{b: {{vid: 31, purpose: staff}}}}}}
""",
    ),
    "the gateway of IPv6 may be link-local": (
        "INV-NET-008",
        f"""
sites:
  dy:
    {NAME}
    link: fiber
    vlans:
      a: {{vid: 31, purpose: staff, prefixes: [10.9.1.0/24, "2001:db8:9::/64"], gateway: [10.9.1.254, "fe80::1"]}}
      b: {{vid: 32, purpose: staff, gateway: [10.9.2.1]}}
""",
    ),
    "ranges of one or two addresses have no network address, and IPv6 has no broadcast": (
        "INV-NET-009",
        """
hosts:
  web3:
    address: 10.1.0.3
    interfaces:
      eth0: {addresses: [10.1.9.0/31, 10.1.8.1/32, "2001:db8:1::9:0/127", "2001:db8:1::8:0/128"]}
      eth1: {addresses: ["2001:db8:1:1:ffff:ffff:ffff:ffff/64", 10.1.7.254/24]}
""",
    ),
    "an exam VLAN may be in any VRF without internet": (
        "INV-NET-010",
        f"""
vrfs: {{exam: {{name: {{en: E, zh: 考试}}, internet: false}}}}
sites: {{dy: {{{SITE}, vlans: {{a: {{vid: 60, purpose: exam, vrf: exam}}}}}}}}
""",
    ),
    "a city needs one uplink": ("INV-UPL-001", f"sites: {{dy: {{{SITE}, uplinks: {{a: {{{LINE}}}}}}}}}"),
    "two lines to one site, and two ways up to one, are no loop": (
        "INV-UPL-002",
        f"""
sites:
  top: {{{SITE}}}
  left: {{{SITE}, uplinks: {{a: {{{LINE}, to: top}}, b: {{{LINE}, to: top}}}}}}
  right: {{{SITE}, uplinks: {{a: {{{LINE}, to: top}}}}}}
  low: {{{SITE}, uplinks: {{a: {{{LINE}, to: left}}, b: {{{LINE}, to: right}}}}}}
""",
    ),
    "the best of several uplinks counts, and where inspections start it is lan": (
        "INV-UPL-003",
        f"""
sites:
  dy: {{{SITE}, uplinks: {{a: {{link: lte, mbps: 5}}, b: {{{LINE}}}}}}}
  dz: {{{NAME}, link: lan, uplinks: {{a: {{{LINE}}}}}}}
""",
    ),
    "an uplink may lead to a site of the same level": (
        "INV-UPL-004",
        f"sites: {{dy: {{{SITE}, uplinks: {{a: {{{LINE}, to: dz}}}}}}, dz: {{{SITE}}}}}",
    ),
    "a service that is not public may have one family": (
        "INV-DUAL-001",
        f"services: {{s: {{{SERVICE}, addresses: [10.1.0.1]}}}}",
    ),
    "a city may have one family": ("INV-DUAL-002", f"sites: {{dy: {{{SITE}, prefixes: [10.9.0.0/16]}}}}"),
    "a certificate may take its owner from the defaults": (
        "INV-CRT-001",
        f"""
services: {{s: {{{SERVICE}}}}}
certificates: {{c: {{services: [s], names: [a.edu.example], expires: 2999-01-01, {CERTIFICATE}}}}}
""",
    ),
    "two certificates cover together, a star covers one label": (
        "INV-CRT-003",
        f"""
services:
  s: {{{SERVICE}, names: [edu.example, www.edu.example, "*.edu.example"]}}
  t: {{{SERVICE}, names: [t.example]}}
certificates:
  c: {{services: [s], names: [edu.example], expires: 2999-01-01, {CERTIFICATE}}}
  d: {{services: [s], names: ["*.edu.example"], expires: 2999-01-01, {CERTIFICATE}}}
""",
    ),
    "nothing is said of a service with a certificate that cannot be read": (
        "INV-CRT-003",
        f"""
services: {{s: {{{SERVICE}, names: [a.edu.example, b.edu.example]}}}}
certificates:
  c: {{services: [s], names: [a.edu.example], expires: 2999-01-01, {CERTIFICATE}}}
  d: {{services: [s], names: [b.edu.example], expires: never, {CERTIFICATE}}}
""",
    ),
    "any issuer will do where the authority names none": (
        "INV-CRT-004",
        f"""
services: {{s: {{{SERVICE}}}}}
certificates: {{c: {{services: [s], names: [a.edu.example], expires: 2999-01-01, {CERTIFICATE}}}}}
""",
    ),
    "a clock on a reference clock, and what matters little, need no source": (
        "INV-TIME-001",
        """
hosts:
  ntp1: {address: 10.1.0.3, stratum: 1, importance: normal, time_sources: []}
  web4: {address: 10.1.0.4, importance: normal}
""",
    ),
    "two ways to one clock are no loop": (
        "INV-TIME-002",
        """
hosts:
  ntp1: {address: 10.1.0.3, time_sources: [a.ntp.example, "2001:db8::1"]}
  ntp2: {address: 10.1.0.4, time_sources: [ntp1, a.ntp.example]}
  ntp3: {address: 10.1.0.5, time_sources: [ntp1, ntp2]}
""",
    ),
    "a stratum that is not stated is no contradiction": (
        "INV-TIME-003",
        """
hosts:
  ntp1: {address: 10.1.0.3, stratum: 1}
  ntp2: {address: 10.1.0.4, time_sources: [ntp1, web1], stratum: 2}
  ntp3: {address: 10.1.0.5, time_sources: [ntp1, ntp2]}
""",
    ),
    "maintenance may end when a freeze begins, and freezes of other regions do not hold": (
        "INV-CAL-001",
        f"""
region: {{level: city, name: {{en: C, zh: 市}}}}
calendars:
  a:
    name: {{en: A, zh: 甲}}
    windows:
      m: {{kind: maintenance, start: 2999-01-01, end: 2999-01-01 20:00}}
      f: {{kind: freeze, start: 2999-01-01 20:00, end: 2999-01-02}}
---
{CITY.replace("city", "county")}
calendars: {{b: {{name: {{en: B, zh: 乙}}, windows: {{f: {{kind: freeze, start: 2999-01-01, end: 2999-01-01}}}}}}}}
""",
    ),
    "an exam may lie in two freezes that adjoin, one of them from above": (
        "INV-CAL-002",
        f"""
region: {{level: city, name: {{en: C, zh: 市}}}}
calendars: {{a: {{name: {{en: A, zh: 甲}}, windows: {{f: {{kind: freeze, start: 2999-01-01, end: 2999-01-01}}}}}}}}
---
{CITY.replace("city", "county")}
calendars:
  b:
    name: {{en: B, zh: 乙}}
    windows:
      g: {{kind: freeze, start: 2999-01-02, end: 2999-01-05}}
      e: {{kind: exam, start: 2999-01-01 08:00, end: 2999-01-02 12:00}}
""",
    ),
    "a calendar may be empty": ("INV-CAL-003", "calendars: {a: {name: {en: A, zh: 甲}}}"),
    "a time source may be a whole DNS name or an address": (
        "INV-REF-007",
        'hosts: {web3: {address: 10.1.0.3, time_sources: [ntp.example, 10.1.0.1, "2001:db8::1", web1]}}',
    ),
    "a rota may be in another time zone": (
        "INV-REF-008",
        "rotas: {r: {name: {en: R, zh: 值班}, timezone: Asia/Urumqi, shifts: {all: {contacts: [ops]}}}}",
    ),
    "a variable may have a reserved word in its name": (
        "INV-REF-009",
        "hosts: {web3: {address: 10.1.0.3, vars: {my_ansible_user: x, edufleet: y}}}",
    ),
}
# What is wrong on purpose, so that something else goes without saying; and what the cases do not care to say.
WRONG = frozenset({"INV-KEY-003", "INV-REF-006", "INV-SEC-004", "INV-ROT-004"})


@pytest.mark.parametrize("what", TRAPS)
def test_a_rule_leaves_alone(tmp_path: Path, what: str) -> None:
    rule_id, text = TRAPS[what]
    above, _, below = text.partition("---\n")
    files = {"qinghe/city/r.yml": above if "region:" in above else CITY + above}
    if below:
        files["qinghe/city/county/r.yml"] = below

    findings = found(write(tmp_path, {**SOUND, **files}))

    assert [finding for finding in findings if finding.rule == rule_id] == []
    assert {finding.rule for finding in findings} <= WRONG


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("expires: 2026-11-22", ["INV-CRT-005"]),
        ("expires: 2026-11-23", ["INV-CRT-006"]),
        ("expires: 2026-12-23", ["INV-CRT-006"]),
        ("expires: 2026-12-24", []),
        ("expires: 2026-12-24, lead_days: 31", ["INV-CRT-006"]),
        ("expires: 2026-12-24, lead_days: 14", []),
        ("expires: 2026-12-24, lead_days: 13", ["INV-CRT-007"]),
        ("expires: 2026-12-24, algorithm: rsa, bits: 2048, hashed: sha256", []),
        ("expires: 2026-12-24, algorithm: rsa, bits: 2047, hashed: sha256", ["INV-CRT-008"]),
        ("expires: 2026-12-24, algorithm: ecdsa, bits: 256, hashed: sha256", []),
        ("expires: 2026-12-24, algorithm: ecdsa, bits: 255, hashed: sha256", ["INV-CRT-008"]),
        ("expires: 2026-12-24, algorithm: ed25519, bits: 253, hashed: md5", ["INV-CRT-008"]),
        ("expires: 2026-12-24, algorithm: sm2, bits: 256, hashed: sha1", ["INV-CRT-008"]),
    ],
)
def test_a_certificate_is_judged_to_the_day_and_the_bit(tmp_path: Path, said: str, rules: list[str]) -> None:
    values = {"algorithm": "sm2", "bits": "256", "hashed": "sm3"}
    values |= {key: value for key, _, value in (part.partition(": ") for part in said.split(", "))}
    written = ", ".join(f"{key}: {value}" for key, value in values.items())
    certificate = f"certificates: {{c: {{services: [s], names: [a.edu.example], issuer: CA, {written}}}}}\n"
    text = f"services: {{s: {{{SERVICE}}}}}\n{certificate}"
    authority = AUTHORITY.replace("authority:\n", "authority:\n  as_of: 2026-11-23\n")

    findings = found(write(tmp_path, {**SOUND, "authority.yml": authority, "qinghe/more.yml": text}))

    assert [finding.rule for finding in findings] == rules
