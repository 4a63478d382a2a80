# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# Boots one lab host and becomes its supervisor. lab/hosts.py runs it inside the host's network namespace and in a mount
# namespace of its own (for sshd also pid, uts and ipc), so every mount below disappears with the last process.
#
# boot.sh sshd|systemd NAME ADDRESS/LENGTH IMAGE DIR CGROUP KEY FLAVOUR-FILE...

set -eu
boot=$1 name=$2 address=$3 image=$4 dir=$5 cgroup=$6 key=$7
shift 7

ip -batch - <<END
link set lo up
link set eth0 addrgenmode none
address add $address dev eth0
link set eth0 up
END

mount -t overlay -o "lowerdir=$image,upperdir=$dir/upper,workdir=$dir/work" overlay "$dir/root"
cd "$dir/root"
echo "$name" >etc/hostname
printf '127.0.0.1 localhost\n%s %s\n' "${address%/*}" "$name" >etc/hosts
install -m 600 "$dir/ssh_host_ed25519_key" etc/ssh/
install -o 1000 -g 1000 -m 600 "$key.pub" home/inspector/.ssh/authorized_keys
for flavour; do
    chroot . /bin/sh -eu <"$flavour"
done

if [ "$boot" = systemd ]; then
    if [ -d /run/systemd/system ]; then
        keep= # systemd-nspawn asks the machine's systemd for a scope of the container's own
    else
        keep=--keep-unit
        mount -t tmpfs tmpfs /run # systemd-nspawn's book-keeping: nothing of it shall outlive the host
        mkdir -p "$cgroup"
        echo 0 >"$cgroup/cgroup.procs" # systemd-nspawn makes the container's cgroups below its own
    fi
    export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network # /proc/sys/net is the host's own
    exec systemd-nspawn --quiet --boot $keep --register=no --machine="$(basename "$cgroup")" --hostname="$name" \
        --network-namespace-path=/proc/self/ns/net --capability=CAP_NET_ADMIN --link-journal=no --resolv-conf=off \
        --timezone=off --console=read-only --directory="$dir/root"
fi

hostname "$name"
mount -t proc -o nosuid,nodev,noexec proc proc
# Kernel settings are the machine's, except those of the network.
mount --bind proc/sys proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mkdir -p dev/pts run/sshd
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
ln -sf pts/ptmx dev/ptmx
mount -t tmpfs -o nosuid,nodev,mode=1777,size=16m shm dev/shm
pivot_root . .
umount -l .
[ ! -x /etc/rc.local ] || /etc/rc.local || :
# The clock, the modules and the devices are the machine's, too.
exec setpriv --bounding-set -sys_time,-sys_module,-sys_rawio,-mknod,-syslog,-sys_boot /usr/sbin/sshd -D -e
