# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the packet filter's rules come to: what passes in, out and through, to whom it is open, and what is logged."""

from collections.abc import Callable, Iterable

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.readers import packet_filter
from fleet.readers.packet_filter import Chain, Step
from inventories.base import Frozen, Text

# Without the elements of sets (-t), which may be many; nft before 0.9.3 does not know the option. Chains that container
# platforms and fail2ban keep are left out: they are many, and say nothing of what the host itself lets in.
QUESTION = r"""
legacy=
[ -r /proc/net/ip_tables_names ] && read -r legacy </proc/net/ip_tables_names
asked=
if command -v nft >/dev/null; then
asked=nft
echo nft
{ { nft -t list ruleset 2>/dev/null || nft list ruleset; } && echo ef_complete; } | awk '
$1 == "#" { next }
$1 == "ef_complete" { complete = 1; next }
$1 == "table" { table = $2 " " $3; next }
$1 == "chain" { name = $2; inside = name !~ /^(KUBE-|cali-|DOCKER|CNI-|f2b-|LIBVIRT_)/; head = 0; next }
$1 == "}" { if (inside && !head) print "chain", table, name; inside = 0; next }
!inside { next }
$1 == "type" { inside = $2 == "filter" && $4 ~ /^(input|forward|output)$/; head = 1
if (inside) print "chain", table, name, $4, /policy drop/ ? "drop" : "accept"
next }
{ if (!head) { print "chain", table, name; head = 1 }
sub(/^[ \t]*/, ""); print "rule", $0 }
END { if (!complete) exit 77 }' || exit 77
fi
if command -v iptables >/dev/null && { [ -n "$legacy" ] || [ -z "$asked" ]; }; then
asked=iptables
echo iptables
{ iptables -S && echo ip6 && { ip6tables -S || :; } && echo ef_complete; } | awk '
$1 == "ef_complete" { complete = 1; next }
$2 !~ /^(KUBE-|cali-|DOCKER|CNI-|f2b-|LIBVIRT_)/ { print }
END { if (!complete) exit 77 }' || exit 77
fi
[ "$asked" ] || exit 69
echo end
"""


class Wide(Frozen):
    """Ports that a rule opens to every source."""

    protocol: str
    first: int
    last: int


class Firewall(Frozen):
    """What the packet filter's rules come to.

    The chains meant below are those at the input hook that are there to drop what no rule speaks of; the others filter
    nothing by themselves. A packet must pass all of them.
    """

    tools: tuple[str, ...]
    """What was asked: ``nft``, ``iptables``, or both."""
    chains: tuple[str, ...]
    """Chains at the input, forward and output hooks, as evidence, e.g. ``inet filter input drop``."""
    filters: bool
    """Whether there is any such chain."""
    accepts_loopback: bool
    """Whether each accepts what comes from the host itself, by interface."""
    stateful: bool
    """Whether each accepts answers to what the host asked, by connection tracking."""
    drops_invalid: bool
    """Whether one drops what belongs to no connection."""
    logs: bool
    """Whether one logs something."""
    accepts_all: tuple[str, ...]
    """Rules in them that accept everything, or all of one protocol, from outside."""
    wide: tuple[Wide, ...] | Missing
    """Ports they open to every source."""
    open_ports: tuple[str, ...] | Missing
    """The same in short, e.g. ``tcp/22``."""
    forward_ipv4: bool
    """Whether forwarding is denied unless a rule allows it."""
    forward_ipv6: bool
    output_ipv4: bool
    """Whether what leaves the host is denied unless a rule allows it."""
    output_ipv6: bool


