# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The MLPS levels from which more is asked of a service."""

FILED = 2
"""From this level up a service is filed with the police (备案) and assessed (测评)."""
STRICT = 3
"""From this level up redundancy, off-site backup and three administrators are asked for."""
