#!/bin/sh
# Lays out a container's files and becomes its command; runs as the first process of a new mount and PID namespace,
# inside the network namespace of its task. The host's files are not touched: every mount is private to the container.
# usage: container.sh ROOT VIEW WRITABLE HOSTS RESOLV COMMAND [ARGUMENT...]
#   ROOT      the image's root filesystem, shared by all tasks of the image and never written to
#   VIEW      where the container's own view of it is mounted
#   WRITABLE  directory for what the container writes, or "-" for readonlyRootFilesystem
set -eu
root=$1 view=$2 writable=$3 hosts=$4 resolv=$5
shift 5

if [ "$writable" = - ]; then
  mount --bind "$root" "$view"
else
  mkdir -p "$writable/upper" "$writable/work"
  mount -t overlay overlay -o "lowerdir=$root,upperdir=$writable/upper,workdir=$writable/work" "$view"
fi
mount -t proc -o nosuid,nodev,noexec proc "$view/proc"
mount -t tmpfs -o mode=755,size=64k tmpfs "$view/dev"
for device in null zero full random urandom; do
  : >"$view/dev/$device"
  mount --bind "/dev/$device" "$view/dev/$device"
done
ln -s /proc/self/fd "$view/dev/fd"
ln -s /proc/self/fd/1 "$view/dev/stdout"
ln -s /proc/self/fd/2 "$view/dev/stderr"
mount --bind "$hosts" "$view/etc/hosts"
mount --bind "$resolv" "$view/etc/resolv.conf"
[ "$writable" != - ] || mount -o remount,bind,ro "$view"
exec "$@"
