# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""Keep it seen: health checks and capacity figures over the facts of a capture."""
