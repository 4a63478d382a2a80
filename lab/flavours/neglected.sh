# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# A host nobody has looked at for years.

# The main file says no, a file somebody dropped in says yes and wins: only the effective state tells.
echo 'PermitRootLogin no' >>/etc/ssh/sshd_config
cat >/etc/ssh/sshd_config.d/10-vendor.conf <<'END'
PermitRootLogin yes
PasswordAuthentication yes
PermitEmptyPasswords yes
MaxAuthTries 20
X11Forwarding yes
Ciphers +aes128-cbc,3des-cbc
MACs +hmac-md5
END

useradd --create-home --shell /bin/bash --comment 'Guest' guest
passwd --quiet --delete guest
useradd --non-unique --uid 0 --gid 0 --no-create-home --home-dir /root --shell /bin/bash support
usermod --password "$(openssl passwd -1 support)" support
sed -i -e 's/^ENCRYPT_METHOD.*/ENCRYPT_METHOD MD5/' -e 's/^UMASK.*/UMASK 000/' /etc/login.defs
echo '%users ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/vendor

echo 'exam_server=10.0.0.8' >/etc/exam.conf
chmod 666 /etc/exam.conf
chmod 644 /etc/shadow
chmod 777 /home/teacher
echo '+ +' >/root/.rhosts

# A certificate about to expire.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 5 -subj "/CN=$(cat /etc/hostname)" \
    -keyout /etc/ssl/private/host.key -out /etc/ssl/certs/host.pem 2>/dev/null

# A job that fails every night; only systemd hosts know of it.
cat >/etc/systemd/system/school-backup.service <<'END'
[Unit]
Description=Nightly backup of the school's files
[Service]
Type=oneshot
ExecStart=/usr/bin/false
[Install]
WantedBy=multi-user.target
END
systemctl enable --quiet school-backup.service

# While it runs: telnet, a reboot that is due, a process nobody waits for.
cat >/etc/rc.local <<'END'
#!/bin/sh
busybox telnetd -p 23 -l /bin/login
echo 'linux-image-amd64' >/run/reboot-required.pkgs
echo '*** System restart required ***' >/run/reboot-required
sh -c 'true & exec sleep infinity' >/dev/null 2>&1 &
END
chmod 755 /etc/rc.local
