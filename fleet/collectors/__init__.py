# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""Collectors, one file each: a bounded read-only question and a pure parser into typed facts."""
