# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""A real SSH server, for the tools that connect to what an emitter says."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

import inventories
from inventories.loader import load
from inventories.model import Host, Inventory, SshAccess

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")


@pytest.fixture(scope="session")
def reference() -> Inventory:
    """The reference authority."""
    return load(Path(inventories.__file__).parent / "reference")


@pytest.fixture
def here(reference: Inventory, tmp_path: Path) -> Iterator[Host]:
    """A host of the reference authority that is this machine: with a real sshd on the loopback."""
    if SSHD is None:
        pytest.skip("needs sshd")
    for key in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / key], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    (tmp_path / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {tmp_path}/host\nAuthorizedKeysFile {tmp_path}/user.pub\n"
        "StrictModes no\nUsePAM no\nPidFile none\n",
        encoding="utf-8",
    )
    host_key = (tmp_path / "host.pub").read_text(encoding="utf-8")
    (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}", encoding="utf-8")
    log = tmp_path / "sshd.log"
    sshd = subprocess.Popen([SSHD, "-D", "-E", log, "-f", tmp_path / "sshd_config"])
    try:
        _wait(sshd, port, log)
        access = SshAccess(
            user=getpass.getuser(), port=port, identity_file=tmp_path / "user", known_hosts=tmp_path / "known_hosts"
        )
        yield reference.hosts[0].model_copy(update={"address": IPv4Address("127.0.0.1"), "ssh": access})
    finally:
        sshd.terminate()
        sshd.wait()


def _wait(sshd: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(100):
        if sshd.poll() is not None:
            pytest.fail(f"sshd does not start: {log.read_text(encoding='utf-8')}")
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("sshd does not listen after 10 s")
