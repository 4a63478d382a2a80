# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What users rely on: services, how well they are to run, how they are backed up, and their certificates."""

from typing import ClassVar, Literal

from pydantic import Field

from inventories.base import Frozen, Text
from inventories.model.base import Address, Date, DnsName, Listed, Name
from inventories.model.people import Administrators

ServiceKind = Literal["application", "datastore", "infrastructure", "monitoring", "logging", "backup"]


class Slo(Frozen):
    """What is promised of a service."""

    availability: float | None = Field(
        default=None, gt=0, lt=100, description="Share of time it answers, percent over 30 days."
    )
    latency_ms: float | None = Field(default=None, gt=0, description="Answer time of 95 % of requests, milliseconds.")


class Filing(Frozen):
    """The grading of a service (定级备案) as it was filed."""

    number: str | None = Field(default=None, description="Number of the filing certificate.")
    filed: Date = Field(description="Day of filing (备案).")
    assessed: Date | None = Field(default=None, description="Day of the last assessment (测评).")
    next_assessment: Date | None = Field(default=None, description="Day by which the next assessment is due.")


class Service(Listed):
    """Something users or other services rely on."""

    label: ClassVar = "service"
    section: ClassVar = "services"
    inherits: ClassVar = frozenset({"owner", "rota", "administrators", "backup", "calendar"})

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that runs it.")
    name: Text = Field(description="Name.")
    kind: ServiceKind = Field(default="application", description="What kind of service it is.")
    mlps_level: int = Field(ge=1, le=4, description="Graded MLPS 2.0 level, 1 to 4.")
    filing: Filing | None = Field(default=None, description="Filing and assessment; None: not stated.")
    hosts: tuple[Name, ...] = Field(description="Names of the hosts it runs on.")
    names: tuple[DnsName, ...] = Field(default=(), description="DNS names under which it is reached.")
    addresses: tuple[Address, ...] = Field(default=(), description="Addresses under which it is reached.")
    public: bool = Field(default=False, description="Whether it is offered to the internet.")
    owner: Name | None = Field(default=None, description="Contact id of who answers for it.")
    rota: Name | None = Field(default=None, description="Id of the rota that is called.")
    administrators: Administrators = Field(default=Administrators(), description="The three administrators.")
    depends_on: tuple[Name, ...] = Field(default=(), description="Ids of the services it cannot do without.")
    calendar: Name | None = Field(default=None, description="Id of the calendar whose exams and peaks are its own.")
    backup: Name | None = Field(default=None, description="Id of the backup policy of its data; None: not stated.")
    slo: Slo = Field(default=Slo(), description="What is promised.")


class Backup(Listed):
    """A backup policy: what is kept where, how often, and when a restore was last tried."""

    label: ClassVar = "backup policy"
    section: ClassVar = "backups"

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that declares it.")
    target: Name = Field(description="Id of the site that keeps the copies.")
    every_hours: float = Field(gt=0, le=8760, description="Hours between two copies: what may be lost (RPO).")
    restore_hours: float = Field(gt=0, le=8760, description="Hours a restore may take (RTO).")
    retention_days: int = Field(ge=1, le=36_500, description="Days a copy is kept.")
    restore_tested: Date | None = Field(default=None, description="Day of the last restore test; None: never.")
    copy_of: Name | None = Field(default=None, description="Id of the policy whose copies it copies; None: the data.")


class Certificate(Listed):
    """A digital certificate in use."""

    label: ClassVar = "certificate"
    section: ClassVar = "certificates"
    inherits: ClassVar = frozenset({"owner"})

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that declares it.")
    services: tuple[Name, ...] = Field(description="Ids of the services that present it.")
    names: tuple[DnsName, ...] = Field(description="DNS names it is valid for (SAN).")
    issuer: str = Field(description="Who issued it, as the authority's issuers name it.")
    algorithm: Literal["rsa", "ecdsa", "ed25519", "sm2"] = Field(description="Kind of key.")
    bits: int = Field(ge=128, le=16_384, description="Length of the key, bits.")
    hashed: Literal["md5", "sha1", "sha256", "sha384", "sha512", "sm3"] = Field(description="Hash of its signature.")
    expires: Date = Field(description="Last day it is valid.")
    lead_days: int = Field(default=30, ge=0, le=365, description="Days before the end when it is to be replaced.")
    owner: Name | None = Field(default=None, description="Contact id of who replaces it.")
