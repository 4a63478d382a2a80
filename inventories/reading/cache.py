# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Keeps what loading a large inventory gave, for as long as not a byte of it changes.

Decision 0008 says why this is a pickle, and what is done so that nobody else's pickle is ever read.
"""

import io
import os
import pickle
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from pathlib import Path, PosixPath
from typing import Any, Final, TypeVar

import pydantic

from inventories.base import Frozen
from inventories.garbage import collector_paused
from inventories.reading.files import Tree

T = TypeVar("T", bound=Frozen)

LEAST_BYTES = 250_000
"""Smaller inventories are loaded as quickly as they would be fetched."""
MOST_FILES = 12
MOST_BYTES = 400_000_000

# What a pickle that is none makes of itself.
_UNREADABLE = (pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, LookupError)
_SUFFIX: Final = ".kept"
_put = object.__setattr__
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_PLAIN = {
    (kind.__module__, kind.__name__): kind
    for kind in (
        IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network, PosixPath, date, datetime,
    )
}  # fmt: skip


def key(tree: Tree, today: date) -> str | None:
    """Return what distinguishes this load from any other, None when it is not to be kept.

    That is every file with its path, the names by which messages and paths call the inventory, the day, and the code
    that reads and judges it. What cannot be read wholly, and what is small, is not kept.
    """
    files = [file for folder in tree.folders for file in folder.files]
    if sum(len(file.data) for file in files) < LEAST_BYTES:
        return None
    if tree.findings or any(file.problem is not None for file in files):
        return None
    home = os.path.expanduser("~")  # noqa: PTH111 - as the loader resolves it
    digest = sha256(_code())
    for part in (str(tree.root), str(tree.root.absolute()), home, today.isoformat()):
        _add(digest, os.fsencode(part))
    for folder in tree.folders:
        _add(digest, os.fsencode(folder.path))
        for file in folder.files:
            _add(digest, os.fsencode(file.path))
            _add(digest, file.data)
    return digest.hexdigest()


def fetch(name: str | None, kind: type[T]) -> T | None:
    """Return the ``kind`` that was kept under ``name``, None when there is none that can be trusted."""
    if name is None:
        return None
    try:
        with _directory() as directory, collector_paused():
            data = _read(directory, _file(name, kind))
            if sha256(memoryview(data)[: -sha256().digest_size]).digest() != data[-sha256().digest_size :]:
                return None
            found = _Reader(io.BytesIO(data)).load()
    except (OSError, _UntrustedError, *_UNREADABLE):
        return None
    return found if isinstance(found, kind) else None


def keep(name: str | None, value: Frozen) -> None:
    """Keep ``value`` under ``name``; when that is not possible, it is not kept."""
    if name is None:
        return
    file = io.BytesIO()
    with collector_paused():
        _Writer(file, pickle.HIGHEST_PROTOCOL).dump(value)
    data = file.getbuffer()
    try:
        with _directory() as directory:
            _write(directory, _file(name, type(value)), (data, sha256(data).digest()))
            _prune(directory)
    except (OSError, _UntrustedError):
        return


@contextmanager
def keep_meanwhile(name: str | None, value: Frozen) -> Iterator[None]:
    """Keep ``value`` while the block runs, in a process of its own where that is safe: it takes over a second."""
    try:
        child = os.fork() if name is not None and threading.active_count() == 1 else None
    except OSError:
        child = None
    if child is None:
        yield
        keep(name, value)
        return
    if child == 0:
        try:
            keep(name, value)
        finally:
            # Nothing that the parent has begun is to end twice.
            os._exit(0)
    try:
        yield
    finally:
        os.waitpid(child, 0)


def _add(digest: Any, part: bytes) -> None:  # noqa: ANN401 - hashlib's own type has no name
    digest.update(b"%d:" % len(part))
    digest.update(part)


@cache
def _code() -> bytes:
    """Return a digest of the code and tables of this package, and of what they run on."""
    digest = sha256(f"{sys.version} {pydantic.VERSION}".encode())
    for here, below, names in os.walk(Path(__file__).parent.parent):
        below[:] = sorted(name for name in below if Path(here, name, "__init__.py").exists())
        for name in sorted(names):
            if name.endswith((".py", ".yml")):
                _add(digest, name.encode())
                _add(digest, Path(here, name).read_bytes())
    return digest.digest()


class _UntrustedError(Exception):
    """Somebody else may have written what lies in the cache."""


@contextmanager
def _directory() -> Iterator[int]:
    """Open the cache directory, and make it when there is none; raises _UntrustedError and OSError."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        path = (given if given.is_absolute() else Path.home() / ".cache") / "edufleet"
    except RuntimeError as problem:
        raise _UntrustedError from problem
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _require_own(os.fstat(directory))
        yield directory
    finally:
        os.close(directory)


