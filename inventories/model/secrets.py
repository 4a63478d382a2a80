# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Where secrets are kept: an inventory names the place, never the secret."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field, model_validator

from inventories.base import Frozen
from inventories.model.base import Listed, Name

PLACES = ("env", "file", "ansible_vault", "sops", "age", "command")


class Sealed(Frozen):
    """A value in an encrypted file."""

    file: Path = Field(description="The encrypted file; relative paths start at the inventory's root.")
    key: str = Field(description="Name of the value in it; dots lead into mappings.")


class Secret(Listed):
    """A reference to a secret, in exactly one kind of place."""

    label: ClassVar = "secret"
    section: ClassVar = "secrets"

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that declares it.")
    user: str | None = Field(default=None, description="Login name that belongs to it.")
    env: str | None = Field(default=None, pattern=r"^[A-Z_][A-Z0-9_]*$", description="Environment variable.")
    file: Path | None = Field(default=None, description="File whose first line is the secret.")
    ansible_vault: Sealed | None = Field(default=None, description="Value in a file of ansible-vault.")
    sops: Sealed | None = Field(default=None, description="Value in a file of sops.")
    age: Path | None = Field(default=None, description="File encrypted by age.")
    command: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="Program and arguments that print it, e.g. [pass, show, switches]."
    )

    @model_validator(mode="after")
    def _one_place(self) -> "Secret":
        named = [place for place in PLACES if getattr(self, place) is not None]
        if len(named) != 1:
            raise ValueError(f"give exactly one of {', '.join(PLACES)}, not {' and '.join(named) or 'none'}")
        return self

    @property
    def place(self) -> str:
        """Which kind of place it is in: one of ``PLACES``."""
        return next(place for place in PLACES if getattr(self, place) is not None)
