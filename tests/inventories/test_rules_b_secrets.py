# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the rules about secrets, management and platforms find, and what they leave alone."""

from pathlib import Path

import pytest

from inventories.platforms import known_platforms
from tests.inventories.asking import broken_lines, findings_of, marked_lines

DEVICE = "platform: huawei, vendor: huawei, role: access"

CASES = {
    "secrets by name": (
        "INV-SEC-001",
        """\
hosts:
  a:
    address: 10.1.0.1
    vars:
      db_password: hunter2 # here
      pin_password: 123456 # here
      snmp_community: [public] # here
      api_key: ["x"] # here
      db_password_file: /etc/db/password
      token_url: https://idp.edu.example/token
      password_authentication: false
      password_max_days: 90
      admin_password: "{{ lookup('env', 'ADMIN_PASSWORD') }}"
      compass: north
""",
    ),
    "platforms of the other kind are unknown": (
        "INV-PLT-001",
        f"""\
hosts:
  a: {{address: 10.1.0.1, platform: huawei}} # here
  b: {{address: 10.1.0.2}}
devices:
  c: {{address: 10.1.0.3, {DEVICE}}}
  d: {{address: 10.1.0.4, platform: debian12, vendor: x, role: x}} # here
""",
    ),
    "platforms whose end is known": (
        "INV-PLT-002",
        f"""\
hosts:
  past: {{address: 10.1.0.1, platform: debian11}} # here
  long: {{address: 10.1.0.2, platform: rocky9}}
  not-known: {{address: 10.1.0.3, platform: uos20}}
  unknown: {{address: 10.1.0.4, platform: debain12}}
devices:
  device: {{address: 10.1.0.5, {DEVICE}}}
""",
    ),
    "plain protocols": (
        "INV-SEC-003",
        f"""\
devices:
  a: {{address: 10.1.0.1, {DEVICE}}}
  b: {{address: 10.1.0.2, {DEVICE}, management: {{protocol: http}}}} # here
  c: {{address: 10.1.0.3, {DEVICE}, management: {{protocol: https}}}}
  d: {{address: 10.1.0.4, {DEVICE}, management: {{protocol: telnet}}}} # here
""",
    ),
    "devices without credential, once for a region": (
        "INV-SEC-004",
        f"""\
hosts:
  host: {{address: 10.1.0.1}}
devices:
  a: {{address: 10.1.0.2, {DEVICE}, management: {{credential: switches}}}}
  b: {{address: 10.1.0.3, {DEVICE}}} # here
  c: {{address: 10.1.0.4, {DEVICE}}}
""",
    ),
    "management addresses, where the site states where": (
        "INV-SEC-005",
        f"""\
sites:
  campus:
    name: {{en: Campus, zh: 校区}}
    link: fiber
    vlans:
      mgmt: {{vid: 10, purpose: mgmt, prefixes: [10.3.10.0/24]}}
      oob: {{vid: 99, purpose: oob, prefixes: [10.3.99.0/24]}}
      student: {{vid: 40, purpose: student, prefixes: [10.3.40.0/24, "2001:db8:3::/64"]}}
  point:
    name: {{en: Teaching point, zh: 教学点}}
    link: lte
    vlans:
      mgmt: {{vid: 10, purpose: mgmt}}
      student: {{vid: 40, purpose: student, prefixes: [10.4.40.0/24]}}
hosts:
  server: {{address: 10.3.40.9, site: campus}}
devices:
  a: {{address: 10.3.10.1, {DEVICE}, site: campus}}
  b: {{address: 10.3.99.1, {DEVICE}, site: campus}}
  c: {{address: 10.3.40.1, {DEVICE}, site: campus}} # here
  d: {{address: 10.4.40.1, {DEVICE}, site: point}}
  e: {{address: "2001:db8:3::1", {DEVICE}, site: campus}}
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_secrets_and_platforms(case: str, tmp_path: Path) -> None:
    rule_id, text = CASES[case]

    assert broken_lines(rule_id, tmp_path, text) == marked_lines(text)


SALTED = "notARealSalt$notARealHash"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----",
        f"$6${SALTED}",
        f"$y$j9T${SALTED}",
        f"$2b$10${SALTED}",
        f"$argon2id$v=19${SALTED}",
        "ghp_" + "x" * 36,
        "postgresql://app:hunter2@db.edu.example/app",
    ],
)
def test_a_text_that_looks_like_a_secret_is_found_wherever_it_stands(text: str, tmp_path: Path) -> None:
    everywhere = f"""\
contacts:
  c:
    name: {{en: N, zh: 名}}
    email: '{text}' # here
hosts:
  a: {{address: 10.1.0.1, vars: {{login: '{text}'}}}} # here
  b: {{address: 10.1.0.2, vars: {{logins: [x, '{text}']}}}} # here
services:
  s: {{name: {{en: '{text}', zh: 业务}}, mlps_level: 1, hosts: [a]}} # here
"""
    assert broken_lines("INV-SEC-002", tmp_path, everywhere) == marked_lines(everywhere)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "https://mirror.edu.example:8443/debian?mail=ops@edu.example",
        "ssh://inspector@core-bas1:22/",
        "postgresql://app:{{ db_password }}@db.edu.example/app",
        "costs 5$ to 6$ a day",
        "$HOME/$USER",
        "/etc/ssl/private/key.pem",
    ],
)
def test_an_innocent_text_is_left_alone(text: str, tmp_path: Path) -> None:
    assert findings_of("INV-SEC-002", tmp_path, f"hosts:\n  a: {{address: 10.1.0.1, vars: {{text: '{text}'}}}}\n") == []


def test_an_inherited_secret_is_reported_once_where_it_stands(tmp_path: Path) -> None:
    text = f"""\
defaults:
  vars:
    db_password: '$6${SALTED}' # here
hosts:
  a: {{address: 10.1.0.1}}
  b: {{address: 10.1.0.2}}
"""
    assert broken_lines("INV-SEC-001", tmp_path, text) == marked_lines(text)
    assert broken_lines("INV-SEC-002", tmp_path, text) == marked_lines(text)


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ("file: secrets/password", True),
        ("file: qinghe/../password", True),
        ("file: ../password", False),
        ("file: /etc/edufleet/password", False),
        ("file: ~/password", False),
        ("age: secrets/password.age", False),
        ("sops: {file: secrets/all.yml, key: switches}", False),
        ("env: PASSWORD", False),
    ],
)
def test_a_plain_secret_must_not_lie_in_the_inventory(place: str, inside: bool, tmp_path: Path) -> None:
    root = tmp_path / "inventory"

    assert broken_lines("INV-SEC-006", root, f"secrets:\n  s: {{{place}}}\n") == [2] * inside


def test_an_inventory_beside_one_of_a_longer_name_is_another(tmp_path: Path) -> None:
    text = f"secrets:\n  s: {{file: {tmp_path}/inventory-secrets/password}}\n"

    assert broken_lines("INV-SEC-006", tmp_path / "inventory", text) == []


def test_a_private_key_of_ssh_is_a_secret(tmp_path: Path) -> None:
    text = """\
defaults:
  ssh:
    identity_file: ssh/key # here
hosts:
  a: {address: 10.1.0.1}
  b: {address: 10.1.0.2}
"""
    assert broken_lines("INV-SEC-006", tmp_path, text) == marked_lines(text)


def test_what_inherits_a_platform_past_its_end_is_reported_together(tmp_path: Path) -> None:
    hosts = "".join(f"  h{number}: {{address: 10.1.0.{number}}}\n" for number in range(1, 6))
    (finding,) = findings_of("INV-PLT-002", tmp_path, f"defaults:\n  platform: debian11\nhosts:\n{hosts}")

    assert (finding.line, finding.message) == (
        2,
        "Debian 11 got its last security updates on 2026-08-31: h1, h2, h3 and 2 more",
    )


def test_an_end_that_comes_within_half_a_year_is_found(tmp_path: Path) -> None:
    text = "hosts:\n  a: {address: 10.1.0.1, platform: ubuntu2204}\n"

    (finding,) = findings_of("INV-PLT-002", tmp_path, text, today="2027-01-01")

    assert finding.message == "Ubuntu 22.04 LTS gets security updates for 151 more days, until 2027-06-01: a"


def test_a_date_is_stated_where_it_was_compared() -> None:
    platforms = known_platforms()

    for platform in (*platforms.hosts.values(), *platforms.devices.values()):
        assert (platform.end_of_life is not None) == platform.verified, platform.name
