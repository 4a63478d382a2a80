# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What runs as root on somebody's word: programs named in root's cron jobs and in sudoers, and root's search paths."""

import re

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from inventories.base import Frozen, Text

# Of jobs and rights only the paths in them leave the target. A path counts when it is a program: a file that can be
# run or has the ending of a script. What awk finds is looked at with the shell's own tests, then by one stat(1),
# together with every directory above: who can write there can put another program in its place.
QUESTION = r"""
set --
for file in /etc/crontab /etc/anacrontab /etc/cron.d/* /var/spool/cron/crontabs/root /var/spool/cron/root \
/etc/sudoers /etc/sudoers.d/* /etc/environment /etc/login.defs /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc \
/etc/bashrc /root/.profile /root/.bash_profile /root/.bashrc /root/.bash_login; do
case $file in *~|/etc/sudoers.d/*.*|*/'*') continue;; esac
if [ -r "$file" ]; then [ -f "$file" ] && set -- "$@" "$file"
elif [ -e "$file" ]; then echo "denied $file"; fi
done
for dir in /root /etc/sudoers.d /var/spool/cron /var/spool/cron/crontabs; do
[ -d "$dir" ] && [ ! -x "$dir" ] && echo "denied $dir"
done
for dir in /var/spool/cron/crontabs /var/spool/cron; do
[ -d "$dir" ] && [ ! -r "$dir" ] && echo "denied $dir"
for file in "$dir"/*; do [ -f "$file" ] && echo "table ${file##*/}"; done
[ "$dir" = /var/spool/cron/crontabs ] && [ -d "$dir" ] && break
done
found=
[ $# -gt 0 ] && found=$(awk '
function programs(kind, text, count, part, i) {
count = split(text, part, /[ \t;&|()<>"'"'"'`=,]+/)
for (i = 1; i <= count; i++)
if (part[i] ~ /^\/[^*?$%]*$/ && part[i] !~ /^\/(dev|proc|sys)\// && !((FILENAME, part[i]) in seen)) {
seen[FILENAME, part[i]] = 1; print kind, FILENAME, part[i] } }
/^[ \t]*(#|$)/ { next }
match($0, /(^|[ \t;])(ENV_)?(SU)?PATH[ \t=]+["'"'"']?[^"'"'"' \t;]*/) ||
match($0, /secure_path[ \t]*\+?=[ \t]*"?[^" \t]*/) {
value = substr($0, RSTART, RLENGTH); sub(/^.*=[ \t]*["'"'"']?/, "", value); print "path", FILENAME, value }
FILENAME ~ /^\/root\/|profile|bashrc/ {
if (FILENAME ~ /^\/root/ && match($0, /(^|[ \t;])umask[ \t]+[0-7]+/)) {
value = substr($0, RSTART, RLENGTH); sub(/^.*[ \t]/, "", value); print "umask", FILENAME, value }
next }
FILENAME ~ /sudoers/ { if ($1 !~ /^(Defaults|User_Alias|Host_Alias|Runas_Alias)/) programs("sudo", $0); next }
FILENAME ~ /cron/ {
if ($0 ~ /^[ \t]*[A-Za-z_]+[ \t]*=/) next
if (FILENAME ~ /spool/) { $1 = ""; if ($0 !~ /^ *@/) $2 = $3 = $4 = $5 = "" }
else if (FILENAME ~ /anacrontab/) $1 = $2 = $3 = ""
else { user = $1 ~ /^@/ ? $2 : $6; if (user != "root") next }
programs("cron", $0) }' "$@")
set -f; set --; IFS='
'
for line in $found; do
case $line in
path\ *) echo "$line"; value=${line##* }:
while [ -n "$value" ]; do
dir=${value%%:*}; value=${value#*:}
case $dir in /*) [ -d "$dir" ] && set -- "$@" "$dir";; esac
done; continue;;
umask\ *) echo "$line"; continue;; esac
file=${line##* }
[ -f "$file" ] || continue
[ -x "$file" ] || case $file in *.sh|*.py|*.pl|*.rb|*.php) ;; *) continue;; esac
echo "$line"; set -- "$@" "$file"
dir=${file%/*}
while [ -n "$dir" ]; do set -- "$@" "$dir"; dir=${dir%/*}; done
done
[ $# -gt 0 ] && stat -L -c '%a %u %g:%n' "$@" 2>/dev/null | awk '!seen[$0]++ { print "stat", $0 }'
echo end
"""

