# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A NetBox to test with: the stand-in, and a real throw-away one where the environment names it."""

import os
import threading
from collections.abc import Iterator

import pytest

from inventories.netbox.client import NetBox
from inventories.netbox.objects import KINDS
from inventories.netbox.push import snapshot
from tests.inventories.netbox.server import TOKEN, Server

# Names a real NetBox to test with as well. All its objects are deleted.
REAL = "EDUFLEET_TEST_NETBOX_URL"
REAL_TOKEN = "EDUFLEET_TEST_NETBOX_TOKEN"  # noqa: S105 - the name of a variable


@pytest.fixture
def server() -> Iterator[Server]:
    """The stand-in, empty."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(params=["stand-in", "real"] if REAL in os.environ else ["stand-in"])
def netbox(request: pytest.FixtureRequest) -> NetBox:
    """An empty NetBox: every test that asks for it runs on the stand-in, and on a real one when there is one."""
    if request.param == "stand-in":
        return NetBox(request.getfixturevalue("server").url, TOKEN)
    real = NetBox(os.environ[REAL], os.environ[REAL_TOKEN])
    emptied(real)
    return real


def emptied(netbox: NetBox) -> None:
    """Delete everything of the kinds that are used."""
    present = snapshot(netbox, lambda _: None)
    for kind in reversed(list(KINDS.values())):
        # A region's slug is longer than that of the region above.
        there = sorted(present.of(kind.id), key=lambda one: len(one.ref.label), reverse=True)
        for one in there if kind.id == "dcim.region" else ():
            netbox.delete(kind, [one.id])
        if there and kind.id != "dcim.region":
            netbox.delete(kind, [one.id for one in there])
