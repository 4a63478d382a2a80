# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# A host with real services: what a container needs beyond the packages.

# chronyd may not set the machine's clock (-x); it is its own source, as no packet leaves the lab.
printf 'driftfile /var/lib/chrony/chrony.drift\nlocal stratum 10\n' >/etc/chrony/chrony.conf
sed -i 's/^DAEMON_OPTS=.*/DAEMON_OPTS="-F 1 -x"/' /etc/default/chrony
mkdir -p /etc/systemd/system/chrony.service.d /etc/systemd/system/auditd.service.d
printf '[Unit]\nConditionCapability=\n' >/etc/systemd/system/chrony.service.d/lab.conf

# Linux lets auditd work in the initial pid namespace only (audit_netlink_ok in kernel/audit.c): installed, with rules,
# but not started. A lab host that shows it running would lie.
printf '[Unit]\nConditionVirtualization=!container\n' >/etc/systemd/system/auditd.service.d/lab.conf
printf -- '-w /etc/shadow -p wa -k identity\n-w /etc/sudoers.d -p wa -k sudo\n' >/etc/audit/rules.d/identity.rules

cat >/etc/nftables.conf <<'END'
#!/usr/sbin/nft -f
flush ruleset
table inet filter {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        iif "lo" accept
        meta l4proto { icmp, ipv6-icmp } accept
        tcp dport 22 accept
    }
}
END
systemctl enable --quiet nftables.service
