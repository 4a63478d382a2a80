# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""The lab: it comes up, breaks on demand, and leaves the machine as it was."""
