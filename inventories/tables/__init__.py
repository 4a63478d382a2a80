# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The inventory as tables: which columns a sheet has, what a cell says, what a filled-in sheet asks for."""
