# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What the host's cryptographic libraries are told to accept, whom they trust besides the distribution; key files."""

import re
from collections.abc import Mapping, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

# openssl.cnf's .include of a directory or of a crypto policy is followed by hand: these are all distributions use.
QUESTION = r"""
for file in /usr/lib/*/libssl.so.[0-9]* /usr/lib64/libssl.so.[0-9]* /lib/*/libssl.so.[0-9]*; do
[ -e "$file" ] && echo "openssl ${file##*libssl.so.}"
done
for file in /usr/lib/*/libgnutls.so.30 /usr/lib64/libgnutls.so.30; do [ -e "$file" ] && echo gnutls; done
set --
for file in /etc/ssl/openssl.cnf /etc/pki/tls/openssl.cnf /etc/pki/tls/openssl.d/*.cnf \
/etc/crypto-policies/back-ends/opensslcnf.config /etc/gnutls/config /etc/crypto-policies/config \
/etc/crypto-policies/state/current /etc/krb5.conf /etc/krb5.conf.d/*; do
if [ -f "$file" ]; then
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
fi
done
[ $# -gt 0 ] && awk '/^[ \t]*([#;]|$)/ { next }
FILENAME ~ /openssl/ && !/^[ \t]*\[|conf|default|rotocol|ipher|ptions|provider|activate|include|legacy/ { next }
FILENAME ~ /krb5/ && !/enctypes|allow_weak_crypto/ { next }
{ print FILENAME ":" $0 }' "$@"
for file in /usr/local/share/ca-certificates/* /usr/local/share/ca-certificates/*/* \
/etc/pki/ca-trust/source/anchors/* /etc/ca-certificates/trust-source/anchors/*; do
[ -f "$file" ] && echo "anchor $file"
done
[ -r /proc/sys/crypto/fips_enabled ] && read -r value </proc/sys/crypto/fips_enabled && echo "fips $value"
awk '/^name/ && $3 ~ /^sm[234]$/ && !seen[$3]++ { print "gm", $3 }' /proc/crypto 2>/dev/null
stat -c 'key %a %U %G %n' /etc/ssl/private /etc/ssl/private/* /etc/pki/tls/private /etc/pki/tls/private/* 2>&1 |
awk '/^key / { print } /Permission denied/ { print "key denied" }'
echo end
"""


class Openssl(Frozen):
    """What openssl.cnf makes of every program that does not choose for itself."""

    version: Count
    """First number of the newest library there, e.g. 3."""
    least: str | None
    """``MinProtocol`` in force, e.g. ``TLSv1.2``; None: the library's own."""
    level: Count | None
    """Security level in force, 0 to 5; None: the library's own."""
    legacy: tuple[str, ...]
    """Switches that bring back what was given up: the legacy provider, insecure renegotiation."""
    follows_policy: bool
    """Whether it takes its settings from the system-wide policy."""


class KeyFile(Frozen):
    """A private key, or a directory of them."""

    path: str
    mode: str
    """Octal, four digits."""
    owner: str
    group: str


class Crypto(Frozen):
    """State of the host's cryptography."""

    openssl: Openssl | None
    """None: no OpenSSL."""
    gnutls: bool
    """Whether GnuTLS is there."""
    gnutls_disabled: tuple[str, ...]
    """Protocol versions GnuTLS is told never to speak, lower case."""
    gnutls_enabled: tuple[str, ...]
    """Protocol versions it is told to speak where its settings are an allow-list."""
    policy_chosen: str | None
    """System-wide policy as chosen (Red Hat families)."""
    policy_applied: str | None
    """The one that was put into force last."""
    kerberos_weak: tuple[str, ...] | None
    """Settings of krb5.conf that let weak ciphers in; None: no Kerberos settings."""
    anchors: tuple[str, ...]
    """Authorities that somebody added to those of the distribution."""
    keys: tuple[KeyFile, ...] | Missing
    """Private keys in the distribution's directory for them."""
    fips: bool
    """Whether the kernel is in FIPS mode."""
    gm: tuple[str, ...]
    """SM2, SM3 and SM4 as far as the kernel has them at hand."""

    @property
    def policy_current(self) -> bool:
        """Whether the policy in force is the one chosen."""
        return self.policy_chosen == self.policy_applied


