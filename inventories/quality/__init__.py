# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How good the inventory's data is: how much of what ought to be stated is, and how lately it was verified."""
