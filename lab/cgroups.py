# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The control groups of systemd hosts on a machine that is not itself run by systemd."""

from pathlib import Path

from lab.model import Lab

ROOT = Path("/sys/fs/cgroup")


def cgroup(lab: Lab, name: str) -> Path:
    """Return the control group of a host: cgroup v2, alone or beside v1."""
    unified = ROOT / "unified"
    return (unified if unified.is_dir() else ROOT) / f"{lab.prefix}{name}"


def remove_all(lab: Lab) -> None:
    """Take away the lab's control groups, those in them first; systemd-nspawn makes the same ones beside v1's."""
    for parent in (ROOT, ROOT / "unified", ROOT / "systemd"):
        for top in parent.glob(f"{lab.prefix}*"):
            for group in sorted((top, *(path for path in top.rglob("*") if path.is_dir())), reverse=True):
                group.rmdir()
