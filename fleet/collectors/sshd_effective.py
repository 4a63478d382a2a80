# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the SSH server really does: ``sshd -T`` with the running server's own options, and what Match blocks change."""

import re
from typing import Any

from pydantic import ValidationError

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

# The running server's -o and -f options count as well (RHEL 8 hands it the crypto policy that way): its process title
# has them. `sshd -T` resolves Include, drop-ins and duplicates, but no Match block: what those set is listed beside.
QUESTION = """\
command -v sshd >/dev/null || exit 69
[ -d /run/sshd ] || [ -d /var/empty/sshd ] || [ -d /usr/share/empty.sshd ] || [ -d /var/empty ] || {
echo 'sshd cannot run: its privilege separation directory is missing' >&2; exit 69; }
set -f; title=; options=; option=
[ -r /run/sshd.pid ] && read -r pid </run/sshd.pid && [ -r "/proc/$pid/cmdline" ] && read -r title <"/proc/$pid/cmdline"
case $title in sshd:*|*/sshd*)
for word in $title; do
if [ -n "$option" ]; then options="$options $option$word"; option=; continue; fi
case $word in -o|-f) option=$word;; -o?*|-f?*) options="$options $word";; '[listener]') break;; esac
done;; esac
sshd -T $options || exit
set +f
echo 'ef_match'
set -- /etc/ssh/sshd_config
for file in /etc/ssh/sshd_config.d/*.conf; do [ -f "$file" ] && set -- "$@" "$file"; done
[ -f "$1" ] && awk 'FNR == 1 { inside = 0 }
tolower($1) == "match" { inside = 1 }
inside || tolower($1) == "include"' "$@"
exit 0
"""

_SETTING = re.compile(r"\s*(?P<keyword>\w+)(?:\s*=\s*|\s+)(?P<value>.*)", re.ASCII)
_LISTS = frozenset(
    {"ciphers", "macs", "kexalgorithms", "hostkeyalgorithms", "pubkeyacceptedalgorithms", "casignaturealgorithms"}
)
_REPEATED = frozenset(
    {"port", "listenaddress", "allowusers", "allowgroups", "denyusers", "denygroups", "acceptenv", "authorizedkeysfile"}
)
_RENAMED = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
}
"""Names before OpenSSH 8.7."""


class MatchSetting(Frozen):
    """One setting inside a Match block: it overrides the global one for those who meet the criteria."""

    criteria: str
    keyword: str
    """Lower case."""
    value: str


