# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Pictures of an inventory: one view per module in views/, one format per module in writers/."""
