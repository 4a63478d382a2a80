# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the faults are written with; lab/faults.py puts this file in front of each one and runs it as root in the host.

COVERS=/run/lab-fault

# Lay standard input over the file $1, with that file's owner and mode, until `uncover`; the file itself stays as it is.
cover() {
    mkdir -p -m 755 "$COVERS"
    cover=$COVERS/$(echo "$1" | tr / _)
    cat >"$cover"
    chown --reference="$1" "$cover"
    chmod --reference="$1" "$cover"
    echo "$1" >>"$COVERS/covered"
    mount --bind "$cover" "$1"
}

# Take away every cover, also those of a fault that was interrupted half-way.
uncover() {
    [ -e "$COVERS/covered" ] || return 0
    while read -r path; do
        ! mountpoint -q "$path" || umount --lazy "$path"
    done <"$COVERS/covered"
    rm -r "$COVERS"
}
