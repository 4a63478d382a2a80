# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A real NetBox takes the import files as they are, and then has what a push would make."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import inventories
from inventories.emitter import emitters
from inventories.loader import load
from inventories.netbox.client import NetBox
from inventories.netbox.plan import plan
from tests.inventories.netbox.conftest import REAL, REAL_TOKEN, emptied
from tests.inventories.netbox.sample import sample, wanted
from tests.inventories.netbox.test_push import there

LOGIN = "EDUFLEET_TEST_NETBOX_LOGIN"

pytestmark = pytest.mark.skipif(
    not {REAL, REAL_TOKEN, LOGIN} <= os.environ.keys(),
    reason=f"no real NetBox: set {REAL}, {REAL_TOKEN} and {LOGIN} (user:password) to one that may be emptied",
)


@pytest.fixture
def netbox() -> NetBox:
    real = NetBox(os.environ[REAL], os.environ[REAL_TOKEN])
    emptied(real)
    return real


@pytest.fixture
def browser(netbox: NetBox) -> Iterator[requests.Session]:
    """A session of the web interface."""
    with requests.Session() as session:
        session.get(f"{netbox.url}/login/", timeout=60)
        user, _, password = os.environ[LOGIN].partition(":")
        form = {"username": user, "password": password, "csrfmiddlewaretoken": session.cookies["csrftoken"]}
        session.post(f"{netbox.url}/login/", data=form, headers={"Referer": f"{netbox.url}/login/"}, timeout=60)
        assert "sessionid" in session.cookies
        yield session


def imported(browser: requests.Session, url: str, name: str, content: bytes) -> None:
    """Upload a file to the bulk import that its name says."""
    app, _, model = name.removesuffix(".csv")[3:].partition("-")
    page = f"{url}/{app}/{model}/import/"
    form = {
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        "import_method": "upload",
        "format": "csv",
        "csv_delimiter": ",",
    }
    files = {"upload_file": (name, content, "text/csv")}
    answer = browser.post(page, data=form, files=files, headers={"Referer": page}, allow_redirects=False, timeout=300)
    assert answer.status_code == 302, (
        f"NetBox does not take {name}: {[line for line in answer.text.splitlines() if 'Record' in line]}"
    )


def test_after_the_import_there_is_nothing_to_push(netbox: NetBox, browser: requests.Session, tmp_path: Path) -> None:
    inventory = sample(tmp_path)

    for name, content in emitters()["netbox"].emit(inventory, inventory.assets).items():
        imported(browser, netbox.url, name, content)

    assert plan(wanted(inventory), there(netbox)).operations == ()


@pytest.mark.timeout(1200)
def test_it_takes_the_whole_reference_inventory(netbox: NetBox, browser: requests.Session) -> None:
    inventory = load(Path(inventories.__file__).parent / "reference")

    for name, content in emitters()["netbox"].emit(inventory, inventory.assets).items():
        imported(browser, netbox.url, name, content)

    assert plan(wanted(inventory), there(netbox)).operations == ()
