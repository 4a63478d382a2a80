# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The network interfaces: what kind they are, what they listen to, and settings of their own.

For redirects, proxying and the like a packet meets the interface's own setting; that for all interfaces is only part
of it (kernel documentation, networking/ip-sysctl).
"""

import re

from fleet.collector import Collector, UnparsableError
from inventories.base import Frozen, Text

SETTINGS = """
ipv4/accept_local ipv4/accept_redirects ipv4/proxy_arp ipv4/route_localnet ipv4/send_redirects ipv6/accept_ra
ipv6/accept_redirects ipv6/proxy_ndp
""".split()  # noqa: SIM905 - a table
"""Settings read of each interface."""

VIRTUAL = "lo|veth*|cali*|lxc*|tap*|vnet*|flannel*|cilium*|nodelocaldns|kube-ipvs*"
"""Interfaces left out: the loopback, and those of containers and virtual machines, which come and go with them."""

QUESTION = f"""\
cd /sys/class/net || exit 69
set --
for name in *; do
case $name in {VIRTUAL}) continue ;; esac
[ -r "$name/flags" ] || continue
more=
[ -e "$name/master" ] && more="$more enslaved"
{{ [ -e "$name/wireless" ] || [ -e "$name/phy80211" ]; }} && more="$more wireless"
read -r flags <"$name/flags" && read -r kind <"$name/type" || continue
echo "interface $name $flags $kind$more"
for setting in {" ".join(SETTINGS)}; do
file=/proc/sys/net/${{setting%/*}}/conf/$name/${{setting#*/}}
[ -r "$file" ] && set -- "$@" "$file"
done
done
for setting in {" ".join(SETTINGS)}; do
file=/proc/sys/net/${{setting%/*}}/conf/all/${{setting#*/}}
[ -r "$file" ] && set -- "$@" "$file"
done
[ "$#" = 0 ] || awk '{{ print "setting", FILENAME, $1 }}' "$@"
echo end
"""

_UP, _PROMISCUOUS = 0x1, 0x100
"""Bits of the flags (include/uapi/linux/if.h). In /sys the second one is there whoever asked for it."""

_TUNNELS = {768: "ipip", 769: "ip6tnl", 776: "sit", 778: "gre", 823: "ip6gre"}
"""Kinds of interfaces that carry packets in packets, in the clear (include/uapi/linux/if_arp.h)."""

_FALLBACK = frozenset({"tunl0", "ip6tnl0", "sit0", "gre0", "ip6gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0"})
"""Interfaces the kernel makes when the module is loaded; nobody configured them."""


class Interface(Frozen):
    """One network interface."""

    name: str
    up: bool
    promiscuous: bool
    enslaved: bool
    """Whether it is part of a bridge, a bond or the like."""
    wireless: bool
    tunnel: str | None
    """Kind of tunnel without encryption; None: it is none, or the kernel's own that nobody configured."""


class Setting(Frozen):
    """One setting of one interface."""

    interface: str
    """``all``: what holds beside each interface's own."""
    name: str
    """E.g. ``ipv4.accept_redirects``."""
    value: int


class Interfaces(Frozen):
    """The interfaces of the host itself."""

    found: tuple[Interface, ...]
    settings: tuple[Setting, ...]


def parse(text: str) -> Interfaces:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    found: list[Interface] = []
    settings: list[Setting] = []
    for line in lines[:-1]:
        tag, *words = line.split(" ")
        if tag == "interface" and len(words) >= 3:  # noqa: PLR2004 - name, flags, type[, more]
            found.append(_interface(*words))
        elif tag == "setting" and len(words) == 2:  # noqa: PLR2004 - file, value
            settings.append(_setting(*words))
        else:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    return Interfaces(found=tuple(found), settings=tuple(settings))


def _interface(name: str, flags: str, kind: str, *more: str) -> Interface:
    if not re.fullmatch(r"0x[0-9a-f]{1,8}", flags) or not re.fullmatch(r"\d{1,5}", kind, re.ASCII):
        raise UnparsableError(f"interface {name[:20]}: flags {flags[:20]!r}, type {kind[:20]!r}")
    bits = int(flags, 16)
    return Interface(
        name=name,
        up=bits & _UP != 0,
        promiscuous=bits & _PROMISCUOUS != 0,
        enslaved="enslaved" in more,
        wireless="wireless" in more,
        tunnel=None if name in _FALLBACK else _TUNNELS.get(int(kind)),
    )


def _setting(path: str, value: str) -> Setting:
    found = re.fullmatch(r"/proc/sys/net/(ipv[46])/conf/(\S+)/(\w+)", path)
    if found is None or not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        raise UnparsableError(f"{path[:80]!r} is {value[:20]!r}")
    return Setting(interface=found[2], name=f"{found[1]}.{found[3]}", value=int(value))


COLLECTOR = Collector(
    id="interface_settings",
    title=Text(en="Network interfaces", zh="网络接口"),
    question=QUESTION,
    parse=parse,
    facts=Interfaces,
)