def _require_own(status: os.stat_result) -> None:
    if status.st_uid != os.geteuid() or status.st_mode & _OTHERS_MAY_WRITE:
        raise _UntrustedError


def _file(name: str, kind: type[Frozen]) -> str:
    return f"{name}-{kind.__name__.lower()}{_SUFFIX}"


def _read(directory: int, name: str) -> bytes:
    file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    with os.fdopen(file, "rb") as stream:
        status = os.fstat(file)
        _require_own(status)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            raise _UntrustedError
        data = stream.read()
    os.utime(name, dir_fd=directory, follow_symlinks=False)
    return data


def _write(directory: int, name: str, parts: tuple[memoryview, bytes]) -> None:
    """Write a file that is there as a whole or not at all."""
    if sum(map(len, parts)) > MOST_BYTES:
        return
    unfinished = f".{os.getpid()}-{name}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(unfinished, flags, 0o600, dir_fd=directory), "wb") as stream:
            stream.writelines(parts)
        os.replace(unfinished, name, src_dir_fd=directory, dst_dir_fd=directory)
    except OSError:
        os.unlink(unfinished, dir_fd=directory)
        raise


def _prune(directory: int) -> None:
    """Remove what was not used for longest, so that number and size stay within their bounds."""
    with os.scandir(directory) as entries:
        kept = [(entry.stat(follow_symlinks=False), entry.name) for entry in entries if entry.name.endswith(_SUFFIX)]
    kept.sort(key=lambda one: one[0].st_mtime_ns, reverse=True)
    total = 0
    for number, (status, name) in enumerate(kept, 1):
        total += status.st_size
        if number > MOST_FILES or total > MOST_BYTES:
            os.unlink(name, dir_fd=directory)


class _Writer(pickle.Pickler):
    """Writes models as what differs from the first one of their kind, and addresses as numbers."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - as its base
        super().__init__(*arguments)
        self.first: dict[type[Frozen], dict[str, object]] = {}
        self.sets: dict[frozenset[str], set[str]] = {}

    def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401 - as its base
        if isinstance(obj, Frozen):
            kind = type(obj)
            values, fields = vars(obj), obj.model_fields_set
            first = self.first.setdefault(kind, values)
            fields = self.sets.setdefault(frozenset(fields), fields)
            # Equal is not enough: 1 equals True. Texts and what is one and the same are most of what recurs.
            own = {
                name: value
                for name, value in values.items()
                if value is not (other := first[name]) and not (type(value) is type(other) is str and value == other)
            }
            return _restored, (kind, first, own, fields)
        if isinstance(obj, IPv4Address | IPv6Address) and type(obj) in {IPv4Address, IPv6Address}:
            return type(obj), (int(obj),)
        if isinstance(obj, IPv4Network | IPv6Network):
            return type(obj), ((int(obj.network_address), obj.prefixlen),)
        return NotImplemented


class _Reader(pickle.Unpickler):
    """Makes models, addresses, dates and paths, and calls nothing else."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as its base
        if (module, name) == (_restored.__module__, _restored.__name__):
            return _restored
        if (module, name) in _PLAIN:
            return _PLAIN[module, name]
        found = getattr(sys.modules.get(module), name, None)
        if isinstance(found, type) and issubclass(found, Frozen):
            return found
        raise pickle.UnpicklingError


def _restored(kind: type[Frozen], first: dict[str, object], own: dict[str, object], fields: set[str]) -> Frozen:
    """Return the model again, without validating it another time."""
    model = kind.__new__(kind)
    _put(model, "__dict__", first | own)
    _put(model, "__pydantic_fields_set__", fields)
    _put(model, "__pydantic_extra__", None)
    _put(model, "__pydantic_private__", None)
    return model
