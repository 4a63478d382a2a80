# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# A host where inspector's shell is dash, which reads no start-up file for a command.

usermod --shell /bin/dash inspector
