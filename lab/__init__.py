# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""The practice fleet: real Linux hosts in network namespaces, with faults on demand."""
