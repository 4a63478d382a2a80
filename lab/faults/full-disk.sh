# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# /srv/data is a small file system without a free block.

apply() {
    mount -t tmpfs -o size=4m,mode=755 data /srv/data
    cat /dev/zero >/srv/data/recordings 2>/dev/null || :
}

clear() {
    ! mountpoint -q /srv/data || umount --lazy /srv/data
}
