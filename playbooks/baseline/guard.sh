#!/bin/sh
# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# Runs on a host as root, from the directory of one enforcement (/var/backups/edufleet/RUN, closed to others): keeps
# what is about to change, and puts it back - asked to, or by itself when nobody could log in any more.
#
#   guard keep GROUP file|mode|sysctl|unit WHAT...   write down the state of each, once; nothing is changed
#   guard after GROUP sshd|restart:UNIT|augenrules  note what must be done once the group was put back
#   guard seal GROUP                                 write down the state after the change: what undo expects to find
#   guard arm GROUP SECONDS                          put the group back after so long, unless disarmed
#   guard disarm GROUP                               too late when it prints rolled_back
#   guard fire GROUP                                 put the group back now, unless disarmed
#   guard undo                                       put every group back, the last one first, but what changed since
#   guard sshd                                       check the settings of sshd, then make it read them
#
# A group is one rule in one pass. In its directory: manifest (kind, file of the kept state, what; separated by tabs),
# kept/, seal (for each line of the manifest a digest of the state after, or `same`), and outcome, a symbolic link
# because making one either succeeds or fails: of disarming and putting back only the first happens.

set -eu
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
home=$(cd "$(dirname "$0")" && pwd)
tab=$(printf '\t')

# The state of one thing, as text: what seals compare.
state() {
    case $1 in
    file)
        if [ -L "$2" ]; then
            printf 'link %s\n' "$(readlink "$2")"
        elif [ -f "$2" ]; then
            stat -c '%a:%u:%g' "$2"
            sha256sum <"$2"
        elif [ -e "$2" ]; then
            printf 'other\n'
        else
            printf 'absent\n'
        fi
        ;;
    mode) stat -c '%a:%u:%g' "$2" 2>/dev/null || printf 'absent\n' ;;
    sysctl) cat "$2" 2>/dev/null || printf 'absent\n' ;;
    unit) printf '%s %s\n' "$(systemctl is-enabled -- "$2" 2>/dev/null)" "$(systemctl is-active -- "$2" 2>/dev/null)" ;;
    esac
}

# The state of what a line of a manifest is about, now and when it was kept.
now() {
    case $1 in absent) state file "$2" ;; *) state "$1" "$2" ;; esac
}

before() {
    case $2 in
    file) state file "$1/kept/$3" ;;
    absent) echo absent ;;
    *) cat "$1/kept/$3" ;;
    esac
}

keep() {
    kind=$1 what=$2 group=$home/$3
    case $what in *"$tab"* | *'
'*)
        echo "a name with a tab or a line break: $what" >&2
        exit 1
        ;;
    esac
    mkdir -p "$group/kept"
    [ -e "$group/manifest" ] || : >"$group/manifest"
    if cut -f 1,3 "$group/manifest" | grep -qxF -e "$kind$tab$what" -e "absent$tab$what"; then return; fi
    number=$(($(wc -l <"$group/manifest") + 1))
    if [ "$kind" = file ] && { [ -f "$what" ] || [ -L "$what" ]; }; then
        cp -a -- "$what" "$group/kept/$number"
    elif [ "$kind" = file ] && [ -e "$what" ]; then
        echo "neither a file nor a link: $what" >&2
        exit 1
    else
        state "$kind" "$what" >"$group/kept/$number"
        [ "$kind" != file ] || kind=absent
    fi
    printf '%s\t%s\t%s\n' "$kind" "$number" "$what" >>"$group/manifest"
    sync "$group/manifest" 2>/dev/null || sync
}

after() {
    mkdir -p "$home/$1"
    grep -qxF -- "$2" "$home/$1/after" 2>/dev/null || printf '%s\n' "$2" >>"$home/$1/after"
}

seal() {
    # What was put back before the change was complete has to be put back again.
    if [ "$(readlink "$home/$1/outcome" 2>/dev/null)" = rolled_back ]; then
        restore "$1" anyway
        echo 'put back in the middle of the change: more time is needed' >&2
        exit 1
    fi
    [ -e "$home/$1/manifest" ] || return 0
    while IFS=$tab read -r kind number what; do
        now=$(now "$kind" "$what")
        if [ "$now" = "$(before "$home/$1" "$kind" "$number")" ]; then
            printf '%s same\n' "$number"
        else
            printf '%s %s\n' "$number" "$(printf '%s\n' "$now" | sha256sum | cut -c 1-64)"
        fi
    done <"$home/$1/manifest" >"$home/$1/seal.new"
    mv -f "$home/$1/seal.new" "$home/$1/seal"
}

# Whether a line of a sealed manifest is still as the enforcement left it, or back already.
untouched() {
    [ -e "$1/seal" ] || return 0
    now=$(now "$2" "$4")
    [ "$now" != "$(before "$1" "$2" "$3")" ] || return 0
    grep -qx "$3 $(printf '%s\n' "$now" | sha256sum | cut -c 1-64)" "$1/seal"
}

