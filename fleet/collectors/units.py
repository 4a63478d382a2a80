# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The state of the services security asks about, in one call to systemd."""

from fleet.collector import Collector, UnparsableError
from inventories.base import Frozen, Text

UNITS = """
1panel.service 3proxy.service aidecheck.timer ajenti.service anydesk.service apparmor.service apt-daily-upgrade.timer
auditd.service autofs.service avahi-daemon.service bacula-fd.service bareos-fd.service bareos-filedaemon.service
bluetooth.service bt.service chrony.service chronyd.service clamav-clamonacc.service clamav-daemon.service
clamav-freshclam.service clamd@scan.service clamonacc.service cloudflared.service cockpit.socket courier-imap.service
cron.service crond.service cups.service cups.socket cyrus-imapd.service dailyaidecheck.timer danted.service
debug-shell.service dhcpd.service dnf-automatic-install.timer dnf-automatic.timer dnsmasq.service dovecot.service
fail2ban.service firewalld.service frpc.service frps.service gdm.service gdm3.service gnome-remote-desktop.service
inetd.service ip6tables.service iptables.service isc-dhcp-server.service iscsid.service kdump.service
kea-dhcp4-server.service kea-dhcp6-server.service lightdm.service logrotate.timer named.service
netfilter-persistent.service nfs-server.service nftables.service ngrok.service nis.service nmb.service nmbd.service
nps.service ntp.service ntpd.service ntpsec.service openntpd.service osqueryd.service pdns.service privoxy.service
proftpd.service pure-ftpd.service rexec.socket rlogin.socket rpcbind.service rpcbind.socket rsh.socket rsync.service
rsyncd.service rsyslog.service runsunloginclient.service rustdesk.service samba-ad-dc.service sddm.service
slapd.service smb.service smbd.service snmpd.service squid.service syslog-ng.service systemd-coredump.socket
systemd-journal-remote.socket systemd-journal-upload.service systemd-journald.service systemd-timesyncd.service
systemd-tmpfiles-clean.timer tailscaled.service teamviewerd.service telnet.socket tftp.socket tftpd-hpa.service
tinyproxy.service todeskd.service ufw.service unattended-upgrades.service unbound.service
urbackupclientbackend.service usermin.service veeamservice.service vsftpd.service wazuh-agent.service webmin.service
winbind.service x11vnc.service xdm.service xinetd.service xrdp.service ypbind.service ypserv.service
zerotier-one.service
""".split()  # noqa: SIM905 - a table

QUESTION = f"""\
[ -d /run/systemd/system ] || exit 69
systemctl show -p Id,LoadState,ActiveState,UnitFileState {" ".join(UNITS)}
"""


class Unit(Frozen):
    """One unit that is installed."""

    name: str
    active: bool
    """Running, listening or waiting for its time."""
    starts: bool
    """Whether it comes up at boot or on demand of what does."""
    state: str
    """As systemd says it: active state, then what its unit file says, e.g. ``active/enabled``, ``inactive/masked``."""


class Units(Frozen):
    """The services security asks about, those that are not installed left out."""

    installed: tuple[Unit, ...]
    active: tuple[str, ...]
    """Names of the running ones."""


def parse(text: str) -> Units:
    """Read ``systemctl show``: blocks of ``Key=value``."""
    units: dict[str, Unit] = {}
    blocks = [block for block in text.split("\n\n") if block.strip()]
    for block in blocks:
        values = dict(line.partition("=")[::2] for line in block.splitlines())
        if not {"Id", "LoadState", "ActiveState", "UnitFileState"} <= values.keys():
            raise UnparsableError("systemctl show: a unit without its states")
        if values["LoadState"] == "not-found":
            continue
        name, active = values["Id"], values["ActiveState"]
        units[name] = Unit(
            name=name,
            active=active in {"active", "activating", "reloading"},
            starts=values["UnitFileState"] in {"enabled", "enabled-runtime", "alias"},
            state=f"{active}/{values['UnitFileState'] or values['LoadState']}",
        )
    if len(blocks) < len(UNITS):
        raise UnparsableError(f"systemctl show: {len(blocks)} units of {len(UNITS)}")
    installed = tuple(units.values())
    return Units(installed=installed, active=tuple(unit.name for unit in installed if unit.active))


COLLECTOR = Collector(
    id="units",
    title=Text(en="System services", zh="系统服务"),
    question=QUESTION,
    parse=parse,
    facts=Units,
)
