# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Steps of the baseline's remedies as Ansible tasks, each undone exactly."""
