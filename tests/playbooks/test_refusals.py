# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the role cannot do well it refuses, before anything has changed, in words that say what to do."""

from collections.abc import Iterator

import pytest

from tests.conftest import RunningLab
from tests.playbooks.conftest import OPEN, REMOTE_TEMP, Account
from tests.playbooks.plays import Done, Variables

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]

PLATFORM = "ls-sch1"
"""For the test it passes itself off as an Alpine."""
DISGUISE = "echo 3.20.0 >/etc/alpine-release; mv /usr/bin/apt-get /usr/bin/apt-get.hidden"
UNDISGUISE = "rm -f /etc/alpine-release; mv /usr/bin/apt-get.hidden /usr/bin/apt-get"

PRIVATE = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICwsTQ7OiL8A/pVQ0CsYW2DGF8aKLy5o0YS0lNJpbUmj"

CASES: dict[str, tuple[Variables, str]] = {
    "no-key": ({"inspection_account_public_key_file": ""}, "Give one of inspection_account_public_key and"),
    "two-sources": ({"inspection_account_public_key": KEY}, "Give one of inspection_account_public_key and"),
    "private-key": (
        {"inspection_account_public_key_file": "", "inspection_account_public_key": PRIVATE},
        "the private key by mistake",
    ),
    "key-options": (
        {"inspection_account_public_key_file": "", "inspection_account_public_key": f'command="id" {KEY}'},
        "no options before them",
    ),
    "bad-name": ({"inspection_account_name": "root ALL"}, "small letters, digits"),
    "bad-address": ({"inspection_account_from": ['192.0.2.1",command="id']}, "addresses or networks"),
    "bad-state": ({"inspection_account_state": "gone"}, "must be one of: present, absent, got: gone"),
    "bad-log": ({"inspection_account_sudo_log": ["all"]}, "must be one or more of: input, output"),
    "no-python": ({"ansible_python_interpreter": "/usr/bin/python2.7"}, "It needs Python 3.8 or newer"),
    "own-account": ({"inspection_account_name": "inspector"}, "Logged in as inspector"),
    "own-account-away": (
        {"inspection_account_name": "inspector", "inspection_account_state": "absent"},
        "Logged in as inspector",
    ),
    "somebody": ({"inspection_account_name": "teacher"}, "not known to be an inspection account"),
    "somebody-away": (
        {"inspection_account_name": "teacher", "inspection_account_state": "absent"},
        "not known to be an inspection account",
    ),
    "superuser": ({"inspection_account_name": "root"}, "not known to be an inspection account"),
    "platform": ({"ansible_host": PLATFORM}, "neither of the Debian nor of the RHEL family"),
}


@pytest.fixture
def refused(account: Account, lab: RunningLab) -> Iterator[Done]:
    """One run, every case a host of its own; a check, lest a case that is let through changes somebody's account."""
    hosts = {case: {"ansible_host": OPEN, **account.variables, **given} for case, (given, _) in CASES.items()}
    lab.run(PLATFORM, ["sh", "-c", DISGUISE])
    try:
        yield account.plays.prepare(hosts, "--check")
    finally:
        lab.run(PLATFORM, ["sh", "-c", f"{UNDISGUISE}; rm -rf {REMOTE_TEMP}"])


def test_each_is_refused_in_words_with_nothing_changed(refused: Done) -> None:
    for case, (_, words) in CASES.items():
        assert words in refused.failed[case], case
    assert set(refused.changed.values()) == {0}
    assert "c2VjcmV0" not in refused.output  # a private key given by mistake
