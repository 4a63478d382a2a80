# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""Readers of configuration formats that more than one collector, or a collector and its tests, make use of."""
