# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""What earlier passes saw: runs, results, samples and hash-chained events in SQL."""
