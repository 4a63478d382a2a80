# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Enforcement as a use case: plan, apply, undo; wires the baseline, the playbooks and the way to the hosts."""