_STAT = re.compile(r"([0-7]{1,4}) (\d{1,10}) (\d{1,10}):(/.*)", re.ASCII)
_EXPANSION = re.compile(r"\$\{[^{}]*\}")


class Program(Frozen):
    """One program that root, or somebody by sudo, is made to run."""

    kind: str
    """``cron`` or ``sudo``."""
    source: str
    """File that names it."""
    path: str
    weakest: str
    """The file, or the directory above it, that others than root can write to; empty: none."""


class SearchPath(Frozen):
    """One assignment of the search path."""

    source: str
    value: str
    relative: bool
    """Whether programs of the current directory are found: an empty entry, a dot, or any that begins with no slash."""
    writable: tuple[str, ...]
    """Directories on it that others than root can write to."""


class RootUmask(Frozen):
    """A umask root's own shell is given."""

    source: str
    umask: str


class RootPrograms(Frozen):
    """What runs as root on somebody's word. Missing: files that only root can read were in the way."""

    programs: tuple[Program, ...] | Missing
    paths: tuple[SearchPath, ...] | Missing
    umasks: tuple[RootUmask, ...] | Missing
    tables: tuple[str, ...] | Missing
    """Users with a cron table of their own."""


def parse(text: str) -> RootPrograms:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    tagged: dict[str, list[str]] = {tag: [] for tag in ("denied", "table", "path", "umask", "cron", "sudo", "stat")}
    for line in lines[:-1]:
        tag, space, rest = line.partition(" ")
        if tag not in tagged or not space:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        tagged[tag].append(rest)
    open_to_others = {match[4] for match in map(_STAT.fullmatch, tagged["stat"]) if match and _open(match)}
    programs = [
        Program(kind=kind, source=source, path=path, weakest=_weakest(path, open_to_others))
        for kind in ("cron", "sudo")
        for source, path in (_split(line) for line in tagged[kind])
    ]
    gap = Missing("denied", f"{tagged['denied'][0]}: root is needed to read it") if tagged["denied"] else None
    return RootPrograms(
        programs=gap or tuple(programs),
        paths=gap or tuple(_path(line, open_to_others) for line in tagged["path"]),
        umasks=gap or tuple(_umask(line) for line in tagged["umask"]),
        tables=gap or tuple(dict.fromkeys(tagged["table"])),
    )


def _split(line: str) -> tuple[str, str]:
    first, space, rest = line.partition(" ")
    if not space:
        raise UnparsableError(f"cannot make sense of {line[:80]!r}")
    return first, rest


def _umask(line: str) -> RootUmask:
    source, value = _split(line)
    return RootUmask(source=source, umask=value.zfill(3))


def _open(found: re.Match[str]) -> bool:
    """Whether another than root can write there: owner, group or everybody."""
    mode, owner, group = int(found[1], 8), int(found[2]), int(found[3])
    return owner != 0 or mode & 0o002 != 0 or (mode & 0o020 != 0 and group != 0)


def _weakest(path: str, open_to_others: set[str]) -> str:
    parts = path.split("/")
    above = ("/".join(parts[:end]) for end in range(len(parts), 1, -1))
    return next((one for one in above if one in open_to_others), "")


def _path(line: str, open_to_others: set[str]) -> SearchPath:
    source, value = _split(line)
    plain = value
    while _EXPANSION.search(plain):
        plain = _EXPANSION.sub("$", plain)
    entries = [entry for entry in plain.split(":") if not entry.startswith(("$", "`"))] if plain else []
    return SearchPath(
        source=source,
        value=value,
        relative=any(not entry.startswith(("/", "~")) for entry in entries),
        writable=tuple(entry for entry in dict.fromkeys(entries) if entry in open_to_others),
    )


COLLECTOR = Collector(
    id="root_programs",
    title=Text(en="What runs as root", zh="以 root 身份运行的程序"),
    question=QUESTION,
    parse=parse,
    facts=RootPrograms,
)
