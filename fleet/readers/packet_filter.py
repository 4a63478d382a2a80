# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a rule set of nftables or iptables does with packets: chains followed through their jumps, pure."""

import re
import shlex
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

Family = Literal["ip", "ip6", "inet"]


class Chain(NamedTuple):
    """One chain; ``hook`` and ``policy`` are empty for one that others jump to."""

    family: str
    table: str
    name: str
    hook: str
    policy: str
    rules: tuple[str, ...]
    """Rules in nft(8)'s words."""


class Step(NamedTuple):
    """One rule a packet comes to, with all that must be so for it to come there and for the rule to apply."""

    matches: tuple[str, ...]
    verdict: str
    """``accept``, ``drop``, ``reject``, ``return``, or empty when it only counts, marks or logs."""
    logs: bool


_VERDICT = re.compile(r"(?:^| )(accept|drop|reject(?: with .+)?|return|queue.*|continue|(?:jump|goto) \S+)$")
_NOISE = re.compile(
    r'counter( packets \d+ bytes \d+)?|\blog\b( prefix "[^"]*"| group \d+| level \w+| flags \w+( \w+)?'
    r"| snaplen \d+| queue-threshold \d+)*"
)
_COMMENT = re.compile(r'comment "[^"]*"')
_LOG = re.compile(r"(^| )log( |$)|xt target \"N?FLOG\"|xt target \"LOG\"")
_DEEPEST = 20


def steps(chain: Chain, chains: Mapping[tuple[str, str, str], Chain]) -> Iterator[Step]:
    """Yield what a packet comes to in ``chain``, jumps followed; the policy is the last step of a base chain."""
    if not (yield from _walk(chain, chains, (), 0)):
        yield Step((), chain.policy, logs=False)


def _bare(rule: str) -> str:
    """Return a rule without what only counts, logs or explains."""
    return " ".join(_NOISE.sub(" ", _COMMENT.sub(" ", rule)).split())


def _logs(rule: str) -> bool:
    return _LOG.search(_COMMENT.sub(" ", rule)) is not None


def _walk(
    chain: Chain, chains: Mapping[tuple[str, str, str], Chain], above: tuple[str, ...], depth: int
) -> Generator[Step, None, bool]:
    """Yield the steps of one chain; return whether no packet comes to what follows where it was jumped from."""
    for text in chain.rules:
        bare = _bare(text)
        found = _VERDICT.search(bare)
        match = bare[: found.start()].strip() if found else bare
        matches = (*above, match) if match else above
        verdict, _, target = found[1].partition(" ") if found else ("", "", "")
        further = chains.get((chain.family, chain.table, target)) if verdict in {"jump", "goto"} else None
        yield Step(matches, "" if verdict in {"jump", "goto"} else verdict, _logs(text))
        ended = False
        if further is not None and depth < _DEEPEST:
            ended = yield from _walk(further, chains, matches, depth + 1)
        if not match and (ended or verdict in {"accept", "drop", "reject"}):
            return True
        if not match and verdict in {"return", "goto"}:
            return False
    return False


def means_to_drop(chain: Chain) -> bool:
    """Whether the chain is there to drop what no rule speaks of, even where an open rule before keeps it from that."""
    ends = any(re.match(r"(drop|reject)\b", _bare(rule)) for rule in chain.rules)
    return chain.policy == "drop" or ends


def drops(chain: Chain, chains: Mapping[tuple[str, str, str], Chain]) -> bool:
    """Whether what no rule speaks of is dropped: the first unconditional verdict, or else the policy, says so."""
    always = [step.verdict for step in steps(chain, chains) if not step.matches]
    return next((verdict for verdict in always if verdict in {"accept", "drop", "reject"}), "") in {"drop", "reject"}


def families(chain: Chain) -> tuple[str, ...]:
    """Return the IP versions the chain sees."""
    return {"inet": ("ip", "ip6"), "ip": ("ip",), "ip6": ("ip6",)}.get(chain.family, ())


_STATE_NEW = re.compile(r"ct state (\{ )?(new|untracked)(, ?(new|untracked))*( \})?")
_PROTOCOL = re.compile(r"(meta )?(l4proto|nfproto)( tcp| udp| ipv4| ipv6)( |$)|ip protocol (tcp|udp)( |$)")
_OUTSIDE = re.compile(r"i(if|ifname) \"(en|eth|bond|team|ib)[\w*.]*\"")
_PORTS = re.compile(r"(tcp|udp|th|tcp option) dport (\{[^}]*\}|[\w-]+)")
_SOURCE = re.compile(r"saddr (?!!=)|saddr \. |i(if|ifname) (?!!=)|iifgroup|src|ether |mark|socket|skuid|cgroup")
_STATE = re.compile(r"ct state (\{[^}]*\}|[\w,]+)")
_STATE_MAP = re.compile(r"ct state vmap \{([^}]*)\}")


