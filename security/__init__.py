# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""Keep it safe: baseline rules, control maps and their pure evaluation."""
