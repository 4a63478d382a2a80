# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Captures on disk, named by their content: whatever is read back is what was written, or an error."""

import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path

from fleet.capture import Capture, address, from_bytes
from inventories.errors import BadInput, CouldNotFinish

_ADDRESS = re.compile(r"[0-9a-f]{64}")


class CaptureStore:
    """A directory of compressed captures, ``ab/cdef...`` for the capture whose SHA-256 is ``abcdef...``."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, capture: Capture) -> str:
        """Store a capture, readable by its owner alone, and return its address.

        Several may write at once. The name appears only when the content is on the disk, so a kill or a power cut
        leaves the whole capture or none. An existing file is replaced: that mends a damaged one.

        Raises:
            CouldNotFinish: the disk refused.

        """
        stored = capture.to_bytes()
        name = address(stored)
        path = self._path(name)
        try:
            for directory in (self._directory, path.parent):
                directory.mkdir(mode=0o700, exist_ok=True)
            _write(path, stored)
        except OSError as problem:
            raise CouldNotFinish(
                f"cannot store the capture: {problem.strerror}",
                where=str(path),
                hint="check free space and owner of the state directory",
            ) from None
        return name

    def get(self, name: str) -> Capture:
        """Read a capture back by its address.

        Raises:
            BadInput: there is none, or it is damaged.

        """
        return from_bytes(self.stored(name), where=str(self._path(name)))

    def stored(self, name: str) -> bytes:
        """Return the stored bytes of a capture after checking them against their address; errors as :meth:`get`."""
        if not _ADDRESS.fullmatch(name):
            raise BadInput(f"{name!r} is no address of a capture", hint="an address is 64 hexadecimal digits")
        path = self._path(name)
        try:
            stored = path.read_bytes()
        except OSError as problem:
            raise BadInput(
                f"no capture to be read: {problem.strerror}",
                where=str(path),
                hint="restore the file from a backup, or inspect the host again",
            ) from None
        if sha256(stored).hexdigest() != name:
            raise BadInput(
                "the capture is damaged: its content does not match its name",
                where=str(path),
                hint="restore the file from a backup, or delete it and inspect the host again",
            )
        return stored

    def _path(self, name: str) -> Path:
        return self._directory / name[:2] / name[2:]


def _write(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o600)  # whatever the umask is
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
