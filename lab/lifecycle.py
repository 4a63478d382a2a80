# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Brings a lab up and takes it away, whatever state the last attempt left it in."""

import shutil
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from inventories.errors import BadInput
from lab import access, cgroups, hosts, image, network, processes
from lab.model import HostStatus, Lab, LabState, LabStatus, Teller
from lab.roster import Roster
from lab.tools import locked, require_root, require_tools


def up(lab: Lab, roster: Roster, teller: Teller) -> bool:
    """Bring up exactly the hosts of ``roster``; return False when they are all up already.

    Whatever else is found of a lab is cleaned up first, and a lab that does not come up is taken away again. Raises
    BadInput for flavours that do not exist, CouldNotFinish for all else.
    """
    require_root()
    require_tools()
    hosts.check_flavours(roster.hosts)
    with locked(lab.lock):
        base = image.ensure(lab.cache, teller)
        state = LabState(ready=False, made_of=_digest(base, roster), hosts=roster.hosts)
        if read(lab) == state.model_copy(update={"ready": True}) and _runs(lab, state):
            return False
        _remove(lab)
        network.check_free(lab)
        try:
            _create(lab, base, state, roster, teller)
        except BaseException:  # Ctrl-C too: nothing half-made shall stay
            teller.step("taking away what was made")
            _remove(lab)
            raise
    return True


def down(lab: Lab) -> None:
    """Take the lab away; fine when there is none."""
    require_root()
    with locked(lab.lock):
        _remove(lab)


def purge(lab: Lab) -> None:
    """Take away the lab and the root file systems kept for the next one."""
    down(lab)
    if lab.cache.exists():
        with locked(lab.cache / "lock"):
            shutil.rmtree(lab.cache)


def status(lab: Lab) -> LabStatus:
    """Return the lab as it is; with no lab, one that is not up and has no hosts."""
    require_root()
    state = read(lab)
    inits = processes.inits(lab)
    return LabStatus(
        up=state is not None and state.ready and _runs(lab, state),
        inventory=lab.inventory,
        ssh_config=lab.ssh_config,
        hosts=tuple(
            HostStatus(
                name=host.name,
                address=host.address,
                boot=host.boot,
                running=host.name in inits,
                answers=network.exists(lab) and hosts.answers(host.address),
                fault=lab.fault(host.name).read_text(encoding="utf-8") if lab.fault(host.name).exists() else None,
            )
            for host in (state.hosts if state else ())
        ),
    )


def read(lab: Lab) -> LabState | None:
    """Return what is written down about the lab; None when there is none, or nothing that makes sense."""
    try:
        return LabState.model_validate_json(lab.state.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None


def enter(lab: Lab, name: str) -> tuple[str, ...]:
    """Return the command prefix that runs a command as root inside the host; BadInput when it does not run."""
    require_root()
    init = processes.inits(lab).get(name)
    if init is None:
        running = ", ".join(sorted(processes.inits(lab))) or "none: edufleet lab up starts them"
        raise BadInput(f"no lab host {name!r} is running", hint=f"running: {running}")
    return hosts.inside(init)


def _create(lab: Lab, base: Path, state: LabState, roster: Roster, teller: Teller) -> None:
    lab.dir.mkdir(parents=True, mode=0o700)
    _write(lab, state)
    teller.step(f"booting {len(state.hosts)} hosts on {lab.network}")
    for host in state.hosts:
        lab.host_dir(host.name).mkdir(parents=True)
    roster.write(lab)
    access.prepare(lab, state.hosts)
    network.create(lab, state.hosts)
    hosts.boot_all(lab, base, state.hosts, teller)
    _write(lab, state.model_copy(update={"ready": True}))


def _remove(lab: Lab) -> None:
    """Take away all there is of the lab: found by name, not by record, as the record may be missing."""
    processes.kill_all(lab)
    network.remove(lab)
    cgroups.remove_all(lab)
    if lab.dir.exists():
        shutil.rmtree(lab.dir)


def _runs(lab: Lab, state: LabState) -> bool:
    return network.exists(lab) and {host.name for host in state.hosts} <= processes.inits(lab).keys()


def _digest(base: Path, roster: Roster) -> str:
    hasher = sha256(base.name.encode())
    for folder, pattern in ((hosts.ROOM, "boot.sh"), (hosts.FLAVOURS, "*.sh"), (roster.source, "**/*.y*ml")):
        for path in sorted(folder.glob(pattern)):
            hasher.update(path.name.encode() + path.read_bytes())
    return hasher.hexdigest()


def _write(lab: Lab, state: LabState) -> None:
    draft = lab.state.with_suffix(".draft")
    draft.write_text(state.model_dump_json(indent=2), encoding="utf-8")
    draft.replace(lab.state)