def parse(text: str) -> Firewall:
    """Read the reduced rule sets of nft(8) and ``iptables -S``."""
    lines = text.splitlines()
    tools = tuple(line for line in lines if line in {"nft", "iptables"})
    if not tools or lines[-1] != "end":
        raise UnparsableError("the rule set is not complete")
    chains = _chains(lines[:-1])
    base = [chain for chain in chains.values() if chain.hook]

    def walked(chain: Chain) -> tuple[Step, ...]:
        return tuple(packet_filter.steps(chain, chains))

    guarding = [chain for chain in base if chain.hook == "input"]
    guarding = [chain for chain in guarding if packet_filter.means_to_drop(chain) or packet_filter.drops(chain, chains)]
    guards = [walked(chain) for chain in guarding]

    wide = _wide(guards)

    def denied(hook: str, family: str) -> bool:
        return any(
            packet_filter.drops(chain, chains)
            for chain in base
            if chain.hook == hook and family in packet_filter.families(chain)
        )

    return Firewall(
        tools=tools,
        chains=tuple(f"{chain.family} {chain.table} {chain.name} {chain.policy}" for chain in base),
        filters=bool(guards),
        accepts_loopback=_each(guards, packet_filter.is_loopback),
        stateful=_each(guards, lambda step: packet_filter.decides_state(step, "established", "accept")),
        drops_invalid=any(packet_filter.decides_state(step, "invalid", "drop") for steps in guards for step in steps),
        logs=any(step.logs for steps in guards for step in steps),
        accepts_all=tuple(
            dict.fromkeys(
                " ".join(step.matches) or "(everything)"
                for steps in guards
                for step in steps
                if step.verdict == "accept" and not packet_filter.reduced(step)
            )
        ),
        wide=wide,
        open_ports=wide if isinstance(wide, Missing) else tuple(_short(one) for one in wide),
        forward_ipv4=denied("forward", "ip"),
        forward_ipv6=denied("forward", "ip6"),
        output_ipv4=denied("output", "ip"),
        output_ipv6=denied("output", "ip6"),
    )


def _short(one: Wide) -> str:
    return f"{one.protocol}/{one.first}" if one.first == one.last else f"{one.protocol}/{one.first}-{one.last}"


def _each(guards: Iterable[tuple[Step, ...]], holds: Callable[[Step], bool]) -> bool:
    """Return whether ``holds`` of some step of every chain, of which there is at least one."""
    found = [any(holds(step) for step in steps) for steps in guards]
    return bool(found) and all(found)


def _wide(guards: Iterable[tuple[Step, ...]]) -> tuple[Wide, ...] | Missing:
    found: set[packet_filter.Opening] = set()
    for steps in guards:
        for step in steps:
            try:
                found |= set(packet_filter.openings(step))
            except packet_filter.UnreadableError as problem:
                return Missing("unparsable", f"which ports this opens cannot be told: {problem}")
    return tuple(Wide(protocol=one.protocol, first=one.first, last=one.last) for one in sorted(found))


def _chains(lines: list[str]) -> dict[tuple[str, str, str], Chain]:
    """Read the lines of both tools into chains by family, table and name."""
    found: dict[tuple[str, str, str], Chain] = {}
    rules: dict[tuple[str, str, str], list[str]] = {}
    tool = family = ""
    at = ("", "", "")
    for line in lines:
        words = line.split() or [""]
        if line in {"nft", "iptables"}:
            tool, family = line, "ip"
        elif line == "ip6":
            family = "ip6"
        elif tool == "nft" and words[0] == "chain" and len(words) in {4, 6}:
            at = (words[1], words[2], words[3])
            hook, policy = (words[4], words[5]) if len(words) == 6 else ("", "")  # noqa: PLR2004 - with hook and policy
            found[at] = Chain(*at, hook, policy, ())
        elif tool == "nft" and words[0] == "rule" and at in found:
            rules.setdefault(at, []).append(line.removeprefix("rule "))
        elif tool == "iptables" and words[0] == "-P" and len(words) == 3:  # noqa: PLR2004 - -P, chain, policy
            at = (family, "iptables", words[1])
            found[at] = Chain(*at, words[1].lower(), words[2].lower(), ())
        elif tool == "iptables" and words[0] == "-N" and len(words) == 2:  # noqa: PLR2004 - -N, chain
            at = (family, "iptables", words[1])
            found[at] = Chain(*at, "", "", ())
        elif tool == "iptables" and words[0] == "-A":
            try:
                name, rule = packet_filter.translate(line)
            except ValueError:
                raise UnparsableError(f"cannot make sense of {line[:80]!r}") from None
            rules.setdefault((family, "iptables", name), []).append(rule)
        else:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    return {at: chain._replace(rules=tuple(rules.get(at, ()))) for at, chain in found.items()}


COLLECTOR = Collector(
    id="firewall",
    title=Text(en="Packet filter", zh="主机防火墙规则"),
    question=QUESTION,
    parse=parse,
    facts=Firewall,
    size=262_144,
)
