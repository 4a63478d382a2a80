# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
"""What an inspection leaves behind: JSON, HTML and terminal output, one module per format."""
