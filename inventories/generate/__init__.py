# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Makes up a province of any size, in files such as a person would write: for trials, rehearsals and benchmarks."""
