# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""awk(1) that reads configuration files where others include them, on the target, by one process.

A program that starts with :data:`AWK` calls ``read(file)`` and gets ``take(line)`` called for each line, in the order
the server itself would read it; ``take`` calls ``follow(pattern, must)`` for what a line includes. What cannot be
read, or has a name that could mean something to a shell, makes the program say so and end with status 1: never half
an answer.
"""

AWK = r"""
function refuse(name) { print "cannot read " name > "/dev/stderr"; bad = 1 }
function safe(name) { return name ~ /^[][A-Za-z0-9_.,:+@%=*?{}\/-]+$/ }
function follow(pattern, must,   command, path, found, count, at) {
gsub(/\/\/+/, "/", pattern)
if (!safe(pattern)) { refuse(pattern); return }
command = "for file in " pattern "; do [ -f \"$file\" ] && echo \"$file\"; done; :"
while ((command | getline path) > 0) found[++count] = path
close(command)
if (must && !count && pattern !~ /[*?[]/) refuse(pattern)
for (at = 1; at <= count; at++) read(found[at])
}
function read(file,   line, got) {
if (!safe(file) || depth > 9) { refuse(file); return }
depth++
files = files " " file
while ((got = (getline line < file)) > 0) { current = file; take(line) }
if (got < 0) refuse(file)
close(file)
depth--
}
function finish(   command, line) {
print "ef_files"
command = "stat -L -c \047%a %U %G %F:%n\047" files " 2>&1"
while ((command | getline line) > 0) print line
close(command)
print "end"
exit bad
}
"""
"""Beside the functions: ``current``, the file at hand; ``files``, the paths so far, whose owners and modes ``finish()``
prints before the last line; ``depth``, how far includes are nested."""
