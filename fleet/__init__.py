# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""How to reach the fleet and read it: transport, collectors, captures, history."""
