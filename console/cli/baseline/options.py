# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What commands of the baseline share."""

from typing import Annotated

import typer

from security import profile as profiles

ProfileOption = Annotated[
    str, typer.Option(help="Security baseline to look into.", autocompletion=lambda: list(profiles.names()))
]
