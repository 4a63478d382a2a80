# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The formats that changes are read from, one module each; every module has an IMPORTER."""
