# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Findings about an inventory in the formats that other tools read; one module per format."""
