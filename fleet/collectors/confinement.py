# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What mandatory access control holds to: AppArmor's profiles, SELinux's policy, and who runs outside of both."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen, Text

# Of the processes only those leave the target that run outside: grep names the files whose label says so, stat(1)
# tells of all at once what each runs. A permissive domain is a module of its own in the policy's store (semanage(8)).
QUESTION = r"""
profiles=/sys/kernel/security/apparmor/profiles
if [ -e "$profiles" ]; then
echo apparmor
if [ -r "$profiles" ]; then
{
sed 's/^/profile /' "$profiles"
grep -s -l '^unconfined' /proc/[0-9]*/attr/current
stat -c 'exe %N' /proc/[0-9]*/exe 2>/dev/null
} | awk '$1 == "profile" { print; sub(/^profile /, ""); sub(/ \([a-z]+\)$/, ""); if (/^\//) loaded[$0]; next }
$1 != "exe" { split($1, part, "/"); outside[part[3]]; next }
{ split($2, part, "/"); path = $4; gsub(/\047/, "", path)
if (part[3] in outside && path in loaded) print "outside", path }'
else echo "denied $profiles"
fi
fi
if [ -e /sys/fs/selinux/enforce ]; then
echo selinux
set --
for file in /sys/fs/selinux/checkreqprot /sys/fs/selinux/booleans/selinuxuser_execheap \
/etc/selinux/config; do
[ -r "$file" ] && set -- "$@" "$file"
done
[ "$#" = 0 ] || awk 'FILENAME ~ /config$/ { if ($1 ~ /^SELINUX(TYPE)?=/) print "config", $1; next }
{ sub(/.*\//, "", FILENAME); print "flag", FILENAME, $1 }' "$@"
if [ -x /var/lib/selinux ] && [ "$(id -u)" = 0 ]; then
for module in /var/lib/selinux/*/active/modules/*/permissive_*; do
[ -e "$module" ] && echo "permissive ${module##*/permissive_}"
done
else echo "denied /var/lib/selinux"
fi
for label in $(grep -s -l -E ':(unconfined_service_t|initrc_t):' /proc/[0-9]*/attr/current); do
read -r name <"${label%/attr/current}/comm" && echo "outside $name"
done 2>/dev/null
fi
echo end
"""

_PROFILE = re.compile(r"(.+) \((enforce|complain|kill|unconfined|prompt)\)")


class AppArmor(Frozen):
    """What AppArmor has loaded."""

    enforced: tuple[str, ...]
    """Profiles that hold."""
    complaining: tuple[str, ...]
    """Profiles that only log what they would forbid."""
    outside: tuple[str, ...]
    """Programs with a profile that run without it: started before it was loaded."""


class Selinux(Frozen):
    """What SELinux holds to."""

    configured: str | None
    """Mode at the next boot, as /etc/selinux/config says."""
    policy: str | None
    """E.g. ``targeted`` or ``mls``."""
    permissive: tuple[str, ...] | Missing
    """Domains an administrator has made permissive."""
    outside: tuple[str, ...]
    """Services that no domain confines (``unconfined_service_t``, ``initrc_t``)."""
    enabled_flags: tuple[str, ...]
    """Of ``checkreqprot`` and ``selinuxuser_execheap``, those that are on."""


class Confinement(Frozen):
    """What mandatory access control holds to; a kernel has one of the two, rarely both or neither."""

    apparmor: AppArmor | Missing | None
    selinux: Selinux | None


def parse(text: str) -> Confinement:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    tagged: dict[str, list[str]] = {}
    system = ""
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        if tag in {"apparmor", "selinux"} and not rest:
            system = tag
        elif tag not in {"profile", "outside", "denied", "config", "flag", "permissive"} or not system or not rest:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        tagged.setdefault(f"{system} {tag}", []).append(rest)
    return Confinement(
        apparmor=_apparmor(tagged) if "apparmor apparmor" in tagged else None,
        selinux=_selinux(tagged) if "selinux selinux" in tagged else None,
    )


def _apparmor(tagged: dict[str, list[str]]) -> AppArmor | Missing:
    if "apparmor denied" in tagged:
        return Missing("denied", f"{tagged['apparmor denied'][0]}: root is needed to read this")
    profiles: dict[str, list[str]] = {}
    for line in tagged.get("apparmor profile", []):
        found = _PROFILE.fullmatch(line)
        if found is None:
            raise UnparsableError(f"cannot make sense of profile {line[:80]!r}")
        profiles.setdefault(found[2], []).append(found[1])
    return AppArmor(
        enforced=(*profiles.get("enforce", ()), *profiles.get("kill", ())),
        complaining=tuple(profiles.get("complain", ())),
        outside=tuple(dict.fromkeys(tagged.get("apparmor outside", ()))),
    )


def _selinux(tagged: dict[str, list[str]]) -> Selinux:
    config = dict(line.partition("=")[::2] for line in tagged.get("selinux config", []))
    flags = dict(line.partition(" ")[::2] for line in tagged.get("selinux flag", []))
    return Selinux(
        configured=config.get("SELINUX"),
        policy=config.get("SELINUXTYPE"),
        permissive=Missing("denied", f"{tagged['selinux denied'][0]}: root is needed to look there")
        if "selinux denied" in tagged
        else tuple(dict.fromkeys(tagged.get("selinux permissive", ()))),
        outside=tuple(dict.fromkeys(tagged.get("selinux outside", ()))),
        enabled_flags=tuple(sorted(name for name, value in flags.items() if value == "1")),
    )


COLLECTOR = Collector(
    id="confinement",
    title=Text(en="Mandatory access control", zh="强制访问控制"),
    question=QUESTION,
    parse=parse,
    facts=Confinement,
)
