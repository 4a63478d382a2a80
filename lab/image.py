# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Builds the root file system all lab hosts share, once per recipe, with mmdebstrap."""

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from inventories.errors import CouldNotFinish
from lab.model import Teller
from lab.tools import locked, run

SUITE = "bookworm"
PACKAGES = (
    "auditd",
    "busybox-static",  # the plain package lacks telnetd
    "ca-certificates",
    "chrony",
    "cron",
    "dbus",
    "iproute2",
    "kmod",
    "libpam-pwquality",
    "logrotate",
    "netbase",  # names of protocols, for nft
    "nftables",
    "openssh-server",
    "openssl",
    "procps",
    "python3",
    "rsyslog",
    "sudo",
    "systemd",
    "systemd-sysv",
)
OPTIONS = (
    "--variant=minbase",
    "--aptopt=APT::Install-Recommends false",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/info/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    f"--include={','.join(PACKAGES)}",
)
RECIPE = Path(__file__).with_name("image.sh")


def ensure(cache: Path, teller: Teller) -> Path:
    """Return the root file system of the present recipe, building it first when ``cache`` does not hold it.

    A build ends with a rename, so what has the final name is complete. Builders wait for each other.
    """
    recipe = "\0".join((SUITE, *OPTIONS, RECIPE.read_text(encoding="utf-8")))
    image = cache / f"rootfs-{sha256(recipe.encode()).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "lock"):
        if not image.is_dir():
            draft = image.with_suffix(".building")
            if draft.exists():
                shutil.rmtree(draft)
            _build(draft, teller)
            draft.rename(image)
    return image


def _build(target: Path, teller: Teller) -> None:
    teller.step("building the root file system of the lab's hosts (once; about a minute)")
    hook = f'--customize-hook=chroot "$1" /bin/sh -eu <"{RECIPE}"'
    command = ("mmdebstrap", *OPTIONS, hook, SUITE, str(target), *_mirrors())
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as build:
        lines: list[str] = []
        for line in build.stderr or ():
            lines.append(line.rstrip())
            if line.startswith("I: ") and "hook" not in line:
                teller.step(line[3:].rstrip())
    if build.returncode:
        raise CouldNotFinish(
            "mmdebstrap could not build the root file system:\n" + "\n".join(lines[-12:]),
            hint="look at the packages' sources of this machine (apt-get update), then try again",
        )


def _mirrors() -> tuple[str, ...]:
    """Return the machine's own apt sources for the suite, as sources.list lines.

    Left to itself mmdebstrap takes Debian's public mirror, whatever the machine uses; that is right only for a machine
    with no sources for this suite.
    """
    wanted = {SUITE, f"{SUITE}-updates", f"{SUITE}-security"}
    layout = "$(RELEASE) $(REPO_URI) $(COMPONENT)"
    targets = run(["apt-get", "indextargets", "--format", layout, "Created-By: Packages", "Origin: Debian"])
    sources = (line.split() for line in targets.splitlines())
    return tuple(f"deb {uri} {release} {component}" for release, uri, component in sources if release in wanted)
