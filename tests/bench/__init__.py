# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Benchmarks against named peers, both measured in the same run; ``make bench`` prints goal and result."""
