# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Changes the files of an inventory; whatever is not edited stays as it is."""