def parse(text: str) -> Crypto:
    """Read tagged lines and ``path:line`` pairs."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    files: dict[str, list[str]] = {}
    tagged: dict[str, list[str]] = {tag: [] for tag in ("openssl", "gnutls", "anchor", "fips", "gm", "key")}
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        path, colon, content = line.partition(":")
        if colon and path.startswith("/"):
            files.setdefault(path, []).append(content.strip())
        elif tag in tagged:
            tagged[tag].append(rest)
        elif tag == "denied":
            raise UnparsableError(f"{rest[:80]} cannot be read")
        else:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    gnutls = [line.partition("=") for line in files.get("/etc/gnutls/config", ())]
    versions = [(key.strip(), value.strip().lower().removeprefix("vers-")) for key, _, value in gnutls]
    kerberos = [line for path, content in files.items() if "krb5" in path for line in content]
    return Crypto(
        openssl=_openssl(files, tagged["openssl"]) if tagged["openssl"] else None,
        gnutls=bool(tagged["gnutls"]),
        gnutls_disabled=tuple(value for key, value in versions if key == "disabled-version"),
        gnutls_enabled=tuple(value for key, value in versions if key == "enabled-version"),
        policy_chosen=next(iter(files.get("/etc/crypto-policies/config", ())), None),
        policy_applied=next(iter(files.get("/etc/crypto-policies/state/current", ())), None),
        kerberos_weak=tuple(line for line in kerberos if _WEAK.search(line)) if kerberos else None,
        anchors=tuple(tagged["anchor"]),
        keys=_keys(tagged["key"]),
        fips=tagged["fips"] == ["1"],
        gm=tuple(tagged["gm"]),
    )


_WEAK = re.compile(
    r"allow_weak_crypto\s*=\s*(true|yes|1|on)\b|enctypes\s*=.*[\s=,](des-|des3|arcfour|rc4)", re.IGNORECASE
)


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


def _keys(lines: Sequence[str]) -> tuple[KeyFile, ...] | Missing:
    if "denied" in lines:
        return Missing("denied", "the directory of private keys: root is needed to look into it")
    found = [re.fullmatch(r"([0-7]{1,4}) (\S+) (\S+) (/.*)", line) for line in lines]
    if not all(found):
        raise UnparsableError("stat: cannot make sense of a key's line")
    return tuple(KeyFile(mode=one[1].zfill(4), owner=one[2], group=one[3], path=one[4]) for one in found if one)


def _openssl(files: Mapping[str, Sequence[str]], versions: Sequence[str]) -> Openssl:
    policy = files.get("/etc/crypto-policies/back-ends/opensslcnf.config", ())
    own = next((files[path] for path in ("/etc/pki/tls/openssl.cnf", "/etc/ssl/openssl.cnf") if path in files), ())
    drop_ins = [line for path, content in files.items() if "/openssl.d/" in path for line in content]
    sections: dict[str, dict[str, str]] = {}
    _read([*_included(own, policy), *drop_ins], sections)
    system = _follow(sections, "", "openssl_conf", "ssl_conf", "system_default")
    providers = _follow(sections, "", "openssl_conf", "providers")
    ciphers = system.get("cipherstring", "")
    level = re.search(r"@SECLEVEL=([0-5])", ciphers)
    legacy = [
        name
        for name, section in providers.items()
        if name == "legacy" and sections.get(section, {}).get("activate", "0").lower() in {"1", "yes", "true", "on"}
    ]
    legacy += [
        option
        for option in re.split(r"[,\s]+", system.get("options", ""))
        if option in {"UnsafeLegacyRenegotiation", "UnsafeLegacyServerConnect", "SSLv2", "SSLv3"}
    ]
    return Openssl(
        version=max(_number(version.partition(".")[0]) for version in versions),
        least=system.get("minprotocol") or system.get("tls.minprotocol"),
        level=int(level[1]) if level else None,
        legacy=tuple(legacy),
        follows_policy=any("crypto-policies" in line or "crypto_policy" in line for line in own),
    )


def _included(own: Sequence[str], policy: Sequence[str]) -> list[str]:
    """Return the settings with the system-wide policy where it is included."""
    result: list[str] = []
    for line in own:
        result += policy if line.startswith(".include") and "crypto-policies" in line else [line]
    return result


def _read(lines: Sequence[str], sections: dict[str, dict[str, str]]) -> None:
    name = ""
    for line in lines:
        heading = re.fullmatch(r"\[\s*(\S+)\s*\].*", line)
        if heading:
            name = "" if heading[1] == "default" else heading[1]
        elif "=" in line:
            key, _, value = line.split("#")[0].partition("=")
            sections.setdefault(name, {})[key.strip().lower()] = value.strip()


def _follow(sections: Mapping[str, Mapping[str, str]], start: str, *keys: str) -> Mapping[str, str]:
    """Return the section that a chain of keys leads to; empty when it ends before."""
    section = sections.get(start, {})
    for key in keys:
        section = sections.get(section.get(key, "\0"), {})
    return section


COLLECTOR = Collector(
    id="crypto",
    title=Text(en="Cryptographic libraries", zh="密码库与证书信任"),
    question=QUESTION,
    parse=parse,
    facts=Crypto,
    size=131_072,
)
