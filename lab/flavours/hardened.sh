# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# A host somebody has taken care of.

cat >/etc/ssh/sshd_config.d/20-hardened.conf <<'END'
PermitRootLogin no
PasswordAuthentication no
PermitEmptyPasswords no
MaxAuthTries 4
MaxSessions 4
LoginGraceTime 60
ClientAliveInterval 300
ClientAliveCountMax 2
X11Forwarding no
AllowTcpForwarding no
AllowAgentForwarding no
LogLevel VERBOSE
Banner /etc/issue.net
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256
END
echo 'Authorised use only. 仅限授权人员使用。' | tee /etc/issue /etc/issue.net >/etc/motd
chmod 600 /etc/ssh/sshd_config /etc/ssh/sshd_config.d/20-hardened.conf

# Passwords: quality, age, history, lock-out.
printf 'minlen = 12\nminclass = 3\nmaxrepeat = 3\nenforce_for_root\n' >/etc/security/pwquality.conf
printf 'deny = 5\nfail_interval = 900\nunlock_time = 900\n' >/etc/security/faillock.conf
sed -i -e 's/^auth.*pam_unix\.so.*/auth required pam_faillock.so preauth\nauth [success=2 default=ignore] pam_unix.so\nauth [default=die] pam_faillock.so authfail/' \
    /etc/pam.d/common-auth
echo 'account required pam_faillock.so' >>/etc/pam.d/common-account
sed -i '/pam_unix\.so/i password required pam_pwhistory.so remember=5 use_authtok' /etc/pam.d/common-password
sed -i -e 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 90/' -e 's/^PASS_MIN_DAYS.*/PASS_MIN_DAYS 1/' \
    -e 's/^PASS_WARN_AGE.*/PASS_WARN_AGE 14/' -e 's/^UMASK.*/UMASK 027/' /etc/login.defs
chage -M 90 -m 1 -W 14 teacher
useradd --comment 'Auditor' --create-home --shell /bin/bash auditor
usermod --lock auditor

# Sessions.
printf 'readonly TMOUT=600\nexport TMOUT\numask 027\nexport HISTSIZE=1000\n' >/etc/profile.d/hardened.sh
printf 'Defaults use_pty\nDefaults logfile=/var/log/sudo.log\n' >/etc/sudoers.d/hardened
chmod 440 /etc/sudoers.d/hardened

# Records: half a year of them, and a copy elsewhere.
sed -i -e 's/rotate [0-9]*/rotate 27/' /etc/logrotate.d/rsyslog
echo '*.* @log.edu.example:514' >/etc/rsyslog.d/60-remote.conf
cat >/etc/audit/rules.d/hardened.rules <<'END'
-w /etc/passwd -p wa -k identity
-w /etc/group -p wa -k identity
-w /etc/ssh/sshd_config -p wa -k sshd
-w /var/log/faillog -p wa -k logins
-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -k time
-e 2
END

# Files.
chmod 700 /root /home/* /etc/cron.d /etc/cron.daily /etc/cron.hourly /etc/cron.weekly /etc/cron.monthly
chmod 600 /etc/crontab
echo root >/etc/cron.allow
chmod 640 /etc/cron.allow

# The network settings a namespace has of its own.
cat >/etc/sysctl.d/60-hardened.conf <<'END'
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.default.accept_redirects = 0
net.ipv4.conf.all.secure_redirects = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
net.ipv4.conf.all.accept_source_route = 0
net.ipv4.conf.all.rp_filter = 1
net.ipv4.conf.all.log_martians = 1
net.ipv4.icmp_echo_ignore_broadcasts = 1
net.ipv4.tcp_syncookies = 1
net.ipv6.conf.all.accept_redirects = 0
net.ipv6.conf.all.accept_ra = 0
END
printf '#!/bin/sh\nsysctl --quiet --load=/etc/sysctl.d/60-hardened.conf\n' >/etc/rc.local
chmod 755 /etc/rc.local

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=$(cat /etc/hostname)" \
    -keyout /etc/ssl/private/host.key -out /etc/ssl/certs/host.pem 2>/dev/null
