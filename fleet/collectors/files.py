# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Owners and modes of the files that security hangs on, by one stat(1)."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
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

_REFUSED = re.compile(r"stat: (?:cannot stat\w*|can't stat) '(/.*)': (.*)", re.ASCII)
_LINE = re.compile(r"([0-7]{1,4}) (\S+) (\S+) ([^:]+):(/.*)", re.ASCII)


_KINDS = {"regular file": "file", "regular empty file": "file", "directory": "directory", "symbolic link": "link"}


class File(Frozen):
    """One file that exists, or that only root could tell of: then all but its path (or pattern) is missing."""

    path: str
    mode: str | Missing
    """Octal, four digits."""
    owner: str | Missing
    """User's name; ``UNKNOWN`` when the number has none."""
    group: str | Missing
    kind: str
    """``file``, ``directory``, ``link`` or ``other``."""


class Files(Frozen):
    """The files that security hangs on, as far as they exist."""

    found: tuple[File, ...]
    cron_allow: bool
    """Whether only those named in cron.allow may use cron."""
    integrity_database: bool
    """Whether AIDE's data base is there."""


def parse(text: str) -> Files:
    """Read ``mode owner group type:path`` lines and stat's complaints."""
    found: list[File] = []
    for line in text.splitlines():
        match, refused = _LINE.fullmatch(line), _REFUSED.fullmatch(line)
        if match is not None:
            mode, owner, group, kind, path = match.groups()
            found.append(File(path=path, mode=mode.zfill(4), owner=owner, group=group, kind=_KINDS.get(kind, "other")))
        elif refused is None:
            raise UnparsableError(f"stat: cannot make sense of {line[:80]!r}")
        elif refused[2] == "Permission denied":
            gap = Missing("denied", f"{refused[1]}: root is needed to look at this")
            found.append(File(path=refused[1], mode=gap, owner=gap, group=gap, kind="other"))
    paths = {file.path for file in found}
    if "/" not in paths:
        raise UnparsableError("stat: the answer is not complete")
    return Files(
        found=tuple(found),
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
