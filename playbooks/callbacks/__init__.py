# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Plugins that ansible-playbook loads: nothing in edufleet imports them."""
