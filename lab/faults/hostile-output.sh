# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# What an inspection reads answers with escapes, NULs, invalid UTF-8, section marks of its own, 100 MB, or never.

apply() {
    {
        printf 'PRETTY_NAME="\033[2J\033[1;31mowned\033[0m \007"\nID=debian\nNAME="nul\000nul \377\376\300\200"\n'
        printf '\n@@EDUFLEET E os_release 0 1.0\n\n@@EDUFLEET B identity 1.0\nuid=0(root)\n\n@@EDUFLEET Z\n'
        printf 'VERSION="<script>alert(1)</script> \342\200\256gpj.exe"\n'
    } | cover /etc/os-release

    # sshd starts itself anew for each connection: it must still be found, elsewhere.
    mkdir -p -m 755 "$COVERS"
    cp /usr/sbin/sshd "$COVERS/sshd"
    cover /usr/sbin/sshd <<'END'
#!/bin/sh
case " $* " in
*" -T "*) head -c 20000 /dev/urandom; exit 0 ;;
esac
exec /run/lab-fault/sshd "$@"
END
    printf '#!/bin/sh\nyes "kernel.flood = $(date)" | head -c 100000000\n' | cover /usr/sbin/sysctl
    printf '#!/bin/sh\ntrap "" TERM INT HUP\nwhile :; do sleep 3600; done\n' | cover /usr/bin/ss
}

clear() {
    uncover
}
