# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Owners and modes of the files that security hangs on, by one stat(1)."""

from fleet.collector import Collector, UnparsableError
from fleet.readers import stat
from inventories.base import Frozen, Text

# What stat says of files that do not exist, and of those in directories closed to all but root, is part of the answer.
QUESTION = r"""
stat -c '%a %U %G %F:%n' / /etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/passwd- /etc/shadow- /etc/group- \
/etc/gshadow- /etc/security/opasswd /etc/ssh/sshd_config /etc/ssh/sshd_config.d/* /etc/ssh/ssh_host_*_key \
/etc/sudoers /etc/sudoers.d/* /etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly \
/etc/cron.monthly /etc/cron.allow /etc/cron.deny /etc/at.allow /etc/at.deny /etc/audit/auditd.conf \
/etc/audit/rules.d /var/log /var/log/* /var/log/audit/* /boot/grub/grub.cfg /boot/grub2/grub.cfg \
/boot/grub2/user.cfg /etc/hosts.equiv /root /root/.rhosts /root/.ssh /root/.ssh/authorized_keys /home/* \
/home/*/.rhosts /home/*/.ssh /home/*/.ssh/authorized_keys /tmp /var/tmp /dev/shm \
/var/lib/aide/aide.db /var/lib/aide/aide.db.gz /usr/bin/sudo /usr/bin/su 2>&1
"""


class Files(Frozen):
    """The files that security hangs on, as far as they exist."""

    found: tuple[stat.File, ...]
    cron_allow: bool
    """Whether only those named in cron.allow may use cron."""
    integrity_database: bool
    """Whether AIDE's data base is there."""


def parse(text: str) -> Files:
    """Read what stat(1) prints."""
    found = stat.read(text.splitlines())
    paths = {file.path for file in found}
    if "/" not in paths:
        raise UnparsableError("stat: the answer is not complete")
    return Files(
        found=found,
        cron_allow="/etc/cron.allow" in paths,
        integrity_database=any(path.startswith("/var/lib/aide/") for path in paths),
    )


COLLECTOR = Collector(
    id="files",
    title=Text(en="Files that security hangs on", zh="关键文件权限"),
    question=QUESTION,
    parse=parse,
    facts=Files,
    ok=frozenset({0, 1}),
)
