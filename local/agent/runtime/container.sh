#!/bin/sh
# Lays out a container's files and becomes its command; runs as the first process of a new mount and PID namespace,
# inside the network namespace of its task. The host's files are not touched: every mount is private to the container.
# usage: container.sh ROOT VIEW WRITABLE ACCESS HOSTS RESOLV MOUNTS [KIND SOURCE TARGET OPTIONS]... COMMAND [ARGUMENT...]
#   ROOT      the image's root filesystem, shared by all tasks of the image and never written to
#   VIEW      where the container's own view of it is mounted
#   WRITABLE  directory for what the container writes
#   ACCESS    "ro" for readonlyRootFilesystem, else "rw"
#   MOUNTS    how many mounts follow: KIND is "bind" or "tmpfs", TARGET has no link in it, OPTIONS are those of mount
set -eu
root=$1 view=$2 writable=$3 access=$4 hosts=$5 resolv=$6 mounts=$7
shift 7

if [ "$access" = ro ] && [ "$mounts" -eq 0 ]; then
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
mkdir "$view/dev/shm"
mount -t tmpfs -o mode=1777,nosuid,nodev,noexec,size=64m tmpfs "$view/dev/shm"
ln -s /proc/self/fd "$view/dev/fd"
ln -s /proc/self/fd/1 "$view/dev/stdout"
ln -s /proc/self/fd/2 "$view/dev/stderr"
mount --bind "$hosts" "$view/etc/hosts"
mount --bind "$resolv" "$view/etc/resolv.conf"
while [ "$mounts" -gt 0 ]; do
  mkdir -p "$view$3"
  if [ "$1" = tmpfs ]; then
    mount -t tmpfs -o "$4" tmpfs "$view$3"
  else
    mount --bind "$2" "$view$3"
    mount -o "remount,bind,$4" "$view$3"
  fi
  mounts=$((mounts - 1))
  shift 4
done
[ "$access" != ro ] || mount -o remount,bind,ro "$view"
exec "$@"
