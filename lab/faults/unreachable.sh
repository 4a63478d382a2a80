# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# The host's cable is cut: nothing answers, not even with a refusal.

apply() {
    ip link set eth0 down
}

clear() {
    ip link set eth0 up
}
