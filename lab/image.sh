# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# What every lab host has in common; run by lab/image.py in the fresh root file system, after the packages are in.

rm -f /etc/ssh/ssh_host_*_key* # each host gets its own
: >/etc/machine-id

# The account inspections log in with, and one that stands for everybody else.
useradd --uid 1000 --create-home --shell /bin/bash --comment 'Inspection' inspector # boot.sh names the number
useradd --create-home --shell /bin/bash --comment 'Teacher' teacher
printf 'teacher:%s\n' "$(openssl rand -base64 18)" | chpasswd
install -d -o inspector -g inspector -m 700 /home/inspector/.ssh
echo 'inspector ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/inspector
chmod 440 /etc/sudoers.d/inspector

# busybox sh as a login shell: sshd calls a shell by the last part of its path, which busybox takes for the applet.
ln -s busybox /bin/ash
echo /bin/ash >>/etc/shells

# Where the fault full-disk mounts its file system.
mkdir -p /srv/data

# What has no object in a container.
systemctl disable --quiet getty@tty1.service e2scrub_reap.service e2scrub_all.timer fstrim.timer systemd-pstore.service
