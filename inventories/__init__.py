# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""What exists: the typed model of the authority, its loader, validator and selection."""
