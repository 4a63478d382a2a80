# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Routes and receivers say nothing of single assets; test_alertmanager.py proves what they say of their alerts."""

READ = None
