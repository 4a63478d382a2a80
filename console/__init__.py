# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""What people see: the command line, reports, and the use cases that wire the rooms."""
