# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Enforcement of the baseline: from findings to a plan that people can review."""
