# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""NetBox: what the inventory is called there, said once for import files, push and pull."""
