# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Ctrl-C during an inspection: it ends soon, keeps what it has and says what it has not."""

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.console.program import Program

INVENTORY = """
authority: {{name: {{en: Test, zh: 测试}}}}
region: {{level: province, name: {{en: Test, zh: 测试}}}}
sites: {{here: {{name: {{en: Here, zh: 此处}}, link: satellite}}}}
defaults: {{site: here, platform: debian12, ssh: {{user: nobody, port: {port}, config: ssh_config}}}}
hosts:
  silent-1: {{address: 127.0.0.1}}
  silent-2: {{address: 127.0.0.2}}
"""


@contextmanager
def silence() -> Iterator[socket.socket]:
    """Yield a server that takes connections and never says anything."""
    with socket.create_server(("0.0.0.0", 0)) as server:  # noqa: S104 - several loopback addresses
        server.settimeout(60)
        yield server


def inventory(directory: Path, port: int) -> Path:
    directory.mkdir()
    (directory / "all.yml").write_text(INVENTORY.format(port=port), encoding="utf-8")
    (directory / "ssh_config").write_text("", encoding="utf-8")
    return directory


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_reports_what_it_has(edufleet: Program, word: signal.Signals) -> None:
    with silence() as server:
        directory = inventory(edufleet.home / "inventory", server.getsockname()[1])
        process = edufleet.start("inspect", "-i", str(directory), "--concurrency", "1", "--out", str(edufleet.out))
        with server.accept()[0]:
            process.send_signal(word)
            begun = time.monotonic()
            said, errors = process.communicate(timeout=30)
    assert time.monotonic() - begun < 20
    assert process.returncode == 3, errors
    assert "Traceback" not in errors
    document = edufleet.inspection()
    assert document.interrupted
    assert document.summary.hosts.interrupted == 2
    assert [host.reach.cause for host in document.hosts] == ["interrupted", "interrupted"]
    assert "silent-1" in said
    assert '"state": "interrupted"' in edufleet.run("history", "list", "--json").stdout
