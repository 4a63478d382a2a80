# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Which of the packages security asks about are installed, in one call to the package manager."""

from fleet.collector import Collector, UnparsableError
from inventories.base import Frozen, Text

PACKAGES = """
aide aide-common auditd audit apparmor clamav clamav-daemon clamd chrony cracklib dnf-automatic fail2ban fapolicyd
ftp inetutils-ftp inetutils-ftpd inetutils-telnetd inetutils-inetd libpam-pwquality libpwquality
net-snmp nftables nis openbsd-inetd openssh-server osquery prelink rsh-client rsh-redone-client rsh-redone-server
rsh-server rsyslog samba selinux-policy-targeted slapd sudo talk talkd telnet telnet-server telnetd
tftp tftpd tftpd-hpa tftp-server tripwire unattended-upgrades usbguard vsftpd wazuh-agent xinetd xserver-xorg-core
xorg-x11-server-Xorg ypbind ypserv yp-tools gcc make tcpdump nmap
""".split()  # noqa: SIM905 - a table

QUESTION = f"""\
set -- {" ".join(PACKAGES)}
if [ -f /var/lib/dpkg/status ]; then
echo dpkg
dpkg-query -W -f '${{db:Status-Status}} ${{Package}} ${{Version}}\\n' "$@" 2>/dev/null
elif command -v rpm >/dev/null; then
echo rpm
rpm -q --qf 'installed %{{NAME}} %{{VERSION}}-%{{RELEASE}}\\n' "$@"
else exit 69; fi
echo end
"""


class Package(Frozen):
    """One installed package."""

    name: str
    version: str


class Packages(Frozen):
    """The packages security asks about."""

    manager: str
    """``dpkg`` or ``rpm``."""
    installed: tuple[Package, ...]
    names: tuple[str, ...]
    """Of the installed ones."""


def parse(text: str) -> Packages:
    """Read ``state name version`` lines; packages removed but for their settings are not installed."""
    lines = text.splitlines()
    if len(lines) < 2 or lines[0] not in {"dpkg", "rpm"} or lines[-1] != "end":  # noqa: PLR2004 - head and tail
        raise UnparsableError("the answer is not complete")
    installed: list[Package] = []
    for line in lines[1:-1]:
        words = line.split()
        if line.endswith("is not installed"):
            continue
        if len(words) < 2:  # noqa: PLR2004 - state and name
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        if words[0] == "installed":
            installed.append(Package(name=words[1], version=" ".join(words[2:])))
    return Packages(manager=lines[0], installed=tuple(installed), names=tuple(one.name for one in installed))


COLLECTOR = Collector(
    id="packages",
    title=Text(en="Packages security asks about", zh="安全相关软件包"),
    question=QUESTION,
    parse=parse,
    facts=Packages,
)