put_back() {
    kept=$1/kept/$3
    case $2 in
    file)
        rm -f -- "$4.edufleet"
        cp -a -- "$kept" "$4.edufleet" && mv -f -- "$4.edufleet" "$4"
        ;;
    absent) rm -f -- "$4" ;;
    mode)
        IFS=: read -r mode user owner_group <"$kept"
        chown -h "$user:$owner_group" -- "$4" && chmod "$mode" -- "$4"
        ;;
    sysctl) cat "$kept" >"$4" ;;
    unit)
        read -r enabled active <"$kept"
        case $enabled in masked*) ;; *) systemctl --quiet unmask -- "$4" ;; esac
        case $enabled in
        enabled) systemctl --quiet enable -- "$4" ;;
        disabled) systemctl --quiet disable -- "$4" ;;
        esac
        case $active in active | activating) systemctl start -- "$4" ;; *) systemctl stop -- "$4" 2>/dev/null || : ;; esac
        case $enabled in masked*) systemctl --quiet mask -- "$4" ;; esac
        ;;
    esac
}

# Put one group back, its last line first; `checked` leaves alone what somebody changed since.
restore() {
    group=$home/$1 trouble=0
    if [ -e "$group/manifest" ]; then
        awk '{ line[NR] = $0 } END { for (n = NR; n > 0; n--) print line[n] }' "$group/manifest" >"$group/backwards"
        while IFS=$tab read -r line_kind number what; do
            if [ "$2" = checked ] && grep -qx "$number same" "$group/seal" 2>/dev/null; then
                continue # not changed by us: whatever it is now is somebody's own affair
            elif [ "$2" = checked ] && ! untouched "$group" "$line_kind" "$number" "$what"; then
                echo "changed since $what"
                trouble=1
            elif put_back "$group" "$line_kind" "$number" "$what"; then
                echo "restored $what"
            else
                echo "failed $what"
                trouble=1
            fi
        done <"$group/backwards"
    fi
    if [ -e "$group/after" ]; then
        while read -r what; do
            case $what in
            sshd) sshd_reads || trouble=1 ;;
            augenrules)
                if pidof auditd >/dev/null && command -v augenrules >/dev/null; then
                    augenrules --load >/dev/null || trouble=1
                fi
                ;;
            restart:*) systemctl try-restart -- "${what#restart:}" || trouble=1 ;;
            esac
        done <"$group/after"
    fi
    return "$trouble"
}

sshd_reads() {
    [ -d /run/sshd ] || mkdir -m 0755 /run/sshd
    sshd -t || return
    if [ -d /run/systemd/system ]; then
        for unit in ssh.service sshd.service; do
            if systemctl --quiet is-active "$unit"; then
                systemctl reload "$unit"
                return
            fi
        done # none: each connection starts one
    elif [ -r /run/sshd.pid ]; then
        kill -HUP "$(cat /run/sshd.pid)"
    fi
}

timer() {
    printf 'edufleet-rollback-%s' "$(basename "$home")-$1" | tr -c 'A-Za-z0-9._-' _
}

arm() {
    mkdir -p "$home/$1"
    if [ -d /run/systemd/system ]; then
        systemd-run --quiet --collect --unit="$(timer "$1")" --on-active="$2" --timer-property=AccuracySec=500ms \
            /bin/sh "$home/guard" fire "$1"
        systemctl --quiet is-active "$(timer "$1").timer"
    else
        setsid sh -c 'trap "" HUP; exec >/dev/null 2>&1 </dev/null; sleep "$2"; exec /bin/sh "$0" fire "$1"' \
            "$home/guard" "$1" "$2" >/dev/null 2>&1 </dev/null &
        echo "$!" >"$home/$1/sleeper"
        kill -0 "$!"
    fi
}

disarm() {
    if ln -s disarmed "$home/$1/outcome" 2>/dev/null; then
        if [ -d /run/systemd/system ]; then
            systemctl --quiet stop "$(timer "$1").timer" 2>/dev/null || :
        elif [ -r "$home/$1/sleeper" ]; then
            kill -- "-$(cat "$home/$1/sleeper")" 2>/dev/null || kill "$(cat "$home/$1/sleeper")" 2>/dev/null || :
        fi
    fi
    readlink "$home/$1/outcome"
}

fire() {
    ln -s rolled_back "$home/$1/outcome" 2>/dev/null || {
        readlink "$home/$1/outcome"
        return
    }
    restore "$1" anyway >"$home/$1/rollback.log" 2>&1 || :
    cat "$home/$1/rollback.log"
    echo rolled_back
}

undo() {
    left=0
    for one in $(cd "$home" && find . -mindepth 1 -maxdepth 1 -type d | cut -c 3- | sort -r); do
        if [ "$(readlink "$home/$one/outcome" 2>/dev/null)" = rolled_back ] || [ -e "$home/$one/undone" ]; then
            continue
        fi
        disarm "$one" >/dev/null
        if restore "$one" checked; then : >"$home/$one/undone"; else left=1; fi
    done
    return "$left"
}

do=$1
shift
case $do in
keep)
    keep_group=$1 keep_kind=$2
    shift 2
    for one; do keep "$keep_kind" "$one" "$keep_group"; done
    ;;
after) after "$1" "$2" ;;
seal) seal "$1" ;;
arm) arm "$1" "$2" ;;
disarm) disarm "$1" ;;
fire) fire "$1" ;;
undo) undo ;;
sshd) sshd_reads ;;
*)
    echo "guard: no such command: $do" >&2
    exit 2
    ;;
esac
