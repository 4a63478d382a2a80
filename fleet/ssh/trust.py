# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Host keys: strict by default; learning writes a first-seen key to known_hosts and never touches one that changed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

DEFAULT_KNOWN_HOSTS = Path("~/.ssh/known_hosts")


@dataclass(slots=True)
class HostKeys:
    """What to do with a host key that known_hosts does not have: refuse it, or learn it if the host has none."""

    accept_new: bool = False
    learned: list[tuple[str, str]] = field(default_factory=list)
    """(host, fingerprint) of every key accepted, in order."""

    def judge(self, files: Sequence[str], host: str, addr: str, port: int, key: asyncssh.SSHKey) -> str | None:
        """Return None to trust an unlisted key, else ``host_key_changed`` or ``host_key_unknown``."""
        readable = [name for name in files if os.access(name, os.R_OK)]
        listed = asyncssh.match_known_hosts(readable, host, addr, None if port == asyncssh.DEFAULT_PORT else port)
        if any(listed[:3]):  # other host keys, CA keys or revoked keys are on file for this host
            return "host_key_changed"
        if not self.accept_new:
            return "host_key_unknown"
        self._learn(Path(files[0]) if files else DEFAULT_KNOWN_HOSTS.expanduser(), host, port, key)
        return None

    def _learn(self, file: Path, host: str, port: int, key: asyncssh.SSHKey) -> None:
        name = host if port == asyncssh.DEFAULT_PORT else f"[{host}]:{port}"
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("ab") as known_hosts:  # one write in append mode: two inspections do not tear each other's lines
            known_hosts.write(f"{name} ".encode() + key.export_public_key().strip() + b"\n")
        self.learned.append((name, key.get_fingerprint()))