class SshdEffective(Frozen):
    """The server's settings outside Match blocks; None: this version of sshd does not have it."""

    port: tuple[Count, ...]
    listenaddress: tuple[str, ...] = ()
    permitrootlogin: str
    """``yes``, ``no``, ``without-password`` (as sshd prints prohibit-password) or ``forced-commands-only``."""
    passwordauthentication: str
    kbdinteractiveauthentication: str | None = None
    pubkeyauthentication: str | None = None
    hostbasedauthentication: str | None = None
    gssapiauthentication: str | None = None
    kerberosauthentication: str | None = None
    authenticationmethods: str | None = None
    """Space-separated alternatives of comma-separated methods; ``any``: one method suffices."""
    permitemptypasswords: str
    permituserenvironment: str | None = None
    permituserrc: str | None = None
    acceptenv: tuple[str, ...] = ()
    """Variables, as patterns, that a client may set."""
    authorizedkeysfile: tuple[str, ...] = ()
    """Where keys are looked for: paths, or relative to the home directory; ``%u`` and ``%h`` stand for the user's."""
    authorizedkeyscommand: str | None = None
    """Program that is asked for keys, or ``none``."""
    authorizedkeyscommanduser: str | None = None
    trustedusercakeys: str | None = None
    """File of authorities whose certificates let users in, or ``none``."""
    revokedkeys: str | None = None
    permittunnel: str | None = None
    ignorerhosts: str | None = None
    strictmodes: str | None = None
    usepam: str | None = None
    usedns: str | None = None
    compression: str | None = None
    gatewayports: str | None = None
    x11forwarding: str | None = None
    allowtcpforwarding: str | None = None
    allowagentforwarding: str | None = None
    allowstreamlocalforwarding: str | None = None
    """Whether sockets such as a container engine's can be tunnelled."""
    permitopen: str | None = None
    """``any``, ``none`` or the places tunnels may lead to."""
    permitlisten: str | None = None
    disableforwarding: str | None = None
    printlastlog: str | None = None
    tcpkeepalive: str | None = None
    banner: str | None = None
    """Path, or ``none``."""
    loglevel: str | None = None
    syslogfacility: str | None = None
    maxauthtries: Count
    maxsessions: Count | None = None
    maxstartups: str | None = None
    """Logins under way: how many are all right, percent refused from there, how many are most: ``10:30:100``."""
    persourcemaxstartups: str | None = None
    """How many of them from one address, or ``none``."""
    requiredrsasize: Count | None = None
    rekeylimit: str | None = None
    """Bytes and seconds after which a session's keys are renewed, ``0 0``: the cipher's default and never."""
    logingracetime: Count | None = None
    """Seconds; 0: for ever."""
    clientaliveinterval: Count
    """Seconds; 0: never asked."""
    clientalivecountmax: Count
    ciphers: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()
    kexalgorithms: tuple[str, ...] = ()
    hostkeyalgorithms: tuple[str, ...] = ()
    pubkeyacceptedalgorithms: tuple[str, ...] = ()
    casignaturealgorithms: tuple[str, ...] = ()
    allowusers: tuple[str, ...] = ()
    allowgroups: tuple[str, ...] = ()
    denyusers: tuple[str, ...] = ()
    denygroups: tuple[str, ...] = ()
    match: tuple[MatchSetting, ...] | Missing
    """Missing when the configuration includes files from places the question does not read."""


def parse(text: str) -> SshdEffective:
    """Read ``sshd -T`` and the lines of Match blocks after it."""
    effective, marker, blocks = text.partition("ef_match\n")
    if not marker:
        raise UnparsableError("sshd -T: the answer is not complete")
    values: dict[str, Any] = {}
    for line in effective.splitlines():
        printed, _, value = line.partition(" ")
        keyword = _RENAMED.get(printed, printed)
        if keyword not in SshdEffective.model_fields or keyword == "match":
            continue
        if keyword in _LISTS:
            values[keyword] = tuple(value.split(","))
        elif keyword in _REPEATED:
            values[keyword] = (*values.get(keyword, ()), *value.split())
        else:
            values[keyword] = value
    try:
        return SshdEffective(**values, match=_match(blocks))
    except ValidationError as problem:
        error = problem.errors()[0]
        raise UnparsableError(f"sshd -T: {'.'.join(map(str, error['loc']))}: {error['msg']}") from None


def _match(blocks: str) -> tuple[MatchSetting, ...] | Missing:
    settings: list[MatchSetting] = []
    criteria = ""
    for line in blocks.splitlines():
        found = _SETTING.match(line)
        if found is None:
            continue
        keyword, value = found["keyword"].lower(), found["value"].strip().strip('"')
        if keyword == "include" and not value.removeprefix("/etc/ssh/").startswith("sshd_config.d/"):
            return Missing("failed", f"Include {value}: not read, it may hold Match blocks")
        if keyword == "match":
            criteria = value
        elif criteria:
            value = "without-password" if value == "prohibit-password" else value
            settings.append(MatchSetting(criteria=criteria, keyword=_RENAMED.get(keyword, keyword), value=value))
    return tuple(settings)


COLLECTOR = Collector(
    id="sshd_effective",
    title=Text(en="SSH server settings", zh="SSH 服务有效配置"),
    question=QUESTION,
    parse=parse,
    facts=SshdEffective,
    root=True,
)
