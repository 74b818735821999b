#!/usr/bin/env bash
# runc 1.1.5: a config.json that names no network namespace runs its container in the network of whoever called `runc run`.
# A later `runc exec` runs its process in the network of whoever calls that, not in the container's: the two see different
# interfaces. One would guess that exec enters everything that the container's first process is in.
# Whoever gives a container its network from outside has to name it by path: a health check that goes elsewhere tells nothing.
# https://github.com/opencontainers/runtime-spec/blob/v1.0.2/config-linux.md#namespaces
# Needs root, for a network namespace of its own.
set -euo pipefail
folder=$(mktemp -d)
trap '"$folder/usr/sbin/runc" --root "$folder/state" delete --force one 2>/dev/null || true; rm -rf "$folder"' EXIT
(
  cd "$folder"
  apt-get download -q runc=1.1.5+ds1-1+deb12u1 busybox-static=1:1.35.0-4+deb12u1+b1 >/dev/null 2>&1
  for package in *.deb; do dpkg-deb --extract "$package" .; done
)
runc=("$folder/usr/sbin/runc" --root "$folder/state")
mkdir -p "$folder/bundle/rootfs/bin" "$folder/bundle/rootfs/proc"
cp "$folder/bin/busybox" "$folder/bundle/rootfs/bin/"
FOLDER=$folder python3 - <<'PYTHON'
import json
import os

config = {
    "ociVersion": "1.0.2",
    "process": {"user": {"uid": 0, "gid": 0}, "args": ["/bin/busybox", "sleep", "60"], "cwd": "/", "env": []},
    "root": {"path": "rootfs", "readonly": True},
    "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
    "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}]},
}
with open(f"{os.environ['FOLDER']}/bundle/config.json", "w") as file:
    json.dump(config, file)
PYTHON
unshare --net -- "${runc[@]}" run --detach --bundle "$folder/bundle" one </dev/null >"$folder/log" 2>&1
first=$(readlink "/proc/$("${runc[@]}" state one | python3 -c 'import json, sys; print(json.load(sys.stdin)["pid"])')/ns/net")
entered=$("${runc[@]}" exec one /bin/busybox readlink /proc/self/ns/net)
here=$(readlink /proc/self/ns/net)
echo "network of the container's first process: $first"
echo "network of what runc exec started:        $entered"
echo "network of whoever called runc exec:      $here"
[ "$first" != "$entered" ] && [ "$entered" = "$here" ]
