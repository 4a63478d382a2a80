# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# sudo wants a password, which the inspection account does not have.

apply() {
    echo 'inspector ALL=(ALL:ALL) ALL' | cover /etc/sudoers.d/inspector
}

clear() {
    uncover
}
