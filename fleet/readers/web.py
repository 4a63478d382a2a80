# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the configurations of web servers have in common: blocks of directives, words, names of weak ciphers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_WORD = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+))""")
_WEAK = re.compile(
    r"\b(ALL|COMPLEMENTOFALL|NULL|eNULL|aNULL|ADH|AECDH|EXP(ORT)?\d*|LOW|MEDIUM|DES|3DES|RC2|RC4|IDEA|SEED|MD5|CBC3)\b"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A block or section: its head, its directives and the blocks inside; ``outer`` is where it inherits from."""

    head: tuple[str, ...]
    outer: "Block | None" = None
    directives: list[tuple[str, ...]] = field(default_factory=list)
    blocks: "list[Block]" = field(default_factory=list)

    def own(self, name: str) -> list[tuple[str, ...]]:
        """Return the arguments of a directive, each time it stands in this block."""
        return [line[1:] for line in self.directives if line[0] == name]

    def effective(self, name: str) -> list[tuple[str, ...]]:
        """Return the arguments of a directive where it is given innermost."""
        return self.own(name) or (self.outer.effective(name) if self.outer is not None else [])

    def value(self, name: str, default: str) -> str:
        """Return the first argument of a directive where it stands last and innermost."""
        found = self.effective(name)
        return found[-1][0] if found and found[-1] else default

    def inside(self) -> "Iterator[Block]":
        """Yield this block and every block in it."""
        yield self
        for block in self.blocks:
            yield from block.inside()


def words(text: str) -> tuple[str, ...]:
    r"""Return the words of a directive; a word in quotes may have blanks and escaped quotes in it.

    >>> words('log_format main "$remote_addr \\"$request\\"" z')
    ('log_format', 'main', '$remote_addr "$request"', 'z')
    """
    found = _WORD.findall(text)
    return tuple(bare or re.sub(r"\\([\"'])", r"\1", double or single) for double, single, bare in found)


def weak_ciphers(specification: str) -> tuple[str, ...]:
    """Return what an OpenSSL cipher string lets in that is weak: what it names, but not what it takes out for good.

    >>> weak_ciphers("HIGH:MEDIUM:!aNULL:!MD5"), weak_ciphers("ECDHE-RSA-AES256-GCM-SHA384:DES-CBC3-SHA")
    (('MEDIUM',), ('DES-CBC3-SHA',))
    >>> weak_ciphers("ALL:!aNULL:!eNULL:!LOW:!EXP:!MEDIUM:!3DES:!RC4:!MD5"), weak_ciphers("HIGH:!aNULL:+3DES:!3DES")
    ((), ())
    """
    tokens = [token for token in re.split(r"[:, ]+", specification) if token and not token.startswith("@")]
    out = {token[1:] for token in tokens if token.startswith("!")}
    named = [token for token in tokens if token[0] not in "!-+"]
    found = [token for token in named if _WEAK.search(token) and token not in out]
    wide = {"ALL", "COMPLEMENTOFALL"}
    if wide & set(found) and {"LOW", "RC4"} & out and {"aNULL", "ADH"} & out and {"MEDIUM", "RC4"} & out:
        found = [token for token in found if token not in wide]
    return tuple(found)


def transport_kept(value: str) -> bool:
    """Whether a Strict-Transport-Security header binds for half a year at least.

    >>> transport_kept("max-age=31536000; includeSubDomains"), transport_kept("max-age=0")
    (True, False)
    """
    age = re.search(r"max-age\s*=\s*\"?(\d{1,12})", value, re.IGNORECASE)
    return age is not None and int(age[1]) >= 15_552_000  # noqa: PLR2004 - 180 days


def headers_of(pairs: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """Return which protective headers are sent, in lower case; against framing either header will do.

    >>> sorted(headers_of([("X-Frame-Options", "DENY"), ("Strict-Transport-Security", "max-age=0")]))
    ['frame-protection']
    """
    found: set[str] = set()
    for name, value in pairs:
        match name.lower():
            case "strict-transport-security" if transport_kept(value):
                found.add("strict-transport-security")
            case "x-frame-options":
                found.add("frame-protection")
            case "content-security-policy":
                found |= {"content-security-policy"} | ({"frame-protection"} if "frame-ancestors" in value else set())
            case "x-content-type-options" if value.strip().lower() == "nosniff":
                found.add("x-content-type-options")
            case "referrer-policy":
                found.add("referrer-policy")
    return frozenset(found)
