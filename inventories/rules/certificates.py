# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Rules about certificates: whose they are, what they are good for, how long, and how strong."""

from collections.abc import Iterator

from inventories.base import Text
from inventories.book import Book
from inventories.findings import Finding, Rule, did_you_mean
from inventories.model import Certificate, Service
from inventories.reading.source import Node
from inventories.registry import rule

_LEAST_LEAD_DAYS = 14
_WEAK_HASHES = frozenset({"md5", "sha1"})
# Ed25519 and SM2 have one length each.
_LEAST_BITS = {"rsa": 2048, "ecdsa": 256}


@rule(
    "INV-CRT-001",
    "warning",
    title=Text(en="Every certificate has an owner.", zh="每张证书都有责任人。"),
    why=Text(en="Nobody replaces a certificate that nobody answers for.", zh="无人负责的证书，到期也无人更换。"),
    hint="name a contact as owner, here or in the defaults of the region",
)
def certificates_have_an_owner(this: Rule, book: Book) -> Iterator[Finding]:
    """Every certificate has an owner, of its own or inherited."""
    for record, certificate in book.valid(Certificate):
        if certificate.owner is None and not book.may_declare("owner"):
            yield this.found(record.place(), f"certificate {record.id!r} has no owner")


@rule(
    "INV-CRT-002",
    "warning",
    title=Text(en="Every certificate is presented by a service.", zh="每张证书都有使用它的业务。"),
    why=Text(
        en="Without use it is a key lying about; in unknown use it stops something unknown when it expires.",
        zh="无人使用的证书是闲置的密钥；用途不明的证书到期时，会中断不明的业务。",
    ),
    hint="name the services that present it, or revoke it and remove the entry",
)
def certificates_have_a_service(this: Rule, book: Book) -> Iterator[Finding]:
    """Every certificate names at least one service."""
    for record, certificate in book.valid(Certificate):
        if not certificate.services:
            yield this.found(record.place("services"), f"certificate {record.id!r} names no service")


@rule(
    "INV-CRT-003",
    "error",
    title=Text(
        en="The certificates of a service cover every DNS name of it.",
        zh="业务的证书覆盖其全部域名。",
    ),
    why=Text(
        en="Clients turn away users who come by the name that is missing.",
        zh="用户用未覆盖的域名访问时，客户端会拒绝连接。",
    ),
    hint="have the certificate issued with this name, or correct the names of the service",
)
def certificates_cover_their_services(this: Rule, book: Book) -> Iterator[Finding]:
    """Every DNS name of a service that has certificates is covered by one of them.

    Nothing is said of a service with a certificate that could not be read.
    """
    names: dict[str, list[str]] = {}
    for _, certificate in book.valid(Certificate):
        for service_id in certificate.services:
            names.setdefault(service_id, []).extend(certificate.names)
    unsure = {name for record in book.of(Certificate) if record.model is None for name in _named(record.node)}
    for record, service in book.valid(Service):
        if record.id not in names or record.id in unsure or book.may_declare(record.id):
            continue
        for position, name in enumerate(service.names):
            if not any(covers(san, name) for san in names[record.id]):
                message = f"no certificate of service {record.id!r} is valid for {name}"
                yield this.found(record.place("names", position), message)


def _named(certificate: Node) -> Iterator[str]:
    """Yield what stands in the list of services of a certificate, valid or not."""
    services = certificate.entries.get("services")
    if services is not None and isinstance(services.value, list):
        yield from (node.value for node in services.value if isinstance(node.value, str))


def covers(san: str, name: str) -> bool:
    """Tell whether a certificate for ``san`` is valid for ``name``: a star stands for one whole label (RFC 9525, 6.3).

    >>> covers("*.edu.example", "www.edu.example"), covers("*.edu.example", "a.www.edu.example")
    (True, False)
    """
    return san == name or (san.startswith("*.") and not name.startswith("*.") and name.partition(".")[2] == san[2:])


