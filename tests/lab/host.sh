# One host of the lab: process 1 of its own network, mount, name and process namespaces.
#   sh host.sh NAME DISK NETNS BIN          (called by hosts.py)
# DISK is what outlives a power cut: all that the host writes below /etc, /var/lib and /var/log.
# DISK/hanode.img, if there is one, is a file system of its own at /var/lib/hanode.
set -e
name=$1 disk=$2 netns=$3 bin=$4
if [ "$5" != inside ]; then
    exec nsenter --net="/run/netns/$netns" unshare --mount --uts --ipc --pid --fork --kill-child \
        --mount-proc sh "$0" "$name" "$disk" "$netns" "$bin" inside
fi
mount --make-rprivate /
hostname "$name"
for place in etc var/lib var/log; do
    upper=$disk/$place work=$disk/.work/$place
    mkdir -p "$upper" "$work"
    mount -t overlay "lab-$name" -o "lowerdir=/$place,upperdir=$upper,workdir=$work" "/$place"
done
# It knows itself, and asks no name server of the machine's: none is to be reached from here.
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" > /etc/hosts
: > /etc/resolv.conf
if [ -e "$disk/hanode.img" ]; then
    mkdir -p /var/lib/hanode
    mount -o loop "$disk/hanode.img" /var/lib/hanode
fi
mount -t tmpfs -o mode=755 "lab-$name" /run
mount -t sysfs sysfs /sys
export PATH="$bin:$PATH"
if [ -e /etc/lab-environment ]; then
    . /etc/lab-environment
fi
if [ -e /etc/hanode/hanode.toml ]; then
    setsid hanode run > /var/log/hanode-output.log 2>&1 &
fi
unset LD_PRELOAD
echo up > /run/lab-ready
trap : TERM INT HUP
while :; do sleep 86400 & wait $! || :; done # the shell buries what is orphaned to it
