# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""One module for each kind of step, named as the kind is: what it takes, and its tasks."""
