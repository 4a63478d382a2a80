# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A stand-in for NetBox on the loopback: pages, tokens, all-or-none batches, and trouble on demand."""

import copy
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from inventories.netbox.objects import KINDS, Kind
from tests.inventories.netbox.store import RefusedError, Store, Values

TOKEN = "nbt_0123456789ab.0123456789abcdefghijABCDEFGHIJ0123456789"  # noqa: S105 - of the stand-in

_ENDPOINTS = {f"/api/{kind.endpoint}/": kind for kind in KINDS.values()}


class Server(ThreadingHTTPServer):
    """The stand-in on a free port of the loopback; ``trouble`` is answered before anything else, one a request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = Store()
        self.trouble: list[tuple[int, dict[str, str], bytes]] = []
        self.seen: list[tuple[str, str]] = []
        self.most = 1000
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - as the library calls them

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        with self.server.lock:
            self.server.seen.append((self.command, self.path))
            if self.server.trouble:
                self._send(*self.server.trouble.pop(0))
                return
            status, answer = self._done(body)
        self._send(
            status, {"Content-Type": "application/json"}, json.dumps(answer).encode() if answer is not None else b""
        )

    def _done(self, body: Any) -> tuple[int, Any]:
        parts = urlsplit(self.path)
        given = self.headers.get("Authorization")
        if given is None:
            return 403, {"detail": "Authentication credentials were not provided."}
        if given != f"Bearer {TOKEN}":
            return 403, {"detail": "Invalid v2 token"}
        if parts.path == "/api/status/":
            return 200, {"netbox-version": "4.7.3"}
        kind = _ENDPOINTS.get(parts.path)
        if kind is None:
            return 404, {"detail": "Not found."}
        if self.command == "GET":
            return 200, self._page(kind, {name: values[0] for name, values in parse_qs(parts.query).items()})
        before = copy.deepcopy(self.server.store.objects)
        try:
            return self._written(kind, body)
        except _BulkError as problem:
            self.server.store.objects = before
            return problem.status, problem.answer

    def _page(self, kind: Kind, query: Mapping[str, str]) -> Values:
        store = self.server.store
        limit, offset = min(int(query.get("limit", 50)), self.server.most), int(query.get("offset", 0))
        numbers = sorted(store.objects[kind.id])
        more = f"{self.server.url}{urlsplit(self.path).path}?limit={limit}&offset={offset + limit}"
        return {
            "count": len(numbers),
            "next": more if offset + limit < len(numbers) else None,
            "previous": None,
            "results": [store.answer(kind, number) for number in numbers[offset : offset + limit]],
        }

    def _written(self, kind: Kind, bodies: list[Values]) -> tuple[int, Any]:
        store, errors, made, status = self.server.store, [], [], 400
        for index, body in enumerate(bodies):
            try:
                if self.command == "POST":
                    made.append(store.create(kind, body))
                elif self.command == "PATCH":
                    store.update(kind, body["id"], {name: value for name, value in body.items() if name != "id"})
                    made.append(body["id"])
                else:
                    store.delete(kind, body["id"])
            except RefusedError as problem:
                which = {"index": index} if self.command == "POST" else {"id": body["id"]}
                errors.append({**which, "errors": problem.errors})
                status = problem.status
        if errors:
            raise _BulkError(
                status, {"detail": f"{len(errors)} of {len(bodies)} objects could not be done.", "errors": errors}
            )
        if self.command == "DELETE":
            return 204, None
        return 201 if self.command == "POST" else 200, [store.answer(kind, number) for number in made]

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _BulkError(Exception):
    def __init__(self, status: int, answer: Values) -> None:
        super().__init__(answer)
        self.status = status
        self.answer = answer
