# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Real servers on loopback, for as long as a block takes."""

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import which
from typing import TypeVar
from urllib.request import Request, urlopen

import pytest

T = TypeVar("T")
_WAIT = 60.0


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip, by name, where a program is missing."""
    missing = [program for program in programs if which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def free_port() -> int:
    """Return a TCP port of loopback that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextlib.contextmanager
def running(argv: Sequence[str], log: Path) -> Iterator[None]:
    """Keep a server running; its output goes to ``log``."""
    with log.open("wb") as file, subprocess.Popen(argv, stdout=file, stderr=file) as server:
        try:
            yield
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def ask(url: str, body: object = None) -> object:
    """Return the JSON that a URL answers; OSError when it does not."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=10) as answer:  # noqa: S310 - http
        said = answer.read()
        return json.loads(said) if said else None


def until(ready: Callable[[], T | None]) -> T:
    """Return what ``ready`` gives as soon as it gives something; it may be refused a connection meanwhile."""
    end = time.monotonic() + _WAIT
    while True:
        with contextlib.suppress(OSError):
            if (found := ready()) is not None:
                return found
        if time.monotonic() > end:
            pytest.fail(f"nothing within {_WAIT:.0f} s")
        time.sleep(0.1)