def reduced(step: Step) -> str:
    """Return what is left of the matches once those are gone that leave nearly everything: new, tcp, any outer port."""
    left = " ".join(step.matches)
    for pattern in (_STATE_NEW, _PROTOCOL, _OUTSIDE):
        left = pattern.sub(" ", left)
    return " ".join(left.split())


def is_loopback(step: Step) -> bool:
    """Whether the step accepts what comes from the host itself.

    >>> [is_loopback(Step((match,), "accept", False)) for match in ('iifname "lo"', "ip saddr 127.0.0.1")]
    [True, False]
    """
    text = " ".join(step.matches)
    return step.verdict == "accept" and re.fullmatch(r'(meta )?i(if|ifname) "?lo"?', text) is not None


def decides_state(step: Step, state: str, verdict: str) -> bool:
    """Whether the step gives ``verdict`` to all packets that connection tracking calls ``state``.

    >>> decides_state(Step(("ct state vmap { established : accept, invalid : drop }",), "", False), "invalid", "drop")
    True
    """
    text = " ".join(step.matches)
    mapped = _STATE_MAP.fullmatch(text)
    if mapped:
        return f"{state} : {verdict}" in mapped[1].strip().split(", ")
    found = _STATE.fullmatch(text)
    return found is not None and step.verdict == verdict and state in re.findall(r"\w+", found[1])


class Opening(NamedTuple):
    """Ports that a rule lets everybody in to."""

    protocol: str
    first: int
    last: int


class UnreadableError(ValueError):
    """Raised for a rule whose ports cannot be told."""


def openings(step: Step) -> tuple[Opening, ...]:
    """Return the ports the step opens to every source; none when it opens none, or only to some sources.

    Raises:
        UnreadableError: it opens ports, but which is not said in a way that can be read here.

    """
    text = reduced(step)
    if step.verdict != "accept" or _SOURCE.search(text):
        return ()
    if "xt match" in text or "vmap" in text or "dport @" in text:
        raise UnreadableError(text[:80])
    return tuple(
        _opening(protocol, part)
        for protocol, ports in _PORTS.findall(text)
        for part in ports.strip("{} ").replace(" ", "").split(",")
    )


def _opening(protocol: str, part: str) -> Opening:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part, re.ASCII)
    if found is None:
        raise UnreadableError(f"{protocol} dport {part[:40]}")
    return Opening(protocol, int(found[1]), int(found[2] or found[1]))


_SILENT = frozenset(
    {"-m", "--comment", "--reject-with", "--log-prefix", "--log-level", "--nflog-prefix", "--nflog-group"}
)
_FLAGS: Mapping[str, str] = {
    "-p": "meta l4proto {}", "-i": 'iifname "{}"', "-o": 'oifname "{}"', "-s": "ip saddr {}", "-d": "ip daddr {}",
    "--ctstate": "ct state {}", "--state": "ct state {}",
}  # fmt: skip


def translate(rule: str) -> tuple[str, str]:
    """Return the chain and, in nft(8)'s words, the rule that a line of ``iptables -S`` appends.

    >>> translate("-A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT")
    ('INPUT', 'ip saddr 192.0.2.0/24 meta l4proto tcp tcp dport 22 accept')
    >>> translate("-A INPUT -j REJECT --reject-with icmp-host-prohibited")
    ('INPUT', 'reject')

    Raises:
        ValueError: it is no such line.

    """
    words = shlex.split(rule)
    if len(words) < 2 or words[0] != "-A":  # noqa: PLR2004 - -A and a chain
        raise ValueError(rule)
    words = [word.replace('"', "") for word in words]
    return words[1], " ".join(_translated(words[2:]))


def _translated(words: Sequence[str]) -> list[str]:
    said: list[str] = []
    verdict: list[str] = []
    protocol, negated, at = "th", False, 0
    while at < len(words):
        word, value = words[at], words[at + 1] if at + 1 < len(words) else ""
        at += 2
        if word == "!":
            negated, at = True, at - 1
            continue
        if word in _SILENT:
            continue
        if word in {"-j", "-g"}:
            verdict = _verdict(word, value)
        elif word in {"--dport", "--dports"}:
            ports = value.replace(":", "-")
            ports = f"{{ {ports} }}" if "," in ports else ports
            said.append(f"{protocol} dport {'!= ' if negated else ''}{ports}")
        elif word in _FLAGS:
            protocol = value if word == "-p" else protocol
            wanted = value.lower() if "state" in word else value
            head, _, tail = _FLAGS[word].rpartition(" ")
            said.append(f"{head} {'!= ' if negated else ''}{tail.format(wanted)}")
        else:
            said.append(f"xt match {word.lstrip('-')}")
            at -= 1 if value.startswith("-") or not value else 0
        negated = False
    return [*said, *verdict]


def _verdict(word: str, value: str) -> list[str]:
    if value in {"LOG", "NFLOG"}:
        return ["log"]
    if value in {"ACCEPT", "DROP", "REJECT", "RETURN"}:
        return [value.lower()]
    return ["goto" if word == "-g" else "jump", value]
