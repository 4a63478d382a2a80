# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How the SSH client of a host treats other hosts by default: ``ssh -G`` on the system's own configuration alone."""

import re
from typing import Any

from pydantic import ValidationError

from fleet.collector import Collector, UnparsableError
from inventories.base import Frozen, Text

# -G resolves drop-ins, Include and the built-in defaults, and connects to nobody. It does run the commands of
# "Match exec": a configuration that has them is not asked.
QUESTION = r"""
command -v ssh >/dev/null && [ -d /etc/ssh ] || exit 69
for file in /etc/ssh/ssh_config /etc/ssh/ssh_config.d/*.conf; do
[ -r "$file" ] || continue
while read -r word rest; do
case $word in [Mm][Aa][Tt][Cc][Hh]*)
case $word$rest in *[Ee][Xx][Ee][Cc]*) echo "$file has a Match exec, which is not run" >&2; exit 1;; esac;; esac
done <"$file"
done
file=/etc/ssh/ssh_config; [ -r "$file" ] || file=none
ssh -G -F "$file" edufleet.invalid && echo ef_end
"""

_LISTS = frozenset({"ciphers", "macs", "kexalgorithms", "hostkeyalgorithms"})


class SshClient(Frozen):
    """Defaults for connections to any host; None: this version of ssh does not have it."""

    stricthostkeychecking: str
    """``true``, ``ask``, ``accept-new`` or ``false`` (a changed or unknown key is taken)."""
    hashknownhosts: str | None = None
    forwardagent: str | None = None
    forwardx11: str | None = None
    gssapidelegatecredentials: str | None = None
    hostbasedauthentication: str | None = None
    enablesshkeysign: str | None = None
    permitlocalcommand: str | None = None
    userknownhostsfile: str | None = None
    ciphers: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()
    kexalgorithms: tuple[str, ...] = ()
    hostkeyalgorithms: tuple[str, ...] = ()


def parse(text: str) -> SshClient:
    """Read ``ssh -G``."""
    lines = text.splitlines()
    if not lines or lines[-1] != "ef_end":
        raise UnparsableError("ssh -G: the answer is not complete")
    values: dict[str, Any] = {}
    for line in lines[:-1]:
        keyword, _, value = line.partition(" ")
        if not re.fullmatch(r"[A-Za-z0-9]+", keyword, re.ASCII):
            raise UnparsableError(f"ssh -G: cannot make sense of {line[:80]!r}")
        if keyword in SshClient.model_fields:
            values[keyword] = tuple(value.split(",")) if keyword in _LISTS else value
    try:
        return SshClient(**values)
    except ValidationError as problem:
        error = problem.errors()[0]
        raise UnparsableError(f"ssh -G: {'.'.join(map(str, error['loc']))}: {error['msg']}") from None


COLLECTOR = Collector(
    id="ssh_client",
    title=Text(en="SSH client settings", zh="SSH 客户端配置"),
    question=QUESTION,
    parse=parse,
    facts=SshClient,
)
