# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Finds the API token that a secret of the inventory refers to."""

from collections.abc import Mapping

from inventories.errors import BadInput
from inventories.findings import did_you_mean
from inventories.model import Inventory


def token(inventory: Inventory, name: str, environ: Mapping[str, str]) -> str:
    """Return the token in the environment variable or file of the secret ``name``.

    Raises BadInput when there is no such secret, when it is kept elsewhere, and when its place is empty.
    """
    secret = next((secret for secret in inventory.secrets if secret.id == name), None)
    if secret is None:
        known = [secret.id for secret in inventory.secrets]
        hint = did_you_mean(name, known) or f"declare it: secrets: {{{name}: {{env: NETBOX_TOKEN}}}}"
        raise BadInput(f"the inventory has no secret {name!r}", hint=hint)
    if secret.env is not None:
        found, where = environ.get(secret.env, ""), f"environment variable {secret.env}"
    elif secret.file is not None:
        try:
            found, where = secret.file.read_text(encoding="utf-8").partition("\n")[0], str(secret.file)
        except (OSError, UnicodeDecodeError) as problem:
            raise BadInput(f"secret {name!r} cannot be read: {problem}") from problem
    else:
        hint = "use env or file, and fill it before from where the secret is"
        raise BadInput(f"secret {name!r} is in a place ({secret.place}) that is not read for NetBox", hint=hint)
    if not found.strip():
        raise BadInput(f"secret {name!r} is empty", where=where)
    return found.strip()
