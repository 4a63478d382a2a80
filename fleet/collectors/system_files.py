# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Who can change the system itself: its programs and libraries, what it boots, and anything under /etc."""

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.readers import stat
from inventories.base import Frozen, Text

# Links are followed: it is what they lead to that is run. Then one walk over the configuration and the units, which
# names only what somebody other than root owns or can write to. The words of other groups' rights are find(1)'s own:
# -perm -0002 is a file all can write to.
QUESTION = r"""
set --
for file in /etc/ld.so.conf /etc/ld.so.conf.d/*.conf; do
[ -r "$file" ] || continue
while read -r line _; do case $line in /*) set -- "$@" "$line";; esac; done <"$file"
done
echo ef_libraries
[ $# -gt 0 ] && stat -L -c '%a %U %G %F:%n' "$@" 2>&1
echo ef_found
stat -L -c '%a %U %G %F:%n' / /bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /usr/libexec \
/lib /lib32 /lib64 /usr/lib /usr/lib32 /usr/lib64 /usr/local/lib /boot /boot/vmlinuz* /boot/initrd* \
/boot/initramfs* /boot/System.map* /boot/config-* /etc/issue /etc/issue.net /etc/motd /etc/ssh /etc/ssh/moduli \
/etc/ssh/ssh_config /etc/ssh/ssh_config.d /etc/ssh/ssh_config.d/* /etc/ssh/*.pub /etc/ssh/ssh_known_hosts \
/etc/shadow?* /etc/gshadow?* /etc/passwd?* /var/backups/*shadow* /tmp /var/tmp /dev/shm /usr/bin/at \
/usr/bin/crontab /etc/cron.allow /etc/cron.deny /etc/at.allow /etc/at.deny /var/spool/cron /var/spool/cron/crontabs \
/var/spool/cron/atjobs /var/spool/at 2>&1
echo ef_open
set -- /etc /usr/lib/systemd/system
for dir in /usr/local/lib/systemd/system /run/systemd/system; do [ -d "$dir" ] && set -- "$@" "$dir"; done
[ -d "$2" ] || shift
[ -L /lib ] || set -- "$@" /lib/systemd/system
find "$@" -xdev ! -type l \( -perm -0002 -o ! -user root -o -perm -0020 ! -group root \) \
-exec stat -c '%a %U %G %F:%n' {} + 2>&1
echo ef_preload
if [ -r /etc/ld.so.preload ]; then while read -r line || [ -n "$line" ]; do echo "$line"; done </etc/ld.so.preload; fi
echo end
"""

_MARKS = ("ef_libraries", "ef_found", "ef_open", "ef_preload", "end")


class SystemFiles(Frozen):
    """What the system is made of, and who can change it."""

    found: tuple[stat.File, ...]
    """Directories of programs and libraries, what is in /boot, banners, copies of shadow, and places all share."""
    libraries: tuple[stat.File, ...]
    """Directories the dynamic linker is told to look into (ld.so.conf)."""
    open: tuple[stat.File, ...] | Missing
    """What is in /etc or is a systemd unit and has another owner than root, or can be written by all, or by a group
    other than root."""
    preloaded: tuple[str, ...]
    """Libraries every program is made to load (ld.so.preload)."""
    at: bool
    """Whether at(1) is installed."""
    at_allow: bool
    """Whether only those named in at.allow may use it."""


def parse(text: str) -> SystemFiles:
    """Read what stat(1) and find(1) print, between marks."""
    parts: dict[str, list[str]] = {}
    for line in text.splitlines():
        if len(parts) < len(_MARKS) and line == _MARKS[len(parts)]:
            parts[line] = []
        elif not parts:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        else:
            parts[next(reversed(parts))].append(line)
    if len(parts) < len(_MARKS) or parts["end"]:
        raise UnparsableError("the answer is not complete")
    found, loose = stat.read(parts["ef_found"]), stat.read(parts["ef_open"])
    paths = {file.path for file in found}
    if "/" not in paths:
        raise UnparsableError("stat: the answer is not complete")
    hidden = next((file.mode for file in loose if isinstance(file.mode, Missing)), None)
    return SystemFiles(
        found=found,
        libraries=stat.read(parts["ef_libraries"]),
        open=loose if hidden is None else hidden,
        preloaded=tuple(word for line in parts["ef_preload"] for word in line.split("#")[0].replace(":", " ").split()),
        at="/usr/bin/at" in paths,
        at_allow="/etc/at.allow" in paths,
    )


COLLECTOR = Collector(
    id="system_files",
    title=Text(en="Files the system is made of", zh="系统关键文件"),
    question=QUESTION,
    parse=parse,
    facts=SystemFiles,
    size=131_072,
)
