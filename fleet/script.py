# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Compose the one shell script a target runs: every question, each with its own time and size bound, framed by a nonce.

Nothing touches the target's disk: the script arrives on standard input, answers leave on standard output and error.
"""

import re
from shlex import quote

from fleet.collector import AnyCollector

LOGIN_COMMAND = "/bin/sh -c '[ \"$(id -u)\" = 0 ] && exec /bin/sh -s; sudo -n /bin/sh -s || exec /bin/sh -s'"
"""The one command put to the login shell, whatever shell that is.

A sudo that refuses has read nothing from standard input, so the second shell finds the whole script there and
answers what it may without root. A script that ran under sudo leaves the second shell an empty input: a no-op.
"""

_TOOLS = """\
up=0
now() { read -r up _ </proc/uptime; } 2>/dev/null
begin() { now; printf '\\n%s B %s %s\\n' "$M" "$1" "$up"; printf '\\n%s B %s %s\\n' "$M" "$1" "$up" >&2; }
end() { now; printf '\\n%s E %s %s %s\\n' "$M" "$1" "$2" "$up"; }
"""
"""What both shells on the target need: the marks around an answer, with the time since boot."""

_TOGETHER = """\
M=$EF_MARK; unset EF_MARK
while [ "$#" -gt 0 ]; do
begin "$1"
( eval "$4" ) </dev/null 4>&-
end "$1" "$?"; echo "$1" >&4; shift 4
done
"""
"""The usual case: all questions in subshells of one shell, under one bound of time and one of size; it names each one
answered on descriptor 4. One process for each question beside its own, where asking alone takes six."""

# GNU timeout(1) ends a question with everything it started, at once: after a mere TERM it would let go as soon as the
# shell has ended, and wait for nobody who ignores it. Elsewhere (BusyBox) a watchdog ends the question's shell. Either
# way, a second later whoever still reads for it is ended: a question may leave somebody behind who holds its output.
_MAIN = """\
ef_main() {
M='@MARK@'
LC_ALL=C; PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH; unset ENV BASH_ENV CDPATH; cd /
T=@TOOLS@
eval "$T"
printf '\\n%s H %s\\n' "$M" "$(id -u)"
printf '\\n%s H\\n' "$M" >&2
set -- @QUESTIONS@
told=
if timeout --version </dev/null >/dev/null 2>&1; then
bound() { timeout -s KILL "$1" /bin/sh -c "$2" </dev/null; }
take() { exec timeout -s KILL "$(($1 + 1))" head -c "$2"; }
told=$( { EF_MARK=$M timeout -s KILL @SECONDS@ /bin/sh -c "$T"@TOGETHER@ edufleet "$@" </dev/null 4>&3 3>&- 5>&- |
{ timeout -s KILL $((@SECONDS@ + 1)) stdbuf -o0 head -c @SIZE@ >&5 3>&- && [ -z "$(timeout 1 head -c 2 3>&-)" ]; }
} 3>&1 ) || told=
echo
else
W='limit=$1; shift; exec 4<&0
"$@" <&4 4<&- & job=$!
( sleep "$limit"; kill -9 "$job" ) </dev/null >/dev/null 2>&1 3>&- 4<&- 5>&- & dog=$!
wait "$job"; rc=$?; kill "$dog" 2>/dev/null; exit "$rc"'
watch() { /bin/sh -c "$W" watch "$@"; }
bound() { watch "$1" /bin/sh -c "$2" </dev/null; }
take() { watch "$(($1 + 1))" head -c "$2"; }
fi
ask() {
begin "$1"
rc=$( { { bound "$2" "$4" 3>&- 5>&-; echo "$?" >&3; } | take "$2" "$3" >&5 3>&-; } 3>&1 )
end "$1" "$rc"
}
told=" $(echo $told) "
while [ "$#" -gt 0 ]; do
case $told in *" $1 "*) ;; *) ask "$1" "$2" "$3" "$4" ;; esac
shift 4
done
printf '\\n%s Z\\n' "$M"; times
}
{ ef_main 2>&1 >&5 | { PATH=/usr/bin:/bin; head -c @STDERR@; cat >/dev/null; } >&2; } 5>&1
exit 0
"""
"""The script: all questions together; what was not answered within the bounds, one by one, each within its own.

A reader that had to be killed, or had enough, may have swallowed answers: then nothing counts as told. It passes on
what it has at once (stdbuf): a session that is cut keeps what came before. The echo ends a mark it left half-done."""

TOGETHER_SECONDS = 5
"""Bound of the questions asked together: what one that hangs costs once, before it is asked alone."""

STDERR_SIZE = 65_536
"""Bound of all standard error together, in bytes; what goes past it is dropped on the target."""


def compose(collectors: tuple[AnyCollector, ...], mark: str) -> str:
    """Return the script that puts every question in order; ``mark`` is an unguessable word that frames the answers.

    The whole script is one function, so that a connection cut while it is being sent runs none of it.
    """
    questions = " ".join(f"{c.id} {c.seconds} {c.size} {quote(c.question.strip())}" for c in collectors)
    parts = {
        "@MARK@": mark,
        "@SECONDS@": str(TOGETHER_SECONDS),
        "@SIZE@": str(sum(collector.size for collector in collectors)),
        "@STDERR@": str(STDERR_SIZE),
        "@TOOLS@": quote(_TOOLS),
        "@TOGETHER@": quote(_TOGETHER),
        "@QUESTIONS@": questions,
    }
    return re.sub("|".join(parts), lambda found: parts[found[0]], _MAIN)
