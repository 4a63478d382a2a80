# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How one gets into a lab: its key pair, the hosts' keys, known_hosts and ssh_config."""

import os
from collections.abc import Sequence
from pathlib import Path

from lab.model import Lab, LabHost

USER = "inspector"


def prepare(lab: Lab, hosts: Sequence[LabHost]) -> None:
    """Write fresh keys for the lab and each of ``hosts``, and the files that let ssh(1) reach them strictly checked."""
    import asyncssh  # noqa: PLC0415 - a tenth of a second that no other command need pay

    key = asyncssh.generate_private_key("ssh-ed25519", comment="edufleet lab")
    _private(lab.key, key.export_private_key())
    lab.key.with_suffix(".pub").write_bytes(key.export_public_key())
    known = []
    for host in hosts:
        host_key = asyncssh.generate_private_key("ssh-ed25519", comment=host.name)
        _private(lab.host_dir(host.name) / "ssh_host_ed25519_key", host_key.export_private_key())
        known.append(f"{host.name},{host.address} {host_key.export_public_key().decode().strip()}\n")
    lab.known_hosts.write_text("".join(known), encoding="utf-8")
    lab.ssh_config.write_text(_ssh_config(lab, hosts), encoding="utf-8")


def _ssh_config(lab: Lab, hosts: Sequence[LabHost]) -> str:
    pattern = ".".join(str(lab.network.network_address).split(".")[: lab.network.prefixlen // 8]) + ".*"
    lines = [f"Host {pattern} {' '.join(host.name for host in hosts)}"]
    lines += [f"  User {USER}", f"  IdentityFile {lab.key}", "  IdentitiesOnly yes"]
    lines += [f"  UserKnownHostsFile {lab.known_hosts}", "  StrictHostKeyChecking yes"]
    for host in hosts:
        lines += [f"Host {host.name}", f"  HostName {host.address}"]
    return "\n".join(lines) + "\n"


def _private(path: Path, content: bytes) -> None:
    """Write a file nobody but its owner was able to read at any time."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
