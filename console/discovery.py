# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventory over HTTP for Prometheus' ``http_sd``: always the newest state that is valid."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from inventories.base import Frozen
from inventories.emitter import Files
from inventories.emitters import prometheus
from inventories.errors import EdufleetError
from inventories.loader import load
from inventories.reading.files import SUFFIXES
from inventories.select import select_assets

Seen = tuple[tuple[str, int, int], ...]
"""The files of an inventory: path, time of the last change in ns, size in bytes."""


class Health(Frozen):
    """What ``/healthz`` says; ``problem`` is why the answers are not those of the files as they are now."""

    fresh: bool
    loaded: datetime
    problem: str | None


@dataclass(frozen=True, slots=True)
class _State:
    """The files for Prometheus, when they were made, what was last seen of the inventory, and what is wrong with it."""

    files: Files
    loaded: datetime
    seen: Seen
    problem: str | None = None


class Discovery:
    """The targets of an inventory, made anew when its files change; an invalid change leaves them as they are.

    ``tell`` is called with a line for people whenever there was a change. Raises BadInput when the inventory cannot be
    used to begin with.
    """

    def __init__(self, directory: Path, limit: str | None, tell: Callable[[str], None]) -> None:
        self._directory = directory
        self._limit = limit
        self._tell = tell
        self._lock = threading.Lock()
        self._state = self._made(_seen(directory))

    def files(self) -> Files:
        """Return what is served, by file name."""
        return self._current().files

    def health(self) -> Health:
        """Tell whether what is served is what the files say now."""
        state = self._current()
        return Health(fresh=state.problem is None, loaded=state.loaded, problem=state.problem)

    def _current(self) -> _State:
        with self._lock:
            # Looked at before it is read: a change meanwhile is seen the next time.
            seen = _seen(self._directory)
            if seen != self._state.seen:
                try:
                    self._state = self._made(seen)
                    self._tell("the inventory changed and was read again")
                except EdufleetError as problem:
                    self._state = replace(self._state, seen=seen, problem=str(problem))
                    self._tell(f"the inventory changed and cannot be used, the last answers stay:\n{problem}")
            return self._state

    def _made(self, seen: Seen) -> _State:
        inventory = load(self._directory)
        files = prometheus.EMITTER.emit(inventory, select_assets(inventory, self._limit))
        return _State(files, datetime.now(UTC), seen)


def application(discovery: Discovery) -> Starlette:
    """Return the web application: ``GET /prometheus/{job}`` and ``GET /healthz``."""

    # Plain functions: they wait for the disk, so Starlette runs them in threads.
    def targets(request: Request) -> Response:
        files = discovery.files()
        job = f"{request.path_params['job']}.json"
        if job not in files:
            jobs = ", ".join(name.removesuffix(".json") for name in files)
            return PlainTextResponse(f"no such job; there are: {jobs}\n", status_code=404)
        return Response(files[job], media_type="application/json")

    def healthz(_: Request) -> Response:
        health = discovery.health()
        body = health.model_dump_json(indent=2) + "\n"
        return Response(body, status_code=200 if health.fresh else 503, media_type="application/json")

    return Starlette(routes=[Route("/prometheus/{job}", targets), Route("/healthz", healthz)])


def _seen(directory: Path) -> Seen:
    return tuple(sorted(_files(directory)))


def _files(directory: Path) -> Iterator[tuple[str, int, int]]:
    for here, _, names in os.walk(directory):
        for name in names:
            if name.endswith(SUFFIXES):
                path = Path(here, name)
                try:
                    status = path.stat()
                except OSError:
                    continue  # gone, or not to be read: reading the inventory says so
                yield str(path), status.st_mtime_ns, status.st_size
