# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a host says before and after a login, reduced to what matters: own words, and words that tell what it runs."""

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from inventories.base import Frozen, Text

# What the banners say stays on the target (it may be in any encoding): only how many lines there are, and which words
# give the system away. agetty(8) fills in \m, \r, \s, \v and \S; \n and \l, the host's name and the line, are harmless.
QUESTION = r"""
set --
for file in /etc/issue /etc/issue.d/*.issue /run/issue /run/issue.d/*.issue /etc/issue.net /etc/motd; do
[ -f "$file" ] || continue
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
done
[ $# -gt 0 ] && awk '
function told(word) { if (!((FILENAME, word) in seen)) { seen[FILENAME, word] = 1; print "tells", FILENAME, word } }
FNR == 1 { print "file", FILENAME }
FNR > 200 || /^[ \t\r]*$/ { next }
{ line = tolower($0); given = 0
if (match($0, /\\[mrsvS]/)) { told(substr($0, RSTART, 2)); given = 1 }
names = "debian|ubuntu|red ?hat|centos|rocky linux|almalinux|openeuler|kylin|uniontech|anolis|fedora|suse"
if (match(line, names)) { told(substr(line, RSTART, RLENGTH)); given = 1 }
if (match(line, /linux version [0-9]|kernel [0-9\\]/)) { told("kernel"); given = 1 }
gsub(/\\[a-zA-Z]([{][^}]*[}])?/, ""); if (!given && /[^ \t\r]/) print "line", FILENAME }' "$@"
echo end
"""


class Banner(Frozen):
    """One file of words for those who log in."""

    path: str
    lines: Count
    """Lines that say something of their own."""
    tells: tuple[str, ...]
    """Words, or escapes that agetty fills in, that name the system or its version."""


class Banners(Frozen):
    """The banners that exist."""

    found: tuple[Banner, ...]
    console_lines: Count
    """Lines of their own in what a console shows before the login."""


def parse(text: str) -> Banners:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    own: dict[str, int] = {}
    tells: dict[str, list[str]] = {}
    for line in lines[:-1]:
        tag, path, word = (*line.split(" ", 2), "", "")[:3]
        if tag == "denied" or tag not in {"file", "line", "tells"} or (tag != "file" and path not in own):
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        own.setdefault(path, 0)
        own[path] += tag == "line"
        if tag == "tells":
            tells.setdefault(path, []).append(word)
    found = tuple(Banner(path=path, lines=count, tells=tuple(tells.get(path, ()))) for path, count in own.items())
    shown = [one for one in found if one.path.startswith(("/etc/issue.d/", "/run/issue")) or one.path == "/etc/issue"]
    return Banners(found=found, console_lines=sum(one.lines for one in shown))


COLLECTOR = Collector(
    id="banners",
    title=Text(en="Login banners", zh="登录提示信息"),
    question=QUESTION,
    parse=parse,
    facts=Banners,
)
