# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""The validation rules, one module per family; importing the package registers them all."""

from inventories.rules import identity, network, references, resilience, tree

__all__ = ["identity", "network", "references", "resilience", "tree"]
