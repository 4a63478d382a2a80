# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How a history database of any age becomes one of the newest revision (Alembic)."""
