# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a change of the inventory means: not which lines differ, but what moved, was renamed or re-addressed."""
