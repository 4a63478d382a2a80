# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How a rule's finding is mended by a machine: a few kinds of steps, as data, and how dangerous they are.

What a step does on a host is written elsewhere, once per kind; a rule only says which and with which values. A value
``$name`` stands for a parameter of the rule.
"""

from typing import Annotated, Literal

from pydantic import Field

from inventories.base import Frozen

Danger = Literal["none", "service", "access", "reboot"]
"""What may go wrong: nothing; a service is restarted; people or edufleet itself may be locked out (SSH, PAM, sudo,
firewall), so the change arms its own undoing first; it only holds after a reboot."""

Written = str | int | bool
Path = Annotated[str, Field(pattern=r"^/[\w./@+-]+$")]
Unit = Annotated[str, Field(pattern=r"^[\w@.-]+\.(service|socket|timer|mount|target)$")]
Module = Annotated[str, Field(pattern=r"^[\w-]+$")]


class Sysctl(Frozen):
    """A kernel parameter, now and in a file of our own that sorts last."""

    do: Literal["sysctl"]
    name: str = Field(pattern=r"^[a-z0-9_]+(\.[\w*/-]+)+$", description="Name with dots, e.g. net.ipv4.tcp_syncookies.")
    value: Written


class Sshd(Frozen):
    """An option of sshd in a drop-in of our own that is read first; other places that say otherwise are mended."""

    do: Literal["sshd"]
    option: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9]+$")
    value: Written


class Setting(Frozen):
    """A key in a configuration file; other occurrences of the key are commented out."""

    do: Literal["setting"]
    file: Path
    key: str
    value: Written
    form: Literal["key value", "key=value", "key = value"] = "key = value"
    section: str | None = Field(default=None, description="Section of an ini file.")
    stricter: Literal["lower", "higher"] | None = Field(
        default=None, description="Which other numbers are stricter (lower: but 0): where one stands, it stays."
    )
    restart: Unit | None = Field(default=None, description="Unit to restart when it changed.")


class Permissions(Frozen):
    """Owner, group and mode of files; a mode only ever takes permissions away."""

    do: Literal["permissions"]
    paths: tuple[str, ...] = Field(min_length=1, description="Paths; shell patterns are allowed.")
    owner: str | None = None
    group: str | None = None
    at_most: str | None = Field(
        default=None, pattern=r"^(0[0-7]{3,4}|\$\w+)$", description="Octal mode not to be exceeded, or $parameter."
    )


class Unit_(Frozen):  # noqa: N801 - Unit is the name of one
    """State of a systemd unit."""

    do: Literal["unit"]
    names: tuple[str, ...] = Field(min_length=1, description="Units, or one $parameter; those not installed are left.")
    state: Literal["masked", "disabled", "running"]


class Package(Frozen):
    """Packages that must be there or must not, by family of the platform."""

    do: Literal["package"]
    names: tuple[str, ...] = Field(min_length=1, description="Names, or one $parameter.")
    state: Literal["present", "absent"]


class OwnFile(Frozen):
    """A file that belongs to edufleet alone, such as a drop-in."""

    do: Literal["file"]
    file: Path
    text: str
    mode: str = Field(default="0644", pattern=r"^0[0-7]{3}$")
    restart: Unit | None = Field(default=None, description="Unit to restart when it changed.")


class BlockedModule(Frozen):
    """A kernel module that must not be loaded."""

    do: Literal["module"]
    names: tuple[Module, ...] = Field(min_length=1)


class MountOptions(Frozen):
    """Options of a mount point, now and at boot."""

    do: Literal["mount"]
    point: Path
    options: tuple[Module, ...] = Field(min_length=1)


class PamOption(Frozen):
    """An option of a PAM module where it is in the stack; the stack itself is not changed."""

    do: Literal["pam_option"]
    services: tuple[str, ...] = Field(min_length=1, description="Files under /etc/pam.d.")
    module: str = Field(pattern=r"^pam_\w+\.so$")
    option: str
    value: Written | None = None


class AuditRules(Frozen):
    """Audit rules in a file of our own under /etc/audit/rules.d, loaded."""

    do: Literal["audit_rules"]
    lines: tuple[str, ...] = Field(min_length=1)


Step = Annotated[
    Sysctl | Sshd | Setting | Permissions | Unit_ | Package | OwnFile | BlockedModule | MountOptions | PamOption
    | AuditRules,
    Field(discriminator="do"),
]  # fmt: skip


class Remedy(Frozen):
    """How the finding of a rule is mended; rules without one are mended by people."""

    danger: Danger
    steps: tuple[Step, ...] = Field(min_length=1)


def parameters(remedy: Remedy) -> frozenset[str]:
    """Return the parameters of the rule that the steps name."""
    values = (value for step in remedy.steps for _, value in step)
    texts = (text for value in values for text in (value if isinstance(value, tuple) else (value,)))
    return frozenset(text[1:] for text in texts if isinstance(text, str) and text.startswith("$"))
