# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Host keys: strict by default; learning writes a first-seen key to known_hosts and never touches one that changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import asyncssh

from inventories.errors import BadInput

Refusal = Literal["host_key_unknown", "host_key_changed"]


@dataclass(slots=True)
class HostKeys:
    """What to do with a host key that known_hosts does not have: refuse it, or learn it if the host has none."""

    accept_new: bool = False
    learned: list[tuple[str, str]] = field(default_factory=list)
    """(host, fingerprint) of every key accepted, in order."""
    _known: dict[tuple[str, ...], asyncssh.SSHKnownHosts] = field(default_factory=dict)

    def known(self, files: Sequence[str]) -> asyncssh.SSHKnownHosts:
        """Return what ``files`` hold, read once per pass; a file that does not exist holds nothing.

        Raises:
            BadInput: a file cannot be read, or is no known_hosts file.

        """
        if tuple(files) not in self._known:
            known = asyncssh.SSHKnownHosts()
            for name in files:
                try:
                    known.load(Path(name).read_text(encoding="utf-8"))
                except FileNotFoundError:
                    continue
                except (OSError, ValueError) as problem:
                    raise BadInput(f"the known host keys cannot be read: {problem}", where=name) from None
            self._known[tuple(files)] = known
        return self._known[tuple(files)]

    def lists(self, files: Sequence[str], host: str, addr: str, port: int) -> bool:
        """Tell whether any key is on file for the host: of its own, of an authority, or a revoked one."""
        matches = self.known(files).match(host, addr, None if port == asyncssh.DEFAULT_PORT else port)
        return any(matches[:3])

    def judge(self, files: Sequence[str], host: str, addr: str, port: int, key: asyncssh.SSHKey) -> Refusal | None:
        """Return None to trust a key that is not on file: one that is learned by that, in the first of ``files``."""
        if self.lists(files, host, addr, port):
            return "host_key_changed"
        if not self.accept_new:
            return "host_key_unknown"
        self._learn(files, host, port, key)
        return None

    def _learn(self, files: Sequence[str], host: str, port: int, key: asyncssh.SSHKey) -> None:
        name = host if port == asyncssh.DEFAULT_PORT else f"[{host}]:{port}"
        line = f"{name} {key.export_public_key().decode('ascii').strip()}\n"
        file = Path(files[0])
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with file.open("a", encoding="ascii") as known_hosts:  # one write: two inspections tear no lines
                known_hosts.write(line)
        except OSError as problem:
            raise BadInput(f"the key of {name} cannot be learned: {problem}", where=str(file)) from None
        self.known(files).load(line)
        self.learned.append((name, key.get_fingerprint()))
