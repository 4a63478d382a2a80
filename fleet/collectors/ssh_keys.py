# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The keys SSH goes by: the host's own, those that open accounts, and the primes of the key exchange."""

import base64
import binascii
import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

# Of a key its type and the first bytes leave the target, where the length of an RSA modulus is written, and a number
# that is the same for the same key; of its options the names. "holder" is told to awk between the files.
QUESTION = r"""
[ -d /etc/ssh ] || exit 69
set -- holder=host
for file in /etc/ssh/ssh_host_*_key.pub; do [ -f "$file" ] && set -- "$@" "$file"; done
for file in /etc/ssh/authorized_keys/* /etc/ssh/authorized_keys.d/*; do
[ -f "$file" ] || continue
if [ -r "$file" ]; then set -- "$@" "holder=user:${file##*/}" "$file"; else echo "denied $file"; fi
done
while IFS=: read -r name _ _ _ _ home shell; do
case $name in ''|[+-]*|*[!A-Za-z0-9_.-]*) continue;; esac
case $shell in */nologin|*/false|*/sync|*/halt|*/shutdown) continue;; esac
if [ -d "$home" ] && [ ! -x "$home" ] || [ -d "$home/.ssh" ] && [ ! -x "$home/.ssh" ]; then
echo "denied $home/.ssh"; continue; fi
for file in "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2"; do
[ -f "$file" ] || continue
if [ -r "$file" ]; then set -- "$@" "holder=user:$name" "$file"; else echo "denied $file"; fi
done
done </etc/passwd
[ -r /etc/ssh/moduli ] && set -- "$@" /etc/ssh/moduli
awk 'FILENAME == "/etc/ssh/moduli" {
if ($1 !~ /^#/ && NF >= 7 && (!least || $5 + 0 < least)) least = $5 + 0
next }
/^[ \t]*(#|$)/ { next }
{ line = $0; gsub(/"([^"\\]|\\.)*"/, "", line); count = split(line, word, /[ \t]+/)
for (at = 1; at < count; at++)
if (word[at] ~ /^(ssh-|ecdsa-|sk-)/ && word[at + 1] ~ /^AAAA/) {
options = at > 1 ? word[1] : ""; for (i = 2; i < at; i++) options = options "," word[i]
key = word[at + 1]; if (!(key in known)) known[key] = ++keys
print "key", holder, word[at], substr(key, 1, 32), known[key], (options == "" ? "-" : options); next } }
END { if (least) print "modulus", least; print "end" }' "$@"
"""

_KINDS = {"ssh-rsa": "rsa", "ssh-dss": "dsa", "ssh-ed25519": "ed25519"}
_CURVE = re.compile(r"nistp(\d{3})")
_NAME = re.compile(r"[a-z0-9-]+", re.IGNORECASE)


class Key(Frozen):
    """One public key."""

    holder: str
    """User whose account it opens; empty for a key of the host's own."""
    kind: str
    """``rsa``, ``dsa``, ``ecdsa``, ``ed25519`` or ``other``."""
    bits: Count
    options: tuple[str, ...]
    """Names of what stands before it in authorized_keys: ``command``, ``from``, ``restrict``, ``cert-authority``."""
    others: tuple[str, ...]
    """Other users whose accounts the same key opens."""


class SshKeys(Frozen):
    """The keys SSH goes by."""

    host: tuple[Key, ...]
    users: tuple[Key, ...] | Missing
    smallest_modulus: Count | None
    """Bits of the smallest prime offered for diffie-hellman-group-exchange; None: the built-in ones."""


def parse(text: str) -> SshKeys:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    found: list[tuple[str, str, str, str, str]] = []
    denied: Missing | None = None
    least: int | None = None
    for line in lines[:-1]:
        match line.split(" "):
            case ["key", holder, kind, start, number, options]:
                found.append((holder, kind, start, number, options))
            case ["modulus", bits] if re.fullmatch(r"\d{1,6}", bits, re.ASCII):
                least = int(bits)
            case ["denied", *path]:
                denied = Missing("denied", f"{' '.join(path)}: root is needed to look into it")
            case _:
                raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    opens: dict[str, list[str]] = {}
    for holder, _, _, number, _ in found:
        opens.setdefault(number, []).append(holder.removeprefix("user:"))
    keys = [(one[0], _key(*one, opens)) for one in found]
    return SshKeys(
        host=tuple(key.model_copy(update={"holder": "", "others": ()}) for holder, key in keys if holder == "host"),
        users=denied or tuple(key for holder, key in keys if holder != "host"),
        smallest_modulus=least,
    )


def _key(holder: str, kind: str, start: str, number: str, options: str, opens: dict[str, list[str]]) -> Key:
    holder = holder.removeprefix("user:")
    plain = kind.removeprefix("sk-").partition("@")[0].partition("-cert")[0]
    return Key(
        holder=holder,
        kind=_KINDS.get(plain, "ecdsa" if plain.startswith("ecdsa-") else "other"),
        bits=_bits(plain, start),
        options=tuple(dict.fromkeys(_NAME.findall(re.sub(r"=[^,]*", "", options)))) if options != "-" else (),
        others=tuple(dict.fromkeys(other for other in opens[number] if other != holder)),
    )


def _bits(kind: str, start: str) -> int:
    """Return a key's length in bits, from its first 24 bytes (RFC 4253, 6.6: name, exponent and modulus of RSA)."""
    curve = _CURVE.search(kind)
    if curve:
        return int(curve[1])
    if kind == "ssh-ed25519":
        return 256
    try:
        blob = base64.b64decode(start[: len(start) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        raise UnparsableError("a key is not in base64") from None
    at = 4 + int.from_bytes(blob[:4])
    if kind == "ssh-rsa":
        at += 4 + int.from_bytes(blob[at : at + 4])
    length = blob[at : at + 4]
    if kind not in {"ssh-rsa", "ssh-dss"} or len(length) < 4:  # noqa: PLR2004 - bytes of a length
        return 0
    # The first byte of a modulus is zero, as a sign, when its length is a whole number of bytes.
    return int.from_bytes(length) // 8 * 64


COLLECTOR = Collector(
    id="ssh_keys",
    title=Text(en="SSH keys", zh="SSH 密钥"),
    question=QUESTION,
    parse=parse,
    facts=SshKeys,
)
