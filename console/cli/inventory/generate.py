# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory generate``: makes up a province of any size, to try things on."""

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from console.cli.common import JsonFlag, counted, emit, err, out
from inventories.base import Frozen
from inventories.errors import BadInput, CouldNotFinish
from inventories.generate.files import files
from inventories.generate.plan import Size
from inventories.generate.province import File


class Generated(Frozen):
    """What ``inventory generate --json`` prints."""

    directory: Path
    files: int


def command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A directory that is empty or not there yet.")],
    sites: Annotated[int, typer.Option(help="Number of sites, at least 3.")] = 7200,
    hosts: Annotated[
        int | None, typer.Option(help="Number of hosts, at least 4; usual for the sites if left out.")
    ] = None,
    devices: Annotated[int | None, typer.Option(help="Number of devices; usual for the sites if left out.")] = None,
    seed: Annotated[int, typer.Option(help="Another number gives another province, the same one the same.")] = 1,
    as_json: JsonFlag = False,
) -> None:
    """Make up a province with cities, counties and schools, in files such as a person would write.

    For example: edufleet inventory generate big --sites 7200 --hosts 10000 --devices 50000
    """
    size = Size.of(sites, hosts, devices)
    made = files(size, seed)
    number = _write(directory, made, size)
    if as_json:
        emit(Generated(directory=directory, files=number))
    else:
        shown = ((size.sites, "site"), (size.hosts, "host"), (size.devices, "device"))
        said = ", ".join(counted(count, what) for count, what in shown)
        out.print(f"{directory}: {said} in {counted(number, 'file')}", soft_wrap=True)


def _write(directory: Path, made: Iterable[File], size: Size) -> int:
    """Write the files below ``directory``, which is empty or made now, and return their number."""
    number = 0
    below: set[Path] = set()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise BadInput("is not empty", where=str(directory), hint="name a new directory")
        # A school has a file for itself and one for its assets.
        for name, text in track(
            made, "writing", total=2 * size.sites, console=err, transient=True, disable=not err.is_terminal
        ):
            path = directory / name
            if path.parent not in below:
                path.parent.mkdir(parents=True, exist_ok=True)
                below.add(path.parent)
            path.write_bytes(text.encode())
            number += 1
    except OSError as problem:
        if problem.errno in {errno.ENOTDIR, errno.EEXIST}:
            raise BadInput("is not a directory", where=str(directory)) from problem
        raise CouldNotFinish(f"cannot be written: {problem.strerror}", where=str(directory)) from problem
    return number
