# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""When the certificates expire that lie in the usual places; keys are never read out.

The host only cuts out the certificates. Reading them here costs it nothing, needs no openssl there, and SM2 keys are no
obstacle.
"""

import re
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from inventories.base import Frozen, Text

# Of a file with a chain the first certificate, which is the server's; a file with more than eight is a bundle of
# authorities. Links are passed over (trust stores are full of them) but under live/, where they are the rule.
QUESTION = r"""
{
    find /etc/ssl/certs /etc/pki/tls/certs /etc/nginx /etc/apache2 /etc/httpd /etc/haproxy /etc/postfix /etc/dovecot \
        /etc/openvpn /etc/ldap /etc/openldap /etc/freeradius /etc/raddb /etc/kubernetes/pki /etc/docker /etc/edufleet \
        /usr/local/nginx/conf -maxdepth 4 -type f \
        \( -name '*.pem' -o -name '*.crt' -o -name '*.cer' \) ! -name 'ca-*' -size -128
    [ ! -d /etc/letsencrypt/live ] || find -L /etc/letsencrypt/live -maxdepth 2 -name cert.pem
} 2>/dev/null | awk '
{
    certificates = 0; block = ""
    while ((got = (getline line < $0)) > 0) {
        if (line ~ /^-----BEGIN CERTIFICATE-----/) { certificates++; inside = 1 }
        if (inside && certificates == 1) block = block line "\n"
        if (line ~ /^-----END CERTIFICATE-----/) inside = 0
    }
    close($0)
    if (got < 0) { print "unread " $0; told++ }
    else if (certificates > 0 && certificates <= 8) {
        told++
        if (++shown <= 50) printf "file %s\n%s", $0, block; else more++
    }
}
END { print "more " more + 0; exit told ? 0 : 69 }'
"""


class Certificate(Frozen):
    """One certificate in a file of its own, or the first of a chain."""

    path: str
    subject: str
    """As RFC 4514 writes it."""
    not_after: datetime
    """UTC."""
    sha256: str
    """Fingerprint, hexadecimal."""
    key: str | None = None
    """Kind of the public key: ``rsa``, ``dsa``, ``ec``, ``ed25519``, ``ed448``; None: another, such as SM2."""
    bits: Count | None = None
    """Length of an RSA, DSA or elliptic key."""
    digest: str | None = None
    """Hash under the signature, e.g. ``sha256``; None: part of the signature's scheme."""


class Certificates(Frozen):
    """The certificates found, and what could not be looked at."""

    certificates: tuple[Certificate, ...]
    unread: tuple[str, ...]
    """Files that may not be read, or whose certificate is none."""
    more: Count
    """Further files that were only counted."""

    @property
    def complete(self) -> bool:
        """Whether every certificate found was looked at."""
        return not self.unread and not self.more


def parse(text: str) -> Certificates:
    """Read ``file PATH`` lines, each with a PEM block, ``unread PATH`` lines, and ``more COUNT``."""
    certificates: list[Certificate] = []
    unread: list[str] = []
    more = ""
    for said in re.split(r"^(?=file |unread |more )", text, flags=re.MULTILINE)[1:]:
        head, _, pem = said.partition("\n")
        kind, _, rest = head.partition(" ")
        if kind == "more":
            more = rest
        elif kind == "unread" or (certificate := _read(rest, pem)) is None:
            unread.append(rest)
        else:
            certificates.append(certificate)
    try:
        return Certificates(certificates=tuple(certificates), unread=tuple(unread), more=int(more))
    except ValueError:
        raise UnparsableError(f"certificates: the answer does not end with a count but {more[:80]!r}") from None


def _read(path: str, pem: str) -> Certificate | None:
    """Return the certificate, or None when it is none."""
    try:
        found = x509.load_pem_x509_certificate(pem.encode("utf-8", "surrogateescape"))
        subject = found.subject.rfc4514_string()
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None
    kind, bits = _key(found)
    return Certificate(
        path=path,
        # Whoever made the certificate chose these words: a terminal must not obey them.
        subject="".join(letter if letter.isprintable() else "?" for letter in subject),
        not_after=found.not_valid_after_utc,
        sha256=sha256(found.public_bytes(Encoding.DER)).hexdigest(),
        key=kind,
        bits=bits,
        digest=_digest(found),
    )


def _key(found: x509.Certificate) -> tuple[str | None, int | None]:
    """Return kind and length of the key, as far as they are known."""
    try:
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None, None
    kind = next((name for name, of_kind in _KEYS.items() if isinstance(key, of_kind)), None)
    return kind, getattr(key, "key_size", None)


_KEYS = {
    "rsa": rsa.RSAPublicKey, "dsa": dsa.DSAPublicKey, "ec": ec.EllipticCurvePublicKey,
    "ed25519": ed25519.Ed25519PublicKey, "ed448": ed448.Ed448PublicKey,
}  # fmt: skip


def _digest(found: x509.Certificate) -> str | None:
    try:
        algorithm = found.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return None
    return algorithm.name if algorithm else None


COLLECTOR = Collector(
    id="certificates",
    title=Text(en="Certificate files", zh="证书文件"),
    question=QUESTION,
    parse=parse,
    facts=Certificates,
    size=262_144,
)
