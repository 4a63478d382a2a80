# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads the files of an inventory: bytes to nodes with positions, nodes to pages, pages to entries."""
