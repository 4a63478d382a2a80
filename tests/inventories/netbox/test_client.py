# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How the client reads page by page, waits for a busy NetBox, and says what is wrong."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from inventories.errors import BadInput, CouldNotFinish
from inventories.netbox import client
from inventories.netbox.client import NetBox, RefusedError
from inventories.netbox.objects import KINDS
from inventories.netbox.push import snapshot
from tests.inventories.netbox.server import TOKEN, Server

SITES = KINDS["dcim.site"]
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def netbox(server: Server, monkeypatch: pytest.MonkeyPatch) -> NetBox:
    monkeypatch.setattr("time.sleep", lambda _: None)
    return NetBox(server.url, TOKEN)


def make(netbox: NetBox, how_many: int) -> None:
    netbox.create(SITES, [{"name": f"s{n}", "slug": f"s{n}"} for n in range(how_many)])


def test_it_reads_every_page(netbox: NetBox, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAGE", 3)
    make(netbox, 7)

    assert [record["slug"] for record in netbox.records(SITES)] == [f"s{n}" for n in range(7)]
    assert sum(verb == "GET" for verb, _ in server.seen) == 3


def test_a_server_that_gives_smaller_pages_is_read_to_the_end(netbox: NetBox, server: Server) -> None:
    make(netbox, 7)
    server.most = 2

    assert len(list(netbox.records(SITES))) == 7


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_netbox_is_asked_again_even_to_write(netbox: NetBox, server: Server, status: int) -> None:
    server.trouble = [(status, {"Retry-After": "1"}, b"")] * 2

    make(netbox, 1)

    assert [verb for verb, _ in server.seen] == ["POST"] * 3
    assert len(list(netbox.records(SITES))) == 1


def test_a_wait_that_a_server_asks_for_is_bounded(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    server.trouble = [(429, {"Retry-After": "86400"}, b"")]

    make(NetBox(server.url, TOKEN), 1)

    assert waits == [30]


def test_a_netbox_that_stays_busy_is_given_up(netbox: NetBox, server: Server) -> None:
    server.trouble = [(503, {}, b"")] * 20

    with pytest.raises(CouldNotFinish, match=r"NetBox fails at dcim\.site: 503"):
        list(netbox.records(SITES))

    assert len(server.seen) == 6


def test_a_write_that_may_have_been_done_is_not_repeated(netbox: NetBox, server: Server) -> None:
    server.trouble = [(502, {}, b"")]

    with pytest.raises(CouldNotFinish, match="502"):
        make(netbox, 1)

    assert len(server.seen) == 1


def test_a_read_that_broke_is_repeated(netbox: NetBox, server: Server) -> None:
    server.trouble = [(502, {}, b"")]

    assert list(netbox.records(SITES)) == []


def test_a_wrong_token_is_said(server: Server) -> None:
    with pytest.raises(BadInput, match=r"NetBox refuses its version: Invalid v2 token") as refused:
        NetBox(server.url, "nbt_wrong.wrong").version()

    assert "wrong.wrong" not in str(refused.value)


def test_a_401_is_said(netbox: NetBox, server: Server) -> None:
    server.trouble = [(401, JSON, b'{"detail": "Token expired"}')]

    with pytest.raises(BadInput, match="does not accept the token: Token expired"):
        netbox.version()


def test_what_an_older_netbox_does_not_have_is_named(netbox: NetBox, server: Server) -> None:
    server.trouble = [(404, JSON, b'{"detail": "Not found."}')]

    with pytest.raises(CouldNotFinish, match=r"NetBox has no dcim\.macaddress \(404\)"):
        list(netbox.records(KINDS["dcim.macaddress"]))


@pytest.mark.parametrize("body", [b"<html>", b'{"count": 1, "results": [7]}', b'"fine"'])
def test_what_is_not_netbox_is_not_taken_for_it(netbox: NetBox, server: Server, body: bytes) -> None:
    server.trouble = [(200, JSON, body)] * 2

    with pytest.raises(CouldNotFinish, match="answer"):
        list(netbox.records(SITES))
    with pytest.raises(CouldNotFinish):
        netbox.version()


def test_an_answer_of_another_shape_names_object_and_field(netbox: NetBox, server: Server) -> None:
    server.trouble = [(200, JSON, b'{"count": 1, "results": [{"id": 7, "name": "x"}]}')]

    with pytest.raises(CouldNotFinish, match=r"answer for extras\.tag number 7 has no usable field 'slug'"):
        snapshot(netbox, lambda _: None)


def test_a_refusal_says_why_field_by_field(netbox: NetBox) -> None:
    make(netbox, 1)

    with pytest.raises(RefusedError, match=r"slug: dcim\.site with this slug already exists"):
        netbox.create(SITES, [{"name": "other", "slug": "s0"}])


def test_a_closed_port_is_said() -> None:
    closed = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    closed.server_close()

    with pytest.raises(CouldNotFinish, match="NetBox cannot be reached"):
        NetBox(f"http://127.0.0.1:{closed.server_address[1]}", TOKEN).version()


@pytest.mark.parametrize("url", ["http://netbox.edu.example", "netbox.edu.example", "ftp://127.0.0.1", "https://"])
def test_an_address_that_would_leak_the_token_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match=r"NetBox|unencrypted"):
        NetBox(url, TOKEN)


def test_a_redirect_is_not_followed_with_the_token(netbox: NetBox, server: Server) -> None:
    server.trouble = [(302, {"Location": "http://localhost:1/"}, b"")]

    with pytest.raises(CouldNotFinish, match="redirects to another address"):
        netbox.version()


def test_a_netrc_file_does_not_replace_the_token(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))

    assert NetBox(server.url, TOKEN).version() == "4.7.3"


def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_READ", 0.05)
    monkeypatch.setattr("time.sleep", lambda _: None)
    hold = threading.Event()

    class Silent(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hold.wait(10)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Silent) as silent:
        thread = threading.Thread(target=silent.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        with pytest.raises(CouldNotFinish, match=r"cannot be reached: .*[Rr]ead timed out"):
            NetBox(f"http://127.0.0.1:{silent.server_address[1]}", TOKEN).version()
        hold.set()
        silent.shutdown()
        thread.join()
