#!/bin/sh
# Takes the region's cgroups away when the region is gone, however it went: the kernel ends processes with their parent, and
# leaves these. Standard input is a pipe that the supervisor holds.
# usage: remove-cgroups.sh NAME
cat >/dev/null
# The last processes may take a moment to die; nobody waits longer than 10 s.
for _ in $(seq 100); do
  left=
  for directory in "/sys/fs/cgroup/$1" /sys/fs/cgroup/*/"$1"; do
    [ -d "$directory" ] || continue
    find "$directory" -depth -type d -exec rmdir {} + 2>/dev/null || left=1
  done
  [ -n "$left" ] || exit 0
  sleep 0.1
done
