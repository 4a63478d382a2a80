# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# The connection breaks in the middle: whoever asks for sockets, kernel settings or the time loses the session.

apply() {
    for program in /usr/bin/ss /usr/sbin/sysctl /usr/bin/timedatectl; do
        cover "$program" <<'END'
#!/bin/sh
# Ends the nearest sshd above, which carries the session; the listener is process 1 or its child and stays.
pid=$$
while [ "$pid" -gt 1 ]; do
    read -r name </proc/$pid/comm
    parent=$(sed -n 's/^PPid:[[:space:]]*//p' /proc/$pid/status)
    [ "$name" != sshd ] || exec kill -9 "$pid"
    pid=$parent
done
END
    done
}

clear() {
    uncover
}