@rule(
    "INV-CRT-004",
    "warning",
    title=Text(
        en="Every certificate is from an issuer that the authority allows, where it names some.",
        zh="主管机构限定了签发机构时，证书均由其中之一签发。",
    ),
    why=Text(
        en="Clients trust the allowed issuers; another one is not replaced, revoked or audited with the rest.",
        zh="终端只信任允许的签发机构；其他机构的证书不在统一更换、吊销和审计之列。",
    ),
    hint="have it issued by an allowed issuer, or add the issuer to the authority",
)
def issuers_are_allowed(this: Rule, book: Book) -> Iterator[Finding]:
    """No certificate has an issuer that is not one of the authority's, where it names some."""
    allowed = book.authority.model.issuers if book.authority is not None and book.authority.model is not None else ()
    for record, certificate in book.valid(Certificate):
        if allowed and certificate.issuer not in allowed:
            message = f"certificate {record.id!r} is from {certificate.issuer!r}, which is no allowed issuer"
            yield this.found(record.place("issuer"), message, did_you_mean(certificate.issuer, allowed))


@rule(
    "INV-CRT-005",
    "warning",
    title=Text(en="No certificate has expired.", zh="没有过期的证书。"),
    why=Text(
        en="Clients turn every user away, or the entry is out of date.",
        zh="客户端会拒绝所有用户的连接，或者该条目已经过时。",
    ),
    hint="replace it, and state the new last day",
)
def certificates_are_valid(this: Rule, book: Book) -> Iterator[Finding]:
    """No certificate has its last day before today."""
    for record, certificate in book.valid(Certificate):
        if certificate.expires < book.today:
            message = f"certificate {record.id!r} expired on {certificate.expires}"
            yield this.found(record.place("expires"), message)


@rule(
    "INV-CRT-006",
    "warning",
    title=Text(en="No certificate is within its lead time.", zh="没有进入更换期的证书。"),
    why=Text(
        en="From that day it is to be replaced; later there is no time for approval and testing.",
        zh="进入更换期就应更换，再晚就来不及审批和测试。",
    ),
    hint="replace it, and state the new last day",
)
def certificates_are_replaced_in_time(this: Rule, book: Book) -> Iterator[Finding]:
    """No certificate that has not expired has its last day within its lead time from today."""
    for record, certificate in book.valid(Certificate):
        days = (certificate.expires - book.today).days
        if 0 <= days <= certificate.lead_days:
            message = f"certificate {record.id!r} expires in {days} days, on {certificate.expires}"
            yield this.found(record.place("expires"), message)


@rule(
    "INV-CRT-007",
    "warning",
    title=Text(
        en=f"Every certificate is to be replaced at least {_LEAST_LEAD_DAYS} days before its end.",
        zh=f"每张证书至少在到期前 {_LEAST_LEAD_DAYS} 天更换。",
    ),
    why=Text(
        en="The long holidays take a week, and the application before and the test after another.",
        zh="长假要占一周，假前申请、假后测试还要一周。",
    ),
    hint=f"set lead_days to {_LEAST_LEAD_DAYS} or more",
)
def lead_times_are_long_enough(this: Rule, book: Book) -> Iterator[Finding]:
    """No lead time is shorter than two weeks."""
    for record, certificate in book.valid(Certificate):
        if certificate.lead_days < _LEAST_LEAD_DAYS:
            message = f"certificate {record.id!r} is to be replaced only {certificate.lead_days} days before its end"
            yield this.found(record.place("lead_days"), message)


@rule(
    "INV-CRT-008",
    "warning",
    title=Text(
        en="No certificate has a weak key or signature.",
        zh="没有弱密钥或弱签名的证书。",
    ),
    why=Text(
        en="MD5 and SHA-1 signatures can be forged, and short keys broken; clients refuse both.",
        zh="MD5、SHA-1 签名可伪造，短密钥可破解，客户端都会拒绝。",
    ),
    hint="use SM2 with SM3, ECDSA of 256 bits, or RSA of at least 2048 bits with SHA-256",
)
def certificates_are_strong(this: Rule, book: Book) -> Iterator[Finding]:
    """No certificate is signed with MD5 or SHA-1, or has an RSA key under 2048 or an ECDSA key under 256 bits."""
    for record, certificate in book.valid(Certificate):
        if certificate.hashed in _WEAK_HASHES:
            yield this.found(record.place("hashed"), f"certificate {record.id!r} is signed with {certificate.hashed}")
        elif certificate.bits < _LEAST_BITS.get(certificate.algorithm, 0):
            message = f"certificate {record.id!r} has an {certificate.algorithm} key of {certificate.bits} bits"
            yield this.found(record.place("bits"), message)
